import { Injectable } from '@nestjs/common';
import { AccountClosure, type User } from '../../auth/index.js';
import { BillingMerge } from '../../billing/index.js';
import { CreditLedger } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { MergedAccounts } from '../../platform/merged-accounts.js';
import { ReferralMergeService } from '../../referral/index.js';
import { AccountMerger } from './account-merger.js';
import { planMerge, type MergeCandidate, type MergePlan } from './merge-plan.js';
import { MergesRepository, type MergeDecision, type AccountPair, type Merge } from './merges.repository.js';

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

  /**
   * Locks everything that a merge of these accounts reads and writes, in the order that events
   * take.
   */
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

/** Makes one account live on in another, says before what that would do, and takes it back. */
@Injectable()
export class AccountMergeService {
  constructor(
    private readonly candidates: MergeCandidates,
    private readonly merger: AccountMerger,
    private readonly repository: MergesRepository,
    private readonly auth: AccountClosure,
    private readonly database: Database,
  ) {}

  /**
   * What the merge would do, and what prevents it; nothing is written. Errors: `request.not_found`.
   */
  async preview({ fromUserId, intoUserId }: AccountPair): Promise<MergePlan> {
    const from = await this.candidates.load(this.database, fromUserId);
    return planMerge(from, await this.candidates.load(this.database, intoUserId));
  }

  /**
   * Merges, all of it or nothing. Idempotent: answers the existing merge. At once with events of
   * either account: before or after them, with the same credit in the end. Errors:
   * `request.not_found`; `accounts.merge_conflict`; `billing.busy`.
   */
  async merge(tx: Tx, pair: AccountPair, decision: MergeDecision): Promise<Merge> {
    const { fromUserId, intoUserId } = pair;
    await this.candidates.assertExist(tx, [fromUserId, intoUserId]);
    await this.candidates.lock(tx, [...new Set([fromUserId, intoUserId])]);
    const activeMerge = await this.repository.findActive(tx, fromUserId);
    if (activeMerge?.intoUserId === intoUserId) return activeMerge;
    const from = await this.candidates.load(tx, fromUserId);
    const plan = planMerge(from, await this.candidates.load(tx, intoUserId));
    assertNoConflicts(plan);
    const record = await this.merger.merge(tx, pair, { ...decision, referrals: plan.referrals });
    await this.auth.closeMergedAccount(tx, { mergeId: record.id, fromUserId, intoUserId });
    return record;
  }

  /**
   * Undoes a merge; later changes stay with the account that made them. Idempotent: nothing
   * happens. Errors: `request.not_found`; `accounts.not_undoable`, which says why; `billing.busy`.
   */
  async undo(tx: Tx, mergeId: string, decision: MergeDecision): Promise<Merge> {
    const found = await this.repository.findById(tx, mergeId);
    if (found === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.mergeUnknown' } });
    await this.candidates.lock(tx, [found.fromUserId, found.intoUserId]);
    // an undo meanwhile held the same locks
    const record = (await this.repository.findById(tx, mergeId)) ?? found;
    if (record.undoneAt !== null) return record;
    const blocker = await this.merger.undoBlocker(tx, record);
    if (blocker !== null)
      throw new DomainError('accounts.not_undoable', {
        text: { key: `merge.undoBlocker.${blocker}` },
        extensions: { undoBlocker: blocker },
      });
    await this.merger.split(tx, record, decision);
    return (await this.repository.findById(tx, mergeId)) ?? record;
  }

  /**
   * What prevents undoing a merge, by its code in the translations (`merge.undoBlocker.…`); null:
   * nothing.
   */
  async undoBlocker(db: Queryable, record: Merge): Promise<string | null> {
    return record.undoneAt === null ? this.merger.undoBlocker(db, record) : 'undone';
  }
}

function assertNoConflicts({ conflicts }: MergePlan): void {
  if (conflicts.length === 0) return;
  throw new DomainError('accounts.merge_conflict', {
    text: conflicts.map(({ code, values }) => ({ key: `merge.conflict.${code}`, values })),
    extensions: { conflicts: conflicts.map(({ code }) => code) },
  });
}
