import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup, RowLoader } from '../../platform/database/row-loader.js';
import { enqueueWrite, type Tx } from '../../platform/database/tx.js';
import { addMs, dayMs, hourMs } from '../../platform/durations.js';
import type { EmailAddress } from '../../platform/email-address.js';
import type { Role } from '../../platform/security/principal.js';
import { newId } from '../../platform/ids.js';
import { Log } from '../../platform/observability/logging/log.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { ClientInfo } from '../sign-in/requester.js';
import { KnownDevices } from './known-devices.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';

const idleTimeoutMs = 30 * dayMs;
/** However much it is used, a session ends when its cookie would: browsers keep none for longer. */
const maxSessionMs = 400 * dayMs;

/** A session that was just opened. The token is shown this once; only its keyed hash is kept. */
export interface OpenedSession {
  sessionId: string;
  token: string;
  expiresAt: Date;
}

/** A live session and whose it is. */
export interface ActiveSession {
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

const activeSessionByHash = lateralLookup(
  'text',
  `SELECT s.id AS "sessionId", s.user_id AS "userId", u.email, u.display_name AS "displayName", u.locale, u.time_zone AS "timeZone", u.role,
     s.created_at AS "signedInAt", s.seen_at AS "seenAt"
   FROM auth.session s JOIN auth."user" u ON u.id = s.user_id
   WHERE s.token_hash = decode(asked.key, 'hex') AND s.expires_at > $2 AND u.erased_at IS NULL`,
);

/** The devices that are signed in. A session ends 30 days after it was last seen. */
@Injectable()
export class SessionService {
  private readonly activeSessions = new RowLoader((hashes) => this.loadActive(hashes));

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly knownDevices: KnownDevices,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Opens a session for `userId`, and ends the one that this browser had. What the browser says it is is kept to distinguish devices
   * apart; an unknown one is reported, unless the user was just created.
   */
  async open(
    tx: Tx,
    { userId, isNew }: { userId: string; isNew: boolean },
    { userAgent, device, previousToken = null }: ClientInfo,
  ): Promise<OpenedSession> {
    const sessionId = newId(this.clock);
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const expiresAt = addMs(now, idleTimeoutMs);
    enqueueWrite(
      tx,
      `INSERT INTO auth.session (id, user_id, token_hash, user_agent, created_at, seen_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $5, $6)`,
      [
        sessionId,
        userId,
        this.secrets.hash('session', token),
        removeControlCharacters(userAgent),
        now,
        expiresAt,
      ],
    );
    if (previousToken !== null)
      enqueueWrite(tx, `DELETE FROM auth.session WHERE token_hash = ANY($1)`, [
        this.secrets.hashes('session', previousToken),
      ]);
    await this.knownDevices.recordSignIn(tx, { userId, isNew, sessionId, device });
    this.log.infoAfterCommit(tx, 'auth.signed_in', { userId, sessionId, created: isNew });
    return { sessionId, token, expiresAt };
  }

  /** What the browser of a session said it is; null once the session has ended. */
  async findUserAgent(sessionId: string): Promise<string | null> {
    const rows = await this.database.query<{ user_agent: string }>(
      `SELECT user_agent FROM auth.session WHERE id = $1`,
      [sessionId],
    );
    return rows[0]?.user_agent ?? null;
  }

  /** The live session of a token, or null. One look into a unique index, whatever the token looks like. */
  async findByToken(token: string): Promise<ActiveSession | null> {
    const hashes = this.secrets.hashes('session', token).map((hash) => hash.toString('hex'));
    const found = await Promise.all(hashes.map((hash) => this.activeSessions.load(hash)));
    return found.find((session) => session !== null) ?? null;
  }

  private async loadActive(hashes: string[]): Promise<Map<string, ActiveSession>> {
    const rows = await this.database.lookups.query<ActiveSession & { askedFor: string }>(
      activeSessionByHash,
      [JSON.stringify(hashes), this.clock.now()],
    );
    return new Map(rows.map(({ askedFor, ...session }) => [askedFor, session]));
  }

  /** Lets a session live on from now. Written once an hour at most, so that reading stays reading. */
  async extend(session: ActiveSession): Promise<void> {
    const now = this.clock.now();
    const anHourAgo = addMs(now, -hourMs);
    if (session.seenAt > anHourAgo) return;
    await this.database.transaction((tx) =>
      tx.query(`UPDATE auth.session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at <= $4`, [
        session.sessionId,
        now,
        new Date(
          Math.min(addMs(now, idleTimeoutMs).getTime(), addMs(session.signedInAt, maxSessionMs).getTime()),
        ),
        anHourAgo,
      ]),
    );
  }

  /** Ends one session of `userId`; false when it is not theirs, or has ended. */
  async revoke(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
    const [, ended]: [unknown[], number] = await tx.query(
      `DELETE FROM auth.session WHERE id = $1 AND user_id = $2`,
      [sessionId, userId],
    );
    return ended === 1;
  }

  /** Ends all sessions of `userId`, but not `exceptId`. */
  async revokeAll(tx: Tx, userId: string, exceptSessionId: string | null = null): Promise<void> {
    await tx.query(`DELETE FROM auth.session WHERE user_id = $1 AND id IS DISTINCT FROM $2`, [
      userId,
      exceptSessionId,
    ]);
  }
}

function removeControlCharacters(userAgent: string): string {
  return userAgent.replaceAll(/\p{C}/gu, '').slice(0, 200);
}

/** Signs others out: for staff, when a device or a mailbox was lost. */
@Injectable()
export class StaffSignOut {
  constructor(
    private readonly sessionService: SessionService,
    private readonly auditLog: AuditLog,
  ) {}

  /** Ends every session of `userId`. Idempotent: those that were opened since. */
  async revokeAll(tx: Tx, userId: string, by: Actor): Promise<void> {
    await this.sessionService.revokeAll(tx, userId);
    this.auditLog.record(tx, { action: 'auth.signed_out_by_staff', actor: by, subjectId: userId });
  }
}
