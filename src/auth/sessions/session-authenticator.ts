import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import { addMs, dayMs, hourMs } from '../../platform/durations.js';
import { Authenticator, type Principal } from '../../platform/security/principal.js';
import { Secrets } from '../../platform/security/secrets.js';
import { Cookies } from './cookies.js';
import { idleTimeoutMs } from './session.service.js';
import { SessionsRepository, type ActiveSession } from './sessions.repository.js';

/** However much it is used, a session ends when its cookie would: browsers keep none for longer. */
const maxSessionMs = 400 * dayMs;

/** Finds out who makes a request, by the bearer token or the session cookie. */
@Injectable()
export class SessionAuthenticator extends Authenticator {
  private readonly activeSessions = new RowLoader((hashes) => this.sessions.findActive(hashes));

  constructor(
    private readonly cookies: Cookies,
    private readonly sessions: SessionsRepository,
    private readonly secrets: Secrets,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async authenticate(request: FastifyRequest): Promise<Principal | null> {
    const { authorization } = request.headers;
    // Any Authorization header switches the cookie off: such requests are spared the check of their
    // Origin.
    const via = authorization === undefined ? 'cookie' : 'bearer';
    const token =
      authorization === undefined ? this.cookies.get(request, 'tf_session') : bearerToken(authorization);
    if (token === null) return null;
    const session = await this.findByToken(token);
    if (session === null) return null;
    await this.extend(session);
    const { userId, sessionId, email, displayName, role, createdAt, locale, timeZone } = session;
    const { signedInAt, provesEmail, hasSecondFactor, secondFactorAt } = session;
    const profile = { userId, sessionId, email, displayName, role, createdAt, locale, timeZone };
    return { ...profile, signedInAt, provesEmail, hasSecondFactor, secondFactorAt, via };
  }

  /** The live session of a token, whatever the token looks like, or null. */
  private async findByToken(token: string): Promise<ActiveSession | null> {
    const hashes = this.secrets.hashesInHex('session', token);
    const found = await Promise.all(hashes.map((hash) => this.activeSessions.load(hash)));
    return found.find((session) => session !== null) ?? null;
  }

  /**
   * Lets a session live on from now. Written once an hour at most, so that reading stays reading.
   */
  private async extend({ sessionId, signedInAt, seenAt }: ActiveSession): Promise<void> {
    const now = this.clock.now();
    const anHourAgo = addMs(now, -hourMs);
    if (seenAt > anHourAgo) return;
    const expiresAt = new Date(
      Math.min(addMs(now, idleTimeoutMs).getTime(), addMs(signedInAt, maxSessionMs).getTime()),
    );
    await this.database.transaction((tx) =>
      this.sessions.extend(tx, sessionId, { seenAt: now, expiresAt, seenBefore: anHourAgo }),
    );
  }
}

function bearerToken(header: string): string | null {
  return /^Bearer +([\w-]{1,200})$/i.exec(header)?.[1] ?? null;
}
