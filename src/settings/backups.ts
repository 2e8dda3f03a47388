import { Injectable } from '@nestjs/common';
import { AuthService } from '../auth/index.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';

/** One revision of a client's backup; `size` in bytes of JSON, `updatedAt` ISO 8601. */
export interface Revision {
  revision: number;
  updatedAt: string;
  size: number;
}

/** A revision with what was backed up. */
export interface Backup extends Revision {
  data: unknown;
}

/** The revision that must be the newest: its number, 0 for none, or `any` that is there. */
export type Expected = number | 'any';

/** How large a backup may be, as JSON text. */
export const backupLimitBytes = 1_048_576;
const kept = 5;

interface Row {
  revision: number;
  updated_at: Date;
  size: number;
  deleted: boolean;
}

/** What a user's client keeps with us: the newest state, and the four before it. */
@Injectable()
export class Backups {
  constructor(
    private readonly auth: AuthService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores `data` as the newest revision. With `expected`, only over that revision.
   * Errors: `settings.backup_stale`; `request.too_large` beyond 1 MiB.
   */
  async save(tx: Tx, userId: string, data: unknown, expected: Expected | null): Promise<Revision> {
    const text = JSON.stringify(data);
    const size = Buffer.byteLength(text);
    if (size > backupLimitBytes)
      throw new DomainError('request.too_large', {
        detail: `A backup holds at most ${backupLimitBytes} bytes of JSON; this has ${size}.`,
      });
    const newest = await this.lock(tx, userId);
    check(newest, expected);
    return this.append(tx, userId, newest, { text, size, deleted: false });
  }

  /** Makes an earlier revision the newest again. Errors: `settings.no_backup`, `settings.backup_stale`. */
  async restore(tx: Tx, userId: string, revision: number, expected: Expected | null): Promise<Revision> {
    const newest = await this.lock(tx, userId);
    check(newest, expected);
    const rows: { text: string; size: number }[] = await tx.query(
      `SELECT data::text AS text, size FROM settings.backup WHERE user_id = $1 AND revision = $2 AND NOT deleted`,
      [userId, revision],
    );
    if (rows[0] === undefined)
      throw new DomainError('settings.no_backup', { detail: `Revision ${revision} is not kept (any more).` });
    return this.append(tx, userId, newest, { ...rows[0], deleted: false });
  }

  /** Forgets all that was backed up; the count of revisions goes on. Errors: `settings.no_backup`, `settings.backup_stale`. */
  async remove(tx: Tx, userId: string, expected: Expected | null): Promise<void> {
    const newest = await this.lock(tx, userId);
    if (newest === null || newest.deleted) throw new DomainError('settings.no_backup');
    check(newest, expected);
    const { revision } = await this.append(tx, userId, newest, { text: 'null', size: 0, deleted: true });
    await tx.query(`DELETE FROM settings.backup WHERE user_id = $1 AND revision < $2`, [userId, revision]);
  }

  /** Forgets everything of somebody who leaves. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query(`DELETE FROM settings.backup WHERE user_id = $1`, [userId]);
  }

  /** The newest state. Errors: `settings.no_backup`. */
  async newest(userId: string): Promise<Backup> {
    const rows = await this.database.query<Row & { data: unknown }>(
      `SELECT revision, updated_at, size, deleted, data FROM settings.backup WHERE user_id = $1 ORDER BY revision DESC LIMIT 1`,
      [userId],
    );
    const row = rows[0];
    if (row === undefined || row.deleted) throw new DomainError('settings.no_backup');
    return { ...shown(row), data: row.data };
  }

  /** The revisions that are kept with what was backed up in each, newest first. */
  async all(userId: string): Promise<Backup[]> {
    const rows = await this.database.query<Row & { data: unknown }>(
      `SELECT revision, updated_at, size, deleted, data FROM settings.backup WHERE user_id = $1 AND NOT deleted ORDER BY revision DESC`,
      [userId],
    );
    return rows.map((row) => ({ ...shown(row), data: row.data }));
  }

  /** The revisions that are kept, newest first. */
  async revisions(userId: string): Promise<Revision[]> {
    const rows = await this.database.lookUps.query<Row>(
      `SELECT revision, updated_at, size, deleted FROM settings.backup WHERE user_id = $1 AND NOT deleted ORDER BY revision DESC`,
      [userId],
    );
    return rows.map(shown);
  }

  /**
   * The newest row, while writers of one user take turns at a key: there may be no row to lock yet. Whoever is being
   * erased gets nothing written any more. Errors: `request.not_found` for them.
   */
  private async lock(tx: Tx, userId: string): Promise<Row | null> {
    await this.auth.presentUser(tx, userId);
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`backup:${userId}`]);
    const rows: Row[] = await tx.query(
      `SELECT revision, updated_at, size, deleted FROM settings.backup WHERE user_id = $1 ORDER BY revision DESC LIMIT 1`,
      [userId],
    );
    return rows[0] ?? null;
  }

  private async append(
    tx: Tx,
    userId: string,
    newest: Row | null,
    state: { text: string; size: number; deleted: boolean },
  ): Promise<Revision> {
    const revision = (newest?.revision ?? 0) + 1;
    const updatedAt = this.clock.now();
    await tx.query(
      `INSERT INTO settings.backup (user_id, revision, data, size, updated_at, deleted) VALUES ($1, $2, $3, $4, $5, $6)`,
      [userId, revision, state.text, state.size, updatedAt, state.deleted],
    );
    await tx.query(`DELETE FROM settings.backup WHERE user_id = $1 AND revision <= $2`, [
      userId,
      revision - kept,
    ]);
    return { revision, updatedAt: updatedAt.toISOString(), size: state.size };
  }
}

function check(newest: Row | null, expected: Expected | null): void {
  const present = newest === null || newest.deleted ? 0 : newest.revision;
  const fits = expected === null || (expected === 'any' ? present > 0 : expected === present);
  if (!fits)
    throw new DomainError('settings.backup_stale', {
      detail: present === 0 ? 'There is no backup now.' : `The newest revision is ${present}.`,
      facts: { revision: present },
    });
}

function shown(row: Row): Revision {
  return { revision: row.revision, updatedAt: row.updated_at.toISOString(), size: row.size };
}
