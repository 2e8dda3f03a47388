import { Injectable } from '@nestjs/common';
import { AccountEnds } from '../auth/index.js';
import { Database } from '../platform/database/database.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { fallbackLocale } from '../platform/locale/catalogue.js';
import { wordsIn } from '../platform/locale/words.js';
import { planOf, type MergePlan } from './merge-preview.js';
import { MergeRecords, type MergeDecision, type MergeOf, type MergeRecord } from './merge-records.js';
import { MergeSides } from './merge-sides.js';
import { MergeSteps } from './merge-steps.js';

/** Makes one account live on in another, says before what that would do, and takes it back. */
@Injectable()
export class AccountMerges {
  constructor(
    private readonly sides: MergeSides,
    private readonly steps: MergeSteps,
    private readonly records: MergeRecords,
    private readonly auth: AccountEnds,
    private readonly database: Database,
  ) {}

  /** What the merge would do, and what stands against it; nothing is written. Errors: `request.not_found`. */
  async preview({ fromUserId, intoUserId }: MergeOf): Promise<MergePlan> {
    const from = await this.sides.look(this.database, fromUserId);
    return planOf(from, await this.sides.look(this.database, intoUserId));
  }

  /**
   * Merges, all of it or nothing. Again: the merge that stands. At once with events of either account: before or after
   * them, with the same credit in the end. Errors: `request.not_found`; `life.merge_conflict`; `billing.busy`.
   */
  async merge(tx: Tx, of: MergeOf, decision: MergeDecision): Promise<MergeRecord> {
    const { fromUserId, intoUserId } = of;
    await this.sides.refuseUnknown(tx, [fromUserId, intoUserId]);
    await this.sides.lock(tx, [...new Set([fromUserId, intoUserId])]);
    const standing = await this.records.standingOf(tx, fromUserId);
    if (standing?.intoUserId === intoUserId) return standing;
    const from = await this.sides.look(tx, fromUserId);
    const plan = planOf(from, await this.sides.look(tx, intoUserId));
    refuseConflicts(plan);
    const record = await this.steps.join(tx, of, { ...decision, referrals: plan.referrals });
    await this.auth.closeMerged(tx, { mergeId: record.id, fromUserId, intoUserId });
    return record;
  }

  /**
   * Takes a merge apart, with what came of either account since. Again: nothing happens.
   * Errors: `request.not_found`; `life.not_undoable`, which says why; `billing.busy`.
   */
  async undo(tx: Tx, mergeId: string, decision: MergeDecision): Promise<MergeRecord> {
    const found = await this.records.one(tx, mergeId);
    if (found === null) throw new DomainError('request.not_found', { detail: 'There is no such merge.' });
    await this.sides.lock(tx, [found.fromUserId, found.intoUserId]);
    // whoever undid it meanwhile held the same locks
    const record = (await this.records.one(tx, mergeId)) ?? found;
    if (record.undoneAt !== null) return record;
    const obstacle = await this.steps.obstacleTo(tx, record);
    if (obstacle !== null)
      throw new DomainError('life.not_undoable', {
        detail: wordsIn(fallbackLocale)(`merge.obstacle.${obstacle}`),
        facts: { obstacle },
      });
    await this.steps.part(tx, record, decision);
    return (await this.records.one(tx, mergeId)) ?? record;
  }

  /** What stands against undoing a merge, by its code in the catalogue (`merge.obstacle.…`); null: nothing. */
  async obstacleTo(db: Queryable, record: MergeRecord): Promise<string | null> {
    return record.undoneAt === null ? this.steps.obstacleTo(db, record) : 'undone';
  }
}

function refuseConflicts({ conflicts }: MergePlan): void {
  if (conflicts.length === 0) return;
  const t = wordsIn(fallbackLocale);
  throw new DomainError('life.merge_conflict', {
    detail: conflicts.map(({ code, facts }) => t(`merge.conflict.${code}`, facts)).join(' '),
    facts: { conflicts: conflicts.map(({ code }) => code) },
  });
}
