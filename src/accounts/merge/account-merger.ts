import { Injectable } from '@nestjs/common';
import { BillingMerge } from '../../billing/index.js';
import { CreditLedger, CreditService } from '../../credit/index.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { MergedAccounts } from '../../platform/merged-accounts.js';
import { ReferralMergeService, type ReferralMergePlan } from '../../referral/index.js';
import { MergeHistory } from './merge-history.js';
import type { MergeDecision, AccountPair, Merge } from './merges.repository.js';
import { AccountClosure, type User } from '../../auth/index.js';
import { DomainError } from '../../platform/errors.js';
import type { MergeCandidate } from './merge-plan.js';

/** What joining two accounts, and parting them, does module by module. Everything is locked. */
@Injectable()
export class AccountMerger {
  constructor(
    private readonly billing: BillingMerge,
    private readonly referrals: ReferralMergeService,
    private readonly credit: CreditService,
    private readonly mergedAccounts: MergedAccounts,
    private readonly history: MergeHistory,
  ) {}

  /** Moves what lives, closes what would count twice, and brings the days that are left along. */
  async merge(
    tx: Tx,
    { fromUserId, intoUserId }: AccountPair,
    { referrals, ...decision }: MergeDecision & { referrals: ReferralMergePlan },
  ): Promise<Merge> {
    const billing = await this.billing.merge(tx, { fromId: fromUserId, intoId: intoUserId });
    const referral = await this.referrals.apply(tx, intoUserId, referrals, decision.actor);
    const earlierMergedIds = await this.mergedAccounts.link(tx, fromUserId, intoUserId);
    await this.credit.transferToCurrentOwner(tx, [fromUserId]);
    await this.referrals.recalculateMilestones(tx, [intoUserId]);
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

  /** Puts everything back: what was paid and earned since goes with the account that it belongs to. */
  async split(tx: Tx, record: Merge, decision: MergeDecision): Promise<void> {
    const { fromUserId, intoUserId, movedData } = record;
    await this.mergedAccounts.unlink(tx, fromUserId, movedData.earlierMergedIds);
    await this.billing.split(tx, { fromId: fromUserId, intoId: intoUserId }, movedData.billing);
    await this.referrals.undo(tx, fromUserId, movedData.referral);
    await this.credit.transferToCurrentOwner(tx, [intoUserId]);
    await this.referrals.recalculateMilestones(tx, [fromUserId, intoUserId]);
    await this.billing.syncReferrals(tx, [fromUserId, intoUserId]);
    await this.history.recordUndo(tx, record, decision);
  }
}

/** Two accounts as all modules see them, and the locks that keep them so. */
@Injectable()
export class MergeCandidates {
  constructor(
    private readonly auth: AccountClosure,
    private readonly billing: BillingMerge,
    private readonly referrals: ReferralMergeService,
    private readonly ledger: CreditLedger,
    private readonly mergedAccounts: MergedAccounts,
  ) {}

  /** Locks everything that a merge of these accounts reads and writes, in the order that events take. */
  async lock(tx: Tx, userIds: readonly string[]): Promise<void> {
    await this.billing.lockAccounts(tx, userIds);
    await this.auth.lockAccounts(tx, userIds);
    const accounts: string[] = [];
    for (const userId of userIds) accounts.push(...(await this.mergedAccounts.allOf(tx, userId)));
    await this.referrals.lockReferrals(tx, accounts);
    await this.ledger.lockAccounts(tx, [...userIds]);
  }

  /** Errors: `request.not_found` for an unknown or erased user: there would be nothing to lock. */
  async assertExist(db: Queryable, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) await this.requireAccount(db, userId);
  }

  /** One account. Errors: `request.not_found` for an unknown or erased user. */
  async load(db: Queryable, userId: string): Promise<MergeCandidate> {
    const user = await this.requireAccount(db, userId);
    const currentAccountId = await this.mergedAccounts.currentOf(db, userId);
    const accounts = await this.mergedAccounts.allOf(db, userId);
    const creditMs = await this.ledger.remainingMs(db, userId);
    const billing = await this.billing.summarize(db, userId);
    const referral = await this.referrals.loadAccountState(db, userId);
    return { user, currentAccountId, accountIds: accounts, creditMs, billing, referral };
  }

  private async requireAccount(db: Queryable, userId: string): Promise<User> {
    const user = await this.auth.findAccount(db, userId);
    if (user !== null) return user;
    throw new DomainError('request.not_found', { detail: `Account ${userId} does not exist.` });
  }
}
