import { Injectable } from '@nestjs/common';
import { Audit, type RecordedLine } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';

/** Reads the audit trail for staff. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** The newest lines about somebody. */
  about(userId: string, limit: number): Promise<RecordedLine[]> {
    return this.audit.about(this.database, userId, limit);
  }
}
