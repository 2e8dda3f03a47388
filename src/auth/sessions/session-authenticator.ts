import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Authenticator, type Principal } from '../../platform/security/principal.js';
import { Cookies } from './cookies.js';
import { SessionService } from './session.service.js';

/** Finds out who makes a request, by the bearer token or the session cookie. */
@Injectable()
export class SessionAuthenticator extends Authenticator {
  constructor(
    private readonly cookies: Cookies,
    private readonly sessionService: SessionService,
  ) {
    super();
  }

  async authenticate(request: FastifyRequest): Promise<Principal | null> {
    const { authorization } = request.headers;
    // Any Authorization header switches the cookie off: such requests are spared the check of their Origin.
    const via = authorization === undefined ? 'cookie' : 'bearer';
    const token =
      authorization === undefined ? this.cookies.get(request, 'tf_session') : bearerToken(authorization);
    if (token === null) return null;
    const session = await this.sessionService.findByToken(token);
    if (session === null) return null;
    await this.sessionService.extend(session);
    const { userId, sessionId, email, displayName, role, locale, timeZone, signedInAt } = session;
    return { userId, sessionId, email, displayName, role, locale, timeZone, signedInAt, via };
  }
}

function bearerToken(header: string): string | null {
  return /^Bearer +([\w-]{1,200})$/i.exec(header)?.[1] ?? null;
}
