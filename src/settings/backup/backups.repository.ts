import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralList, ListLoader } from '../../platform/database/row-loader.js';
import type { Tx } from '../../platform/database/tx.js';
import { BackupEntity } from './backup.entity.js';

/** One revision of a user's backup, without what was backed up. */
export interface BackupRow {
  revision: number;
  updated_at: Date;
  size: number;
  is_deleted: boolean;
}

const revisionsByUser = lateralList(
  'uuid',
  `SELECT revision, updated_at, size, is_deleted FROM settings.backup
   WHERE user_id = asked.key AND NOT is_deleted ORDER BY revision DESC`,
);

/** The revisions of backups. */
@Injectable()
export class BackupsRepository {
  private readonly revisionLoader = new ListLoader<BackupRow>(() => this.database.lookups, revisionsByUser);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The newest row, while writers of one user take turns at a key: there may be no row to lock yet.
   */
  async lockNewest(tx: Tx, userId: string): Promise<BackupRow | null> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`backup:${userId}`]);
    const rows: BackupRow[] = await tx.query(
      `SELECT revision, updated_at, size, is_deleted FROM settings.backup WHERE user_id = $1 ORDER BY revision DESC LIMIT 1`,
      [userId],
    );
    return rows[0] ?? null;
  }

  /** What was backed up in a revision that is kept, as JSON text, or null. */
  async findText(tx: Tx, userId: string, revision: number): Promise<{ text: string; size: number } | null> {
    const rows: { text: string; size: number }[] = await tx.query(
      `SELECT data::text AS text, size FROM settings.backup WHERE user_id = $1 AND revision = $2 AND NOT is_deleted`,
      [userId, revision],
    );
    return rows[0] ?? null;
  }

  /** The newest revision with its data, also one that says that all was deleted. */
  async findNewest(userId: string): Promise<(BackupRow & { data: unknown }) | null> {
    const rows = await this.database.query<BackupRow & { data: unknown }>(
      `SELECT revision, updated_at, size, is_deleted, data FROM settings.backup WHERE user_id = $1 ORDER BY revision DESC LIMIT 1`,
      [userId],
    );
    return rows[0] ?? null;
  }

  /** The revisions that are kept with their data, newest first. */
  findAll(userId: string): Promise<(BackupRow & { data: unknown })[]> {
    return this.database.query(
      `SELECT revision, updated_at, size, is_deleted, data FROM settings.backup WHERE user_id = $1 AND NOT is_deleted ORDER BY revision DESC`,
      [userId],
    );
  }

  /** The revisions that are kept, newest first. */
  list(userId: string): Promise<BackupRow[]> {
    return this.revisionLoader.load(userId);
  }

  /** Stores a revision, and answers it. */
  async insert(
    tx: Tx,
    userId: string,
    { revision, text, size, isDeleted }: { revision: number; text: string; size: number; isDeleted: boolean },
  ): Promise<BackupRow> {
    const updatedAt = this.clock.now();
    await tx.query(
      `INSERT INTO settings.backup (user_id, revision, data, size, updated_at, is_deleted) VALUES ($1, $2, $3, $4, $5, $6)`,
      [userId, revision, text, size, updatedAt, isDeleted],
    );
    return { revision, updated_at: updatedAt, size, is_deleted: isDeleted };
  }

  /** Deletes the revisions before `revision`. */
  async deleteBefore(tx: Tx, userId: string, revision: number): Promise<void> {
    await tx.delete(BackupEntity, { userId, revision: LessThan(revision) });
  }

  /** Deletes everything of a person who leaves. */
  async deleteByUser(tx: Tx, userId: string): Promise<void> {
    await tx.delete(BackupEntity, { userId });
  }
}
