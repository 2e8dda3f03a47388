import { AccountMerges, MergeList, type MergePlan } from '../../life/index.js';
import { Database } from '../../platform/database/database.js';
import { fallbackLocale } from '../../platform/locale/catalogue.js';
import { wordsIn } from '../../platform/locale/words.js';
import type { Get } from '../application.js';
import { operator, userOfEmail } from '../people.js';
import type { Report } from '../report.js';

/** A merge as it was asked for, by addresses. */
export interface MergeRequest {
  from: string;
  into: string;
  reason: string;
  dryRun?: true;
}

/**
 * Makes one account live on in another, or with `dryRun` tells what that would do.
 * Errors: Problem for an unknown address; `life.merge_conflict`; `billing.busy`.
 */
export async function mergeAccounts(get: Get, { from, into, reason, dryRun }: MergeRequest): Promise<Report> {
  const of = {
    fromUserId: (await userOfEmail(get, from)).id,
    intoUserId: (await userOfEmail(get, into)).id,
  };
  const plan = await get(AccountMerges).preview(of);
  if (dryRun === true)
    return {
      json: { ...plan, possible: plan.conflicts.length === 0 },
      lines: [...linesOf(plan), 'Nothing was written.'],
      problem: plan.conflicts.length > 0,
    };
  const merge = await get(Database).transaction(async (tx) =>
    get(MergeList).view(tx, await get(AccountMerges).merge(tx, of, { reason, actor: operator })),
  );
  return {
    json: merge,
    lines: [
      ...linesOf(plan),
      `Merged as ${merge.id}. Undo it with: twofold undo-merge ${merge.id} --reason …`,
    ],
  };
}

/** Takes a merge apart. Again: nothing happens. Errors: `request.not_found`; `life.not_undoable`. */
export async function undoMerge(get: Get, mergeId: string, reason: string): Promise<Report> {
  const merge = await get(Database).transaction(async (tx) =>
    get(MergeList).view(tx, await get(AccountMerges).undo(tx, mergeId, { reason, actor: operator })),
  );
  return {
    json: merge,
    lines: [`${merge.from.email ?? merge.from.userId} is an account of its own again.`],
  };
}

function linesOf({ conflicts, effects }: MergePlan): string[] {
  const t = wordsIn(fallbackLocale);
  return conflicts.length > 0
    ? conflicts.map(({ code, facts }) => `Not possible: ${t(`merge.conflict.${code}`, facts)}`)
    : effects.map(({ code, facts }) => `· ${t(`merge.effect.${code}`, facts)}`);
}
