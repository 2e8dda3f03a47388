import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Authenticator, type Principal } from '../platform/http/principal.js';
import { Cookies } from './cookies.js';
import { Sessions } from './sessions.js';

/** Tells who makes a request, by the bearer token or the session cookie. */
@Injectable()
export class SessionAuthenticator extends Authenticator {
  constructor(
    private readonly cookies: Cookies,
    private readonly sessions: Sessions,
  ) {
    super();
  }

  async principalOf(request: FastifyRequest): Promise<Principal | null> {
    const { authorization } = request.headers;
    // Any Authorization header switches the cookie off: such requests are spared the check of their Origin.
    const via = authorization === undefined ? 'cookie' : 'bearer';
    const token =
      authorization === undefined ? this.cookies.get(request, 'tf_session') : bearerToken(authorization);
    if (token === null) return null;
    const session = await this.sessions.find(token);
    if (session === null) return null;
    await this.sessions.touch(session);
    const { userId, sessionId, email, displayName, role, locale, timeZone, signedInAt } = session;
    return { userId, sessionId, email, displayName, role, locale, timeZone, signedInAt, via };
  }
}

function bearerToken(header: string): string | null {
  return /^Bearer +([\w-]{1,200})$/i.exec(header)?.[1] ?? null;
}
