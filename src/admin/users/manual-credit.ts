import { Injectable } from '@nestjs/common';
import { AuthService } from '../../auth/index.js';
import { CreditService, toNewEntryDto, type CreditEntryDto } from '../../credit/index.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';

/** Credit given and taken by staff, or by a tool for them. */
@Injectable()
export class ManualCredit {
  constructor(
    private readonly credit: CreditService,
    private readonly auth: AuthService,
    private readonly auditLog: AuditLog,
  ) {}

  /** Gives `days` to a user who is still there. Errors: `request.not_found`. */
  async grant(
    tx: Tx,
    actor: Actor,
    { userId, days, reason }: { userId: string; days: number; reason: string },
  ): Promise<CreditEntryDto> {
    await this.auth.requireActiveUser(tx, userId);
    return toNewEntryDto(await this.credit.grantManually(tx, { userId, days }, { reason, actor }), reason);
  }

  /**
   * Takes back what is left of one grant; of `userId`'s, where one is named. Idempotent: the same
   * entry, with the reason that was given first.
   * Errors: `request.not_found`, `credit.not_revocable`.
   */
  async revoke(
    tx: Tx,
    actor: Actor,
    { entryId, reason, userId }: { entryId: string; reason: string; userId?: string },
  ): Promise<CreditEntryDto> {
    const line = await this.credit.revokeManually(tx, entryId, { reason, actor });
    if (userId !== undefined && line.userId !== userId)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.entryUnknown' } });
    const words = await this.auditLog.notes(tx, line.noteId === null ? [] : [line.noteId]);
    return toNewEntryDto(line, (line.noteId !== null && words.get(line.noteId)) || reason);
  }
}
