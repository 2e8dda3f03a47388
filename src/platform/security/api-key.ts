import type { Actor } from '../audit-log.js';

/** What an API key may be allowed to do. */
const scopes = [
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
