import { Injectable } from '@nestjs/common';
import { Audit } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import { Backups } from './backups.js';

const auditLines = 10_000;

/** What no other module exports: backups, and what was done to somebody. */
@Injectable()
export class OwnRecords {
  constructor(
    private readonly backups: Backups,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** The records of `userId`, newest first. Who else had a part in them is told by kind only. */
  async exportOf(userId: string): Promise<Record<string, unknown>> {
    const [backup, lines] = await Promise.all([
      this.backups.all(userId),
      this.audit.find(this.database, { subjectId: userId, limit: auditLines }),
    ]);
    return {
      backup,
      audit: lines.map(({ at, action, actorKind, note }) => ({ at, action, by: actorKind, note })),
    };
  }
}
