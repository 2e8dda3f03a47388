import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import type { ApiKeyPrincipal, Scope } from './api-key.js';
import type { TokenPerson } from './person-token.js';
import type { Principal, Role } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; undefined until asked for, null for an anonymous visitor. */
    principal?: Principal | null;
    /** Set by the guard on routes with {@link Scopes}. */
    apiKey?: ApiKeyPrincipal;
    /** Set by the guard for a request with a person token. */
    tokenPerson?: TokenPerson;
  }
}

export const ROLES_METADATA = Symbol('roles');
export const SCOPES_METADATA = Symbol('scopes');
export const PROOF_AGE_METADATA = Symbol('proof age');
export const BEFORE_SECOND_FACTOR_METADATA = Symbol('before the second factor');
const allRoles: Role[] = ['user', 'support', 'admin'];

/** Only for people who are signed in, whatever their role. Errors: `auth.required`. */
export const Authenticated = () => SetMetadata(ROLES_METADATA, allRoles);

/** Only for people with one of `roles`. Errors: `auth.required`, `auth.forbidden`. */
export const Roles = (...roles: Role[]) => SetMetadata(ROLES_METADATA, roles);

/**
 * Only for API keys that have one of `scopes`; no session opens such a route. Errors:
 * `auth.required`, `auth.key_refused`, `auth.scope_missing`, `auth.too_many`.
 */
export const Scopes = (...scopes: Scope[]) => SetMetadata(SCOPES_METADATA, scopes);

/**
 * Only within `minutes` of the newest proof of who it is: the second factor, or the emailed code of
 * who has none; null: as long as for what only admins may do. Errors: `auth.step_up`.
 */
export const RecentProof = (minutes: number | null = null) => SetMetadata(PROOF_AGE_METADATA, minutes);

/**
 * Also for sessions that have not proven their second factor yet; all others are closed to them.
 */
export const BeforeSecondFactor = () => SetMetadata(BEFORE_SECOND_FACTOR_METADATA, true);

/** The API key of a {@link Scopes} route. */
export const CurrentKey = createParamDecorator((_: unknown, context: ExecutionContext): ApiKeyPrincipal => {
  const { apiKey } = context.switchToHttp().getRequest<FastifyRequest>();
  if (apiKey === undefined) throw new DomainError('auth.required');
  return apiKey;
});

/** The signed-in person of a {@link Authenticated} route. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) throw new DomainError('auth.required');
  return principal;
});

/** Who a route is about that person tokens open, too. `keyId`: the key that made the token. */
export const CurrentPerson = createParamDecorator(
  (_: unknown, context: ExecutionContext): { userId: string; keyId?: string } => {
    const { principal, tokenPerson } = context.switchToHttp().getRequest<FastifyRequest>();
    const person = principal ?? tokenPerson;
    if (person === undefined) throw new DomainError('auth.required');
    return person;
  },
);

/** The signed-in person of an open route, or null for an anonymous visitor. */
export const OptionalUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal | null =>
    context.switchToHttp().getRequest<FastifyRequest>().principal ?? null,
);
