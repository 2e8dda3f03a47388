import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { decodeCursor, toPage, type PageQuery, type Page } from '../../platform/http/page.dto.js';
import { idPattern, newId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Log } from '../../platform/observability/logging/log.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { NewDeviceSignedIn } from '../auth.events.js';
import type { ClientInfo } from '../sign-in/requester.js';
import type { SessionDto } from './session.dto.js';
import { SessionsRepository, type SessionRow } from './sessions.repository.js';

/** How long a session lives after it was last seen. */
export const idleTimeoutMs = 30 * dayMs;

/** A session that was just opened. The token is shown this once; only its keyed hash is kept. */
export interface OpenedSession {
  sessionId: string;
  token: string;
  expiresAt: Date;
}

/** The devices that are signed in. A session ends 30 days after it was last seen. */
@Injectable()
export class SessionService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly secrets: Secrets,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Opens a session for `userId`, and ends the one that this browser had. The User-Agent is kept to
   * distinguish devices; an unknown device is reported, unless the user was just created.
   * `provesEmail`: the person has just read an email to their address. Answers `isFirst` for a
   * person who has signed in on no device before.
   */
  async open(
    tx: Tx,
    { userId, isNew, provesEmail }: { userId: string; isNew: boolean; provesEmail: boolean },
    { userAgent, device, previousToken = null }: ClientInfo,
  ): Promise<OpenedSession & { isFirst: boolean }> {
    const sessionId = newId(this.clock);
    const token = newToken();
    const now = this.clock.now();
    const expiresAt = addMs(now, idleTimeoutMs);
    this.sessions.insert(tx, {
      id: sessionId,
      userId,
      tokenHash: this.secrets.hash('session', token),
      userAgent: removeControlCharacters(userAgent),
      createdAt: now,
      expiresAt,
      provesEmail,
    });
    if (previousToken !== null)
      this.sessions.deleteByTokenHashes(tx, this.secrets.hashes('session', previousToken));
    const isFirst = await this.recordDevice(tx, { userId, isNew, sessionId, device });
    this.log.infoAfterCommit(tx, 'auth.signed_in', { userId, sessionId, created: isNew });
    return { sessionId, token, expiresAt, isFirst };
  }

  /**
   * Notes that a second factor was proven in a session just now. The session gets a new token, so
   * that one which was seen before is worth nothing. Errors: `auth.required` for a session that has
   * ended.
   */
  async recordSecondFactor(tx: Tx, sessionId: string): Promise<OpenedSession> {
    const token = newToken();
    const expiresAt = await this.sessions.recordSecondFactor(tx, sessionId, {
      tokenHash: this.secrets.hash('session', token),
      at: this.clock.now(),
    });
    if (expiresAt === null) throw new DomainError('auth.required');
    return { sessionId, token, expiresAt };
  }

  /**
   * The live sessions of `userId`, newest first. `currentId` is the session that asks, null for
   * none of them.
   */
  async list(userId: string, currentId: string | null, query: PageQuery): Promise<Page<SessionDto>> {
    const beforeId = decodeCursor(query.cursor, idPattern);
    return toPage(
      await this.sessions.findPage(userId, { beforeId, limit: query.limit + 1 }),
      query.limit,
      (row) => row.id,
      (row) => toSessionDto(row, currentId),
    );
  }

  /** The first hundred of {@link list}. */
  async listNewest(userId: string, currentId: string): Promise<SessionDto[]> {
    return (await this.sessions.findNewest(userId)).map((row) => toSessionDto(row, currentId));
  }

  /**
   * Notes the device of a session that was just opened, and reports one that this account has not
   * seen. The first device of an account is expected, and answered with true. Idempotent: only
   * when it was seen last changes.
   */
  private async recordDevice(
    tx: Tx,
    {
      userId,
      isNew,
      sessionId,
      device,
    }: { userId: string; isNew: boolean; sessionId: string; device: string },
  ): Promise<boolean> {
    const at = this.clock.now();
    const hashes = this.secrets.hashes('device', device);
    const knownDevices = isNew ? [] : await this.sessions.findKnownDevices(tx, userId, hashes);
    this.sessions.recordDevice(tx, userId, hashes[0], at);
    if (knownDevices.length === 0) return true;
    if (knownDevices.some((own) => own.is_this)) return false;
    const event: NewDeviceSignedIn = {
      name: 'auth.new_device_signed_in',
      userId,
      sessionId,
      at: at.toISOString(),
    };
    this.outbox.publish(tx, event);
    return false;
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function removeControlCharacters(userAgent: string): string {
  return userAgent.replaceAll(/\p{C}/gu, '').slice(0, 200);
}

function toSessionDto(row: SessionRow, currentId: string | null): SessionDto {
  return {
    id: row.id,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    current: row.id === currentId,
  };
}

/** Signs others out: for staff, when a device or a mailbox was lost. */
@Injectable()
export class StaffSignOut {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly auditLog: AuditLog,
  ) {}

  /** Ends every session of `userId`. Idempotent: those that were opened since. */
  async revokeAll(tx: Tx, userId: string, by: Actor): Promise<void> {
    await this.sessions.revokeAll(tx, userId);
    this.auditLog.record(tx, { action: 'auth.signed_out_by_staff', actor: by, subjectId: userId });
  }
}
