import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Config, CONFIG } from '../config/config.js';
import { DomainError } from '../errors.js';
import { Secrets } from './secrets.js';
import type { Principal } from './principal.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Protection against requests that another site makes in a person's name. */
@Injectable()
export class CsrfProtection {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly secrets: Secrets,
  ) {}

  /**
   * Lets reads, bearer requests and same-origin requests pass. A client that names no Origin passes
   * when no cookie speaks for it, or when its form carries the session's token (field `_csrf`).
   * Errors: `auth.foreign_origin`.
   */
  check(request: FastifyRequest, principal: Principal | null): void {
    if (safeMethods.has(request.method) || request.headers.authorization !== undefined) return;
    const { origin } = request.headers;
    if (origin !== undefined) {
      if (this.isOwnOrigin(origin, request)) return;
      // frontends elsewhere sign in without a cookie; where one speaks for the request, they may
      // not
      if (principal === null && this.config.corsOrigins.includes(origin)) return;
    } else if (principal === null || this.hasValidToken(request, principal)) return;
    throw new DomainError('auth.foreign_origin', {
      detail: `Send this from ${new URL(this.config.baseUrl).origin}, or with a bearer token.`,
    });
  }

  /** The token for the forms of one session. */
  csrfToken(principal: Principal): string {
    return this.secrets.hash('form', principal.sessionId).toString('base64url');
  }

  private isOwnOrigin(origin: string, request: FastifyRequest): boolean {
    return (
      origin === new URL(this.config.baseUrl).origin || origin === `${request.protocol}://${request.host}`
    );
  }

  private hasValidToken(request: FastifyRequest, principal: Principal): boolean {
    const body = request.body as { _csrf?: unknown } | null | undefined;
    const token = typeof body === 'object' && body !== null ? body._csrf : undefined;
    return (
      typeof token === 'string' &&
      this.secrets.matches('form', principal.sessionId, Buffer.from(token, 'base64url'))
    );
  }
}
