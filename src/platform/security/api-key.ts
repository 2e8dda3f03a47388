import type { FastifyRequest } from 'fastify';
import type { Actor } from '../audit-log.js';

/** What an API key may be allowed to do. */
export const scopes = [
  'people:read',
  'people:write',
  'access:read',
  'credit:write',
  'payments:write',
  'events:read',
  'webhooks:manage',
] as const;
/** One of {@link scopes}. */
export type Scope = (typeof scopes)[number];

/** The name of a key as it is stored, or null: 1 to 100 characters on one line. */
export function parseKeyName(text: string): string | null {
  const name = text.trim();
  return name !== '' && name.length <= 100 && !/\p{Cc}/u.test(name) ? name : null;
}

/** How an API key begins. */
export const apiKeyPrefix = 'tfk_';

/** The API key that makes a request. It is no person, and has neither a session nor a role. */
export interface ApiKeyPrincipal {
  keyId: string;
  name: string;
  scopes: readonly Scope[];
  origins: readonly string[];
  requestsPerMinute: number;
}

/** Who acts, for the audit log. */
export function keyActor({ keyId }: ApiKeyPrincipal): Actor {
  return { kind: 'api_key', id: keyId };
}

/** What is left of a key's requests, for the RateLimit fields. */
export interface RequestAllowance {
  isAllowed: boolean;
  limit: number;
  remaining: number;
  /** Until the minute that counts is over. */
  resetsInMs: number;
}

/** Finds out which API key makes a request. Declared here, implemented by auth. */
export abstract class ApiKeyAuthenticator {
  /** The key; null for a request without one. Errors: `auth.key_refused` for an invalid one. */
  abstract authenticate(request: FastifyRequest): Promise<ApiKeyPrincipal | null>;
  /** Counts one request of the key. */
  abstract countRequest(key: ApiKeyPrincipal): Promise<RequestAllowance>;
}

/** Whether a request carries an API key, valid or not. */
export function carriesApiKey({ headers: { authorization } }: FastifyRequest): boolean {
  return authorization !== undefined && /^Bearer +tfk_/i.test(authorization);
}
