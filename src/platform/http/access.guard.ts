import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import { ROLES } from './access.js';
import { Origins } from './origins.js';
import { Authenticator, type Role } from './principal.js';

/** Finds out who asks, refuses changes that another site asks for in their name, and keeps to the route's roles. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly origins: Origins,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const roles = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES, [
      context.getHandler(),
      context.getClass(),
    ]);
    // a signature or a token of their own says who speaks; and health answers while nobody can be looked up
    if (/^\/(webhooks|health|metrics)\b/.test(request.url)) return true;
    const principal = await this.authenticator.principalOf(request);
    request.principal = principal;
    this.origins.check(request, principal);
    if (roles === undefined) return true;
    if (principal === null) throw new DomainError('auth.required');
    if (!roles.includes(principal.role)) throw new DomainError('auth.forbidden');
    return true;
  }
}
