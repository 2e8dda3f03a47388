import { Injectable } from '@nestjs/common';
import { AuthService } from '../../auth/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { PersonalDataOwner } from '../../accounts/index.js';
import type { BackupDto, BackupRevisionDto } from './backup.dto.js';

/** The revision that must be the newest: its number, 0 for none, or `any` that is there. */
export type ExpectedRevision = number | 'any';

/** How large a backup may be, as JSON text. */
export const maxBackupBytes = 1_048_576;
const maxRevisions = 5;

interface BackupRow {
  revision: number;
  updated_at: Date;
  size: number;
  is_deleted: boolean;
}

/** What a user's client keeps with us: the newest state, and the four before it. */
@Injectable()
export class BackupService {
  constructor(
    private readonly auth: AuthService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores `data` as the newest revision. With `expected`, only over that revision.
   * Errors: `settings.backup_stale`; `request.too_large` beyond 1 MiB.
   */
  async save(
    tx: Tx,
    userId: string,
    data: unknown,
    expected: ExpectedRevision | null,
  ): Promise<BackupRevisionDto> {
    const text = JSON.stringify(data);
    const size = Buffer.byteLength(text);
    if (size > maxBackupBytes)
      throw new DomainError('request.too_large', {
        detail: `A backup holds at most ${maxBackupBytes} bytes of JSON; this has ${size}.`,
      });
    const newest = await this.lockNewest(tx, userId);
    assertRevision(newest, expected);
    return this.appendRevision(tx, userId, newest, { text, size, isDeleted: false });
  }

  /** Makes an earlier revision the newest again. Errors: `settings.no_backup`, `settings.backup_stale`. */
  async restore(
    tx: Tx,
    userId: string,
    revision: number,
    expected: ExpectedRevision | null,
  ): Promise<BackupRevisionDto> {
    const newest = await this.lockNewest(tx, userId);
    assertRevision(newest, expected);
    const rows: { text: string; size: number }[] = await tx.query(
      `SELECT data::text AS text, size FROM settings.backup WHERE user_id = $1 AND revision = $2 AND NOT is_deleted`,
      [userId, revision],
    );
    if (rows[0] === undefined)
      throw new DomainError('settings.no_backup', {
        detail: `Revision ${revision} does not exist or is no longer kept.`,
      });
    return this.appendRevision(tx, userId, newest, { ...rows[0], isDeleted: false });
  }

  /** Forgets all that was backed up; the count of revisions goes on. Errors: `settings.no_backup`, `settings.backup_stale`. */
  async remove(tx: Tx, userId: string, expected: ExpectedRevision | null): Promise<void> {
    const newest = await this.lockNewest(tx, userId);
    if (newest === null || newest.is_deleted) throw new DomainError('settings.no_backup');
    assertRevision(newest, expected);
    const { revision } = await this.appendRevision(tx, userId, newest, {
      text: 'null',
      size: 0,
      isDeleted: true,
    });
    await tx.query(`DELETE FROM settings.backup WHERE user_id = $1 AND revision < $2`, [userId, revision]);
  }

  /** Forgets everything of a person who leaves. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query(`DELETE FROM settings.backup WHERE user_id = $1`, [userId]);
  }

  /** The newest state. Errors: `settings.no_backup`. */
  async findNewest(userId: string): Promise<BackupDto> {
    const rows = await this.database.query<BackupRow & { data: unknown }>(
      `SELECT revision, updated_at, size, is_deleted, data FROM settings.backup WHERE user_id = $1 ORDER BY revision DESC LIMIT 1`,
      [userId],
    );
    const row = rows[0];
    if (row === undefined || row.is_deleted) throw new DomainError('settings.no_backup');
    return { ...toRevision(row), data: row.data };
  }

  /** The revisions that are kept with what was backed up in each, newest first. */
  async findAll(userId: string): Promise<BackupDto[]> {
    const rows = await this.database.query<BackupRow & { data: unknown }>(
      `SELECT revision, updated_at, size, is_deleted, data FROM settings.backup WHERE user_id = $1 AND NOT is_deleted ORDER BY revision DESC`,
      [userId],
    );
    return rows.map((row) => ({ ...toRevision(row), data: row.data }));
  }

  /** The revisions that are kept, newest first. */
  async listRevisions(userId: string): Promise<BackupRevisionDto[]> {
    const rows = await this.database.lookups.query<BackupRow>(
      `SELECT revision, updated_at, size, is_deleted FROM settings.backup WHERE user_id = $1 AND NOT is_deleted ORDER BY revision DESC`,
      [userId],
    );
    return rows.map(toRevision);
  }

  /**
   * The newest row, while writers of one user take turns at a key: there may be no row to lock yet. A user who is being
   * erased gets nothing written any more. Errors: `request.not_found` for them.
   */
  private async lockNewest(tx: Tx, userId: string): Promise<BackupRow | null> {
    await this.auth.requireActiveUser(tx, userId);
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`backup:${userId}`]);
    const rows: BackupRow[] = await tx.query(
      `SELECT revision, updated_at, size, is_deleted FROM settings.backup WHERE user_id = $1 ORDER BY revision DESC LIMIT 1`,
      [userId],
    );
    return rows[0] ?? null;
  }

  private async appendRevision(
    tx: Tx,
    userId: string,
    newest: BackupRow | null,
    state: { text: string; size: number; isDeleted: boolean },
  ): Promise<BackupRevisionDto> {
    const revision = (newest?.revision ?? 0) + 1;
    const updatedAt = this.clock.now();
    await tx.query(
      `INSERT INTO settings.backup (user_id, revision, data, size, updated_at, is_deleted) VALUES ($1, $2, $3, $4, $5, $6)`,
      [userId, revision, state.text, state.size, updatedAt, state.isDeleted],
    );
    await tx.query(`DELETE FROM settings.backup WHERE user_id = $1 AND revision <= $2`, [
      userId,
      revision - maxRevisions,
    ]);
    return { revision, updatedAt, size: state.size };
  }
}

function assertRevision(newest: BackupRow | null, expected: ExpectedRevision | null): void {
  const current = newest === null || newest.is_deleted ? 0 : newest.revision;
  const matches = expected === null || (expected === 'any' ? current > 0 : expected === current);
  if (!matches)
    throw new DomainError('settings.backup_stale', {
      detail: current === 0 ? 'There is no backup.' : `The newest revision is ${current}.`,
      extensions: { revision: current },
    });
}

function toRevision(backupRow: BackupRow): BackupRevisionDto {
  return {
    revision: backupRow.revision,
    updatedAt: backupRow.updated_at,
    size: backupRow.size,
  };
}

/** What settings keeps for people: the backups of their clients. */
@Injectable()
export class BackupPersonalData extends PersonalDataOwner {
  constructor(private readonly backupService: BackupService) {
    super();
  }

  /** Every revision that is kept, newest first. */
  async exportData(userId: string): Promise<Record<string, unknown>> {
    return { backup: await this.backupService.findAll(userId) };
  }

  eraseData(tx: Tx, userId: string): Promise<void> {
    return this.backupService.erase(tx, userId);
  }
}
