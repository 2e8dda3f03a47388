import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { forEachKey } from '../platform/database/for-each-key.js';
import { Gathered } from '../platform/database/gathered.js';
import { send } from '../platform/database/sent.js';
import type { Tx } from '../platform/database/tx.js';
import { after, dayMs, hourMs } from '../platform/durations.js';
import type { EmailAddress } from '../platform/email-address.js';
import type { Role } from '../platform/http/principal.js';
import { newId } from '../platform/ids.js';
import { Log } from '../platform/log.js';
import { Secrets } from '../platform/secrets.js';
import type { Client } from './client.js';
import { KnownDevices } from './known-devices.js';

const sessionLifeMs = 30 * dayMs;
/** However much it is used, a session ends when its cookie would: browsers keep none for longer. */
const longestSessionMs = 400 * dayMs;

/** A session that was just opened. The token is shown this once; only its keyed hash is kept. */
export interface OpenedSession {
  sessionId: string;
  token: string;
  expiresAt: Date;
}

/** A live session and whose it is. */
export interface LiveSession {
  sessionId: string;
  userId: string;
  email: EmailAddress;
  displayName: string | null;
  locale: string;
  timeZone: string;
  role: Role;
  signedInAt: Date;
  seenAt: Date;
}

const liveByHash = forEachKey(
  'text',
  `SELECT s.id AS "sessionId", s.user_id AS "userId", u.email, u.display_name AS "displayName", u.locale, u.time_zone AS "timeZone", u.role,
     s.created_at AS "signedInAt", s.seen_at AS "seenAt"
   FROM auth.session s JOIN auth."user" u ON u.id = s.user_id
   WHERE s.token_hash = decode(asked.key, 'hex') AND s.expires_at > $2 AND u.erased_at IS NULL`,
);

/** The devices that are signed in. A session ends 30 days after it was last seen. */
@Injectable()
export class Sessions {
  private readonly live = new Gathered((hashes) => this.liveAmong(hashes));

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly devices: KnownDevices,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Opens a session for `userId`, and ends the one that this browser had. What the browser says it is is kept to tell devices
   * apart; a strange one is told of, unless the user was made just now.
   */
  async open(
    tx: Tx,
    { userId, isNew }: { userId: string; isNew: boolean },
    { userAgent, device, replaces = null }: Client,
  ): Promise<OpenedSession> {
    const sessionId = newId(this.clock);
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const expiresAt = after(now, sessionLifeMs);
    send(
      tx,
      `INSERT INTO auth.session (id, user_id, token_hash, user_agent, created_at, seen_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $5, $6)`,
      [sessionId, userId, this.secrets.hash('session', token), printable(userAgent), now, expiresAt],
    );
    if (replaces !== null)
      send(tx, `DELETE FROM auth.session WHERE token_hash = ANY($1)`, [
        this.secrets.hashes('session', replaces),
      ]);
    await this.devices.meet(tx, { userId, isNew, sessionId, device });
    this.log.event(tx, 'auth.signed_in', { userId, sessionId, created: isNew });
    return { sessionId, token, expiresAt };
  }

  /** What the browser of a session said it is; null once the session has ended. */
  async userAgentOf(sessionId: string): Promise<string | null> {
    const rows = await this.database.query<{ user_agent: string }>(
      `SELECT user_agent FROM auth.session WHERE id = $1`,
      [sessionId],
    );
    return rows[0]?.user_agent ?? null;
  }

  /** The live session of a token, or null. One look into a unique index, whatever the token looks like. */
  async find(token: string): Promise<LiveSession | null> {
    const hashes = this.secrets.hashes('session', token).map((hash) => hash.toString('hex'));
    const found = await Promise.all(hashes.map((hash) => this.live.find(hash)));
    return found.find((session) => session !== null) ?? null;
  }

  private async liveAmong(hashes: string[]): Promise<Map<string, LiveSession>> {
    const rows = await this.database.lookUps.query<LiveSession & { askedFor: string }>(liveByHash, [
      JSON.stringify(hashes),
      this.clock.now(),
    ]);
    return new Map(rows.map(({ askedFor, ...session }) => [askedFor, session]));
  }

  /** Lets a session live on from now. Written once an hour at most, so that reading stays reading. */
  async touch(session: LiveSession): Promise<void> {
    const now = this.clock.now();
    const anHourAgo = after(now, -hourMs);
    if (session.seenAt > anHourAgo) return;
    await this.database.transaction((tx) =>
      tx.query(`UPDATE auth.session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at <= $4`, [
        session.sessionId,
        now,
        new Date(
          Math.min(
            after(now, sessionLifeMs).getTime(),
            after(session.signedInAt, longestSessionMs).getTime(),
          ),
        ),
        anHourAgo,
      ]),
    );
  }

  /** Ends one session of `userId`; false when it is not theirs, or has ended. */
  async end(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
    const [, ended]: [unknown[], number] = await tx.query(
      `DELETE FROM auth.session WHERE id = $1 AND user_id = $2`,
      [sessionId, userId],
    );
    return ended === 1;
  }

  /** Ends all sessions of `userId`, but not `exceptId`. */
  async endAll(tx: Tx, userId: string, exceptId: string | null = null): Promise<void> {
    await tx.query(`DELETE FROM auth.session WHERE user_id = $1 AND id IS DISTINCT FROM $2`, [
      userId,
      exceptId,
    ]);
  }
}

function printable(userAgent: string): string {
  return userAgent.replaceAll(/\p{C}/gu, '').slice(0, 200);
}
