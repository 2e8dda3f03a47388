import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import { lateralList, lateralLookup, ListLoader } from '../../platform/database/row-loader.js';
import { enqueueWrite, type Tx } from '../../platform/database/tx.js';
import type { EmailAddress } from '../../platform/email-address.js';
import type { UserEntity } from '../users/user.entity.js';
import { SessionEntity } from './session.entity.js';

/** A live session and whose it is. */
export interface ActiveSession extends Pick<
  UserEntity,
  'displayName' | 'locale' | 'timeZone' | 'role' | 'createdAt'
> {
  sessionId: string;
  userId: string;
  email: EmailAddress;
  signedInAt: Date;
  provesEmail: boolean;
  hasSecondFactor: boolean;
  secondFactorAt: Date | null;
  seenAt: Date;
}

/** A live session as its owner sees it. */
export interface SessionRow {
  id: string;
  user_agent: string;
  created_at: Date;
  seen_at: Date;
  expires_at: Date;
}

/** A session to open. It was seen when it was created. */
export type NewSession = Omit<SessionEntity, 'seenAt' | 'secondFactorAt'>;

const activeSessionByHash = lateralLookup(
  'text',
  `SELECT s.id AS "sessionId", s.user_id AS "userId", u.email, u.display_name AS "displayName", u.locale, u.time_zone AS "timeZone", u.role,
     u.created_at AS "createdAt", s.created_at AS "signedInAt", s.seen_at AS "seenAt", s.proves_email AS "provesEmail",
     u.has_second_factor AS "hasSecondFactor", s.second_factor_at AS "secondFactorAt"
   FROM auth.session s CROSS JOIN LATERAL (SELECT * FROM auth."user" WHERE id = s.user_id AND erased_at IS NULL LIMIT 1) u
   WHERE s.token_hash = decode(asked.key, 'hex') AND s.expires_at > $2
     AND (s.proves_email OR u.role = 'user')`,
);

/** The newest live sessions of a user, as many as one page shows. */
const newestSessionsByUser = lateralList(
  'uuid',
  `SELECT id, user_agent, created_at, seen_at, expires_at FROM auth.session
   WHERE user_id = asked.key AND expires_at > $2 ORDER BY id DESC LIMIT 100`,
);

/** The devices that are signed in, and those from which people have signed in before. */
@Injectable()
export class SessionsRepository {
  private readonly newestLoader = new ListLoader<SessionRow>(
    () => this.database.lookups,
    newestSessionsByUser,
    () => [this.clock.now()],
  );

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The live sessions of these token hashes (in hex), by hash. One look into a unique index for
   * each. Staff have none that proves no address.
   */
  async findActive(tokenHashes: string[]): Promise<Map<string, ActiveSession>> {
    const rows = await this.database.lookups.query<ActiveSession & { askedFor: string }>(
      activeSessionByHash,
      [JSON.stringify(tokenHashes), this.clock.now()],
    );
    return new Map(rows.map((row) => [row.askedFor, row]));
  }

  /** At most `limit` live sessions of `userId` before `beforeId`, newest first. */
  findPage(
    userId: string,
    { beforeId, limit }: { beforeId: string | null; limit: number },
  ): Promise<SessionRow[]> {
    return this.database.lookups.query<SessionRow>(
      `SELECT id, user_agent, created_at, seen_at, expires_at FROM auth.session
       WHERE user_id = $1 AND expires_at > $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [userId, this.clock.now(), beforeId, limit],
    );
  }

  /** The newest hundred live sessions of `userId`, newest first. */
  findNewest(userId: string): Promise<SessionRow[]> {
    return this.newestLoader.load(userId);
  }

  /** What the browser of a session said it is; null once the session has ended. */
  async findUserAgent(sessionId: string): Promise<string | null> {
    const rows = await this.database.query<{ user_agent: string }>(
      `SELECT user_agent FROM auth.session WHERE id = $1`,
      [sessionId],
    );
    return rows[0]?.user_agent ?? null;
  }

  /** Whether a session was opened at `time` or later, by a code that was emailed. */
  async wasOpenedByCodeSince(sessionId: string, time: Date): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM auth.session WHERE id = $1 AND created_at >= $2 AND proves_email`,
      [sessionId, time],
    );
    return rows.length === 1;
  }

  /** Sends the write without waiting for it. */
  insert(tx: Tx, { id, userId, tokenHash, userAgent, createdAt, expiresAt, provesEmail }: NewSession): void {
    enqueueWrite(
      tx,
      `INSERT INTO auth.session (id, user_id, token_hash, user_agent, created_at, seen_at, expires_at, proves_email)
       VALUES ($1, $2, $3, $4, $5, $5, $6, $7)`,
      [id, userId, tokenHash, userAgent, createdAt, expiresAt, provesEmail],
    );
  }

  /** Ends the session of a token. Sends the write without waiting for it. */
  deleteByTokenHashes(tx: Tx, tokenHashes: Buffer[]): void {
    enqueueWrite(tx, `DELETE FROM auth.session WHERE token_hash = ANY($1)`, [tokenHashes]);
  }

  /**
   * Notes that a second factor was proven in a session, which has another token from now on.
   * Answers when it ends; null when it has ended.
   */
  async recordSecondFactor(
    tx: Tx,
    sessionId: string,
    { tokenHash, at }: { tokenHash: Buffer; at: Date },
  ): Promise<Date | null> {
    const [rows]: [{ expires_at: Date }[], number] = await tx.query(
      `UPDATE auth.session SET token_hash = $2, second_factor_at = $3 WHERE id = $1 AND expires_at > $3
       RETURNING expires_at`,
      [sessionId, tokenHash, at],
    );
    return rows[0]?.expires_at ?? null;
  }

  /** Moves the end of a session that was not seen after `seenBefore`. */
  async extend(
    tx: Tx,
    sessionId: string,
    { seenAt, expiresAt, seenBefore }: { seenAt: Date; expiresAt: Date; seenBefore: Date },
  ): Promise<void> {
    await tx.query(`UPDATE auth.session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at <= $4`, [
      sessionId,
      seenAt,
      expiresAt,
      seenBefore,
    ]);
  }

  /** Ends one session of `userId`; false when it is not theirs, or has ended. */
  async revoke(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
    const { affected } = await tx.delete(SessionEntity, { id: sessionId, userId });
    return affected === 1;
  }

  /** Ends all sessions of `userId`, but not `exceptSessionId`. */
  async revokeAll(tx: Tx, userId: string, exceptSessionId: string | null = null): Promise<void> {
    const others = exceptSessionId === null ? {} : { id: Not(exceptSessionId) };
    await tx.delete(SessionEntity, { userId, ...others });
  }

  /**
   * For each device that `userId` has signed in from, whether it is the one with these keyed
   * hashes.
   */
  findKnownDevices(tx: Tx, userId: string, deviceHashes: Buffer[]): Promise<{ is_this: boolean }[]> {
    return tx.query(`SELECT device_hash = ANY($2) AS is_this FROM auth.known_device WHERE user_id = $1`, [
      userId,
      deviceHashes,
    ]);
  }

  /** Records a sign-in from a device. Sends the write without waiting for it. */
  recordDevice(tx: Tx, userId: string, deviceHash: Buffer | undefined, at: Date): void {
    enqueueWrite(
      tx,
      `INSERT INTO auth.known_device (user_id, device_hash, last_sign_in_at) VALUES ($1, $2, $3)
       ON CONFLICT (user_id, device_hash) DO UPDATE SET last_sign_in_at = excluded.last_sign_in_at`,
      [userId, deviceHash, at],
    );
  }

  /** Deletes the sessions that ended at `time` or before. */
  async deleteUntil(time: Date): Promise<void> {
    await deleteInBatches(this.database, 'auth.session', 'expires_at <= $1', [time]);
  }

  /** Deletes the devices from which no user signed in after `time`. */
  async deleteDevicesUntil(time: Date): Promise<void> {
    await deleteInBatches(this.database, 'auth.known_device', 'last_sign_in_at <= $1', [time]);
  }
}
