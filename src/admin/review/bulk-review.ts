import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Actor } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { invalidField } from '../../platform/http/validation.js';
import { isId } from '../../platform/ids.js';
import type { Principal } from '../../platform/security/principal.js';
import { ReferralDecisions } from '../referrals/referral-decisions.js';
import type { ReviewAction } from './decision-effect.js';

/** What is decided about each of several referrals, and why. */
export interface SharedDecision<Action> {
  action: Action;
  reason: string;
}

/** At most so many referrals are decided or undone by one form. */
export const maxSelected = 100;

/**
 * What became of one of many referrals; `error` null: it was done. `isChanged` is false where it
 * had been done before.
 */
export interface BulkResult {
  referralId: string;
  error: DomainError | null;
  isChanged: boolean;
}

/** Decides about many referrals with one reason, each in a transaction of its own. */
@Injectable()
export class BulkReview {
  constructor(
    private readonly decisions: ReferralDecisions,
    private readonly database: Database,
  ) {}

  /** Schedules a decision about each; one that cannot be decided leaves the others alone. */
  decide(
    me: Principal,
    referralIds: readonly string[],
    { action, reason }: SharedDecision<ReviewAction>,
  ): Promise<BulkResult[]> {
    return this.forEach(referralIds, (tx, referralId) =>
      this.decisions.schedule(tx, me, { referralId, action, reason }).then(() => true),
    );
  }

  /** Decides about each at once, with no time to undo it; otherwise as {@link decide}. */
  decideAtOnce(
    actor: Actor,
    referralIds: readonly string[],
    { action, reason }: SharedDecision<ReviewAction | 'reopen'>,
  ): Promise<BulkResult[]> {
    return this.forEach(referralIds, async (tx, referralId) => {
      return (await this.decisions.decide(tx, actor, { referralId, action, reason })).isChanged;
    });
  }

  /** Takes the decision about each back; one that is in force leaves the others alone. */
  undo(me: Principal, referralIds: readonly string[]): Promise<BulkResult[]> {
    return this.forEach(referralIds, (tx, referralId) =>
      this.decisions.undo(tx, me, referralId).then(() => true),
    );
  }

  private async forEach(
    referralIds: readonly string[],
    work: (tx: Tx, referralId: string) => Promise<boolean>,
  ): Promise<BulkResult[]> {
    const results: BulkResult[] = [];
    for (const referralId of referralIds) results.push(await this.runOne(referralId, work));
    return results;
  }

  private async runOne(
    referralId: string,
    work: (tx: Tx, referralId: string) => Promise<boolean>,
  ): Promise<BulkResult> {
    try {
      const isChanged = await this.database.transaction((tx) => work(tx, referralId));
      return { referralId, error: null, isChanged };
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      return { referralId, error, isChanged: false };
    }
  }
}

/**
 * The referrals that a form selects, each once. Errors: `request.invalid` for none, for more than
 * {@link maxSelected}, or for what is no id.
 */
export function selectedReferrals(fields: FormFields): string[] {
  const ids = [...new Set([fields['referral']].flat())];
  if (ids.length === 0 || ids.length > maxSelected || !ids.every(isId))
    throw invalidField('referral', 'review.problem.selection', { max: maxSelected });
  return ids;
}
