import { Injectable } from '@nestjs/common';
import { PersonalDataOwner } from '../../accounts/index.js';
import { AuthService } from '../../auth/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { BackupDto, BackupRevisionDto } from './backup.dto.js';
import { BackupsRepository, type BackupRow } from './backups.repository.js';

/** The revision that must be the newest: its number, 0 for none, or `any` that is there. */
export type ExpectedRevision = number | 'any';

/** How large a backup may be, as JSON text. */
export const maxBackupBytes = 1_048_576;
const maxRevisions = 5;

/** What a user's client keeps with us: the newest state, and the four before it. */
@Injectable()
export class BackupService {
  constructor(
    private readonly auth: AuthService,
    private readonly backups: BackupsRepository,
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

  /**
   * Makes an earlier revision the newest again. Errors: `settings.no_backup`,
   * `settings.backup_stale`.
   */
  async restore(
    tx: Tx,
    userId: string,
    revision: number,
    expected: ExpectedRevision | null,
  ): Promise<BackupRevisionDto> {
    const newest = await this.lockNewest(tx, userId);
    assertRevision(newest, expected);
    const kept = await this.backups.findText(tx, userId, revision);
    if (kept === null)
      throw new DomainError('settings.no_backup', {
        text: { key: 'backup.problem.revision', values: { revision } },
      });
    return this.appendRevision(tx, userId, newest, { ...kept, isDeleted: false });
  }

  /**
   * Deletes all backups; revisions keep counting. Errors: `settings.no_backup`,
   * `settings.backup_stale`.
   */
  async remove(tx: Tx, userId: string, expected: ExpectedRevision | null): Promise<void> {
    const newest = await this.lockNewest(tx, userId);
    if (newest === null || newest.is_deleted) throw new DomainError('settings.no_backup');
    assertRevision(newest, expected);
    const { revision } = await this.appendRevision(tx, userId, newest, {
      text: 'null',
      size: 0,
      isDeleted: true,
    });
    await this.backups.deleteBefore(tx, userId, revision);
  }

  /** The newest state. Errors: `settings.no_backup`. */
  async findNewest(userId: string): Promise<BackupDto> {
    const row = await this.backups.findNewest(userId);
    if (row === null || row.is_deleted) throw new DomainError('settings.no_backup');
    return { ...toRevision(row), data: row.data };
  }

  /** The revisions that are kept, newest first. */
  async listRevisions(userId: string): Promise<BackupRevisionDto[]> {
    return (await this.backups.list(userId)).map(toRevision);
  }

  /**
   * The newest row, locked. A user who is being erased gets nothing written any more. Errors:
   * `request.not_found` for them.
   */
  private async lockNewest(tx: Tx, userId: string): Promise<BackupRow | null> {
    await this.auth.requireActiveUser(tx, userId);
    return this.backups.lockNewest(tx, userId);
  }

  private async appendRevision(
    tx: Tx,
    userId: string,
    newest: BackupRow | null,
    state: { text: string; size: number; isDeleted: boolean },
  ): Promise<BackupRevisionDto> {
    const revision = (newest?.revision ?? 0) + 1;
    const stored = await this.backups.insert(tx, userId, { revision, ...state });
    await this.backups.deleteBefore(tx, userId, revision - maxRevisions + 1);
    return toRevision(stored);
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
  constructor(private readonly backups: BackupsRepository) {
    super();
  }

  /** Every revision that is kept, newest first. */
  async exportData(userId: string): Promise<Record<string, unknown>> {
    const rows = await this.backups.findAll(userId);
    return { backup: rows.map((row) => ({ ...toRevision(row), data: row.data })) };
  }

  eraseData(tx: Tx, userId: string): Promise<void> {
    return this.backups.deleteByUser(tx, userId);
  }
}
