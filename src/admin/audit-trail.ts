import { Injectable } from '@nestjs/common';
import { Audit, type RecordedLine } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import { keyOfCursor, pageOf, type Page } from '../platform/http/list.dto.js';
import { idPattern } from '../platform/ids.js';
import type { AuditQuery } from './admin.dto.js';

/** Reads the audit trail for staff. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** The newest lines about somebody. */
  about(userId: string, limit: number): Promise<RecordedLine[]> {
    return this.audit.find(this.database, { subjectId: userId, limit });
  }

  /** The lines that were asked for, newest first. */
  async page({ subject, action, actor, cursor, limit }: AuditQuery): Promise<Page<RecordedLine>> {
    const lines = await this.audit.find(this.database, {
      subjectId: subject,
      action,
      actorId: actor,
      beforeId: keyOfCursor(cursor, idPattern),
      limit: limit + 1,
    });
    return pageOf(
      lines,
      limit,
      ({ id }) => id,
      (line) => line,
    );
  }
}
