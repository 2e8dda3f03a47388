import { Injectable } from '@nestjs/common';
import { AuditLog, type StoredAuditEntry } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { decodeCursor, toPage, type Page } from '../../platform/http/page.dto.js';
import { idPattern } from '../../platform/ids.js';
import type { AuditQuery } from '../admin.dto.js';

/** Which entries to list; `from` and `until` are times between which they were recorded. */
export type AuditFilter = AuditQuery & { from?: Date | undefined; until?: Date | undefined };

/** Reads the audit trail for staff. */
@Injectable()
export class AuditQueries {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /** The newest entries about a user. */
  findLatestAbout(userId: string, limit: number): Promise<StoredAuditEntry[]> {
    return this.auditLog.find(this.database, { subjectId: userId, limit });
  }

  /** The entries that match, newest first. */
  async list({
    subject,
    action,
    actor,
    from,
    until,
    cursor,
    limit,
  }: AuditFilter): Promise<Page<StoredAuditEntry>> {
    const lines = await this.auditLog.find(this.database, {
      subjectId: subject,
      action,
      actorId: actor,
      from,
      until,
      beforeId: decodeCursor(cursor, idPattern),
      limit: limit + 1,
    });
    return toPage(
      lines,
      limit,
      ({ id }) => id,
      (line) => line,
    );
  }
}
