import { Injectable } from '@nestjs/common';
import { AuthService } from '../auth/index.js';
import { Audit, type Actor } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import { AccountExport } from './account-export.js';

/** Exports that somebody else than the person asks for: each is noted before anything leaves. */
@Injectable()
export class AuditedExports {
  constructor(
    private readonly exports: AccountExport,
    private readonly auth: AuthService,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** See {@link AccountExport.json}; of a merged account, the whole person. Errors: `request.not_found`. */
  async of(userId: string, actor: Actor): Promise<AsyncGenerator<string>> {
    const personId = await this.database.transaction(async (tx) => {
      const { id: subjectId } = await this.auth.presentUser(tx, userId);
      this.audit.record(tx, { action: 'life.exported', actor, subjectId });
      return subjectId;
    });
    return this.exports.json(personId);
  }
}
