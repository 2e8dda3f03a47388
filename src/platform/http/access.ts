import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import type { Principal, Role } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; undefined until asked for, null for a stranger. */
    principal?: Principal | null;
  }
}

export const ROLES = Symbol('roles');
const everyRole: Role[] = ['user', 'support', 'admin'];

/** Only for people who are signed in, whatever their role. Errors: `auth.required`. */
export const SignedIn = () => SetMetadata(ROLES, everyRole);

/** Only for people with one of `roles`. Errors: `auth.required`, `auth.forbidden`. */
export const OnlyFor = (...roles: Role[]) => SetMetadata(ROLES, roles);

/** The signed-in person of a {@link SignedIn} route. */
export const Me = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) throw new DomainError('auth.required');
  return principal;
});

/** The signed-in person of an open route, or null for a stranger. */
export const Visitor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal | null =>
    context.switchToHttp().getRequest<FastifyRequest>().principal ?? null,
);
