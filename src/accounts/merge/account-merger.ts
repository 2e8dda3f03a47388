import { Injectable } from '@nestjs/common';
import { AccountClosure } from '../../auth/index.js';
import { BillingMerge } from '../../billing/index.js';
import { CreditService } from '../../credit/index.js';
import type { AuditAction } from '../../platform/audit-actions.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { MergedAccounts } from '../../platform/merged-accounts.js';
import { ReferralMergeService, type ReferralMergePlan } from '../../referral/index.js';
import { AccessRevisions } from '../access/access-revisions.js';
import { undoableUntil } from './merge-plan.js';
import { type MergeDecision, type AccountPair, type Merge, MergesRepository } from './merges.repository.js';

/** Keeps merges, with who decided them and why, and knows how long they may be undone. */
@Injectable()
export class MergeHistory {
  constructor(
    private readonly repository: MergesRepository,
    private readonly auditLog: AuditLog,
    private readonly auth: AccountClosure,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes a merge down, and in the trail of both accounts. The reason goes when the person does.
   */
  async recordMerge(
    tx: Tx,
    merge: Pick<Merge, 'fromUserId' | 'intoUserId' | 'movedData'>,
    { reason, actor }: MergeDecision,
  ): Promise<Merge> {
    const noteId = await this.auditLog.addNote(tx, reason, merge.intoUserId);
    const record = await this.repository.insert(tx, { ...merge, actor, noteId });
    this.auditBothAccounts(tx, 'accounts.merged', record, { actor, noteId });
    return record;
  }

  /** Notes that a merge was undone. */
  async recordUndo(tx: Tx, record: Merge, { reason, actor }: MergeDecision): Promise<void> {
    const noteId = await this.auditLog.addNote(tx, reason, record.intoUserId);
    await this.repository.markUndone(tx, record.id, noteId);
    this.auditBothAccounts(tx, 'accounts.merge_undone', record, { actor, noteId });
  }

  /** Whether a merge is too old to be undone. */
  isPastUndoWindow({ mergedAt }: Merge): boolean {
    return undoableUntil(mergedAt) <= this.clock.now();
  }

  /** Whether the user is erased. */
  async isErased(db: Queryable, { fromUserId }: Merge): Promise<boolean> {
    return (await this.auth.findAccount(db, fromUserId)) === null;
  }

  private auditBothAccounts(
    tx: Tx,
    action: AuditAction,
    { id, fromUserId, intoUserId }: Merge,
    { actor, noteId }: { actor: MergeDecision['actor']; noteId: string },
  ): void {
    const details = { mergeId: id, fromUserId, intoUserId };
    for (const subjectId of [fromUserId, intoUserId])
      this.auditLog.record(tx, { action, actor, subjectId, details, noteId });
  }
}

/** What joining two accounts, and parting them, does module by module. Everything is locked. */
@Injectable()
export class AccountMerger {
  // eslint-disable-next-line max-params -- one for each module that a merge changes
  constructor(
    private readonly billing: BillingMerge,
    private readonly referrals: ReferralMergeService,
    private readonly credit: CreditService,
    private readonly revisions: AccessRevisions,
    private readonly mergedAccounts: MergedAccounts,
    private readonly history: MergeHistory,
  ) {}

  /**
   * Moves what is active, closes what would count twice, and moves the remaining days of credit.
   */
  async merge(
    tx: Tx,
    { fromUserId, intoUserId }: AccountPair,
    { referrals, ...decision }: MergeDecision & { referrals: ReferralMergePlan },
  ): Promise<Merge> {
    const revision = await this.revisions.findHighest(tx, [fromUserId, intoUserId]);
    const billing = await this.billing.merge(tx, { fromId: fromUserId, intoId: intoUserId });
    const referral = await this.referrals.apply(tx, intoUserId, referrals, decision.actor);
    const earlierMergedIds = await this.mergedAccounts.link(tx, fromUserId, intoUserId);
    await this.credit.transferToCurrentOwner(tx, [fromUserId]);
    await this.referrals.recalculateMilestones(tx, [intoUserId]);
    await this.revisions.raiseAbove(tx, [fromUserId, intoUserId], revision);
    return this.history.recordMerge(
      tx,
      { fromUserId, intoUserId, movedData: { billing, referral, earlierMergedIds } },
      decision,
    );
  }

  /** Why a merge can be undone no more; null while it can. */
  async undoBlocker(db: Queryable, record: Merge): Promise<string | null> {
    const { fromUserId, intoUserId, movedData } = record;
    if (this.history.isPastUndoWindow(record)) return 'too_old';
    if ((await this.mergedAccounts.currentOf(db, fromUserId)) !== intoUserId) return 'merged_on';
    if (await this.history.isErased(db, record)) return 'erased';
    const invoiceIds = await this.billing.findPaymentsSince(
      db,
      { fromId: fromUserId, intoId: intoUserId },
      movedData.billing,
    );
    const { transferredReferralId } = movedData.referral;
    return (await this.referrals.hasConverted(db, intoUserId, { carried: transferredReferralId, invoiceIds }))
      ? 'converted'
      : null;
  }

  /**
   * Puts everything back: what was paid and earned since goes with the account that it belongs to.
   */
  async split(tx: Tx, record: Merge, decision: MergeDecision): Promise<void> {
    const { fromUserId, intoUserId, movedData } = record;
    const revision = await this.revisions.findHighest(tx, [fromUserId, intoUserId]);
    await this.mergedAccounts.unlink(tx, fromUserId, movedData.earlierMergedIds);
    await this.billing.split(tx, { fromId: fromUserId, intoId: intoUserId }, movedData.billing);
    await this.referrals.undo(tx, fromUserId, movedData.referral);
    await this.credit.transferToCurrentOwner(tx, [intoUserId]);
    await this.referrals.recalculateMilestones(tx, [fromUserId, intoUserId]);
    await this.billing.syncReferrals(tx, [fromUserId, intoUserId]);
    await this.revisions.raiseAbove(tx, [fromUserId, intoUserId], revision);
    await this.history.recordUndo(tx, record, decision);
  }
}
