import { Injectable } from '@nestjs/common';
import { AuthService } from '../auth/index.js';
import { CreditService, viewOf, type EntryView } from '../credit/index.js';
import { Audit } from '../platform/audit.js';
import type { Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';

/** Credit given and taken by staff. */
@Injectable()
export class CreditDecisions {
  constructor(
    private readonly credit: CreditService,
    private readonly auth: AuthService,
    private readonly audit: Audit,
  ) {}

  /** Gives `days` to a user who is still there. Errors: `request.not_found`. */
  async grant(
    tx: Tx,
    by: Principal,
    { userId, days, reason }: { userId: string; days: number; reason: string },
  ): Promise<EntryView> {
    await this.auth.presentUser(tx, userId);
    return viewOf(await this.credit.grantByHand(tx, userId, days, { reason, actor: actor(by) }), reason);
  }

  /**
   * Takes back what is left of one grant; of `userId`'s, where one is named. Again: the same entry, with the reason
   * that was given first.
   * Errors: `request.not_found`, `credit.not_revocable`.
   */
  async revoke(
    tx: Tx,
    by: Principal,
    { entryId, reason, userId }: { entryId: string; reason: string; userId?: string },
  ): Promise<EntryView> {
    const line = await this.credit.revokeByHand(tx, entryId, { reason, actor: actor(by) });
    if (userId !== undefined && line.userId !== userId)
      throw new DomainError('request.not_found', { detail: 'No such credit entry of this user.' });
    const words = await this.audit.words(tx, line.noteId === null ? [] : [line.noteId]);
    return viewOf(line, (line.noteId !== null && words.get(line.noteId)) || reason);
  }
}

function actor(by: Principal) {
  return { kind: 'admin' as const, id: by.userId };
}
