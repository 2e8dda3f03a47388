import { Injectable } from '@nestjs/common';
import { CreditLedger, type CreditEntry } from '../../credit/index.js';
import type { Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { actorOfPayment } from '../../platform/processor-ids.js';
import { DomainError } from '../../platform/errors.js';
import { hasLimits, RewardReservations } from '../limits/reward-reservations.js';
import { Milestones } from '../limits/milestones.js';
import {
  type Conversion,
  type FirstPayment,
  type Review,
  type StatusReason,
  needsReservation,
  paymentFindingsOf,
  evaluatePayment,
  isSameStatus,
  stateFor,
  decideStatus,
  type RewardStatus,
  type StatusDecision,
} from './reward-status.js';
import { ConversionsRepository } from './conversions.repository.js';
import { rewardsFor, type LockedReferral, type LockedReferralState } from './referral-state.js';
import { RewardEventPublisher } from './reward-event-publisher.js';

/** A conversion that exists; `isNew`: created in this transaction. */
export interface ConversionRecord {
  id: string;
  convertedAt: Date;
  isNew: boolean;
}

/** A person's decision about a conversion, with the note that explains it. */
export interface ManualReversal {
  reverse: boolean;
  actor: Actor;
  noteId?: string;
}

/**
 * A conversion whose status is being decided: its locked referral, and its status so far (null:
 * never decided).
 */
interface EvaluatedConversion {
  referral: LockedReferral;
  conversion: ConversionRecord;
  before: RewardStatus | null;
}

interface StatusChange extends EvaluatedConversion {
  after: StatusDecision;
  capped: boolean;
  actor: Actor;
  noteId?: string;
}

/**
 * Decides the reward status of a conversion. It is recomputed from everything that is known, so the
 * result is the same whatever order events arrive in. Credit moves only when the result changes:
 * granted once, then reversed and restored. The referral's row is locked.
 */
@Injectable()
export class RewardStatusService {
  // eslint-disable-next-line max-params -- one decision, and what it takes to apply it
  constructor(
    private readonly conversions: ConversionsRepository,
    private readonly ledger: CreditLedger,
    private readonly reservations: RewardReservations,
    private readonly milestones: Milestones,
    private readonly events: RewardEventPublisher,
    private readonly clock: Clock,
  ) {}

  /** Updates the reward status from the first payment. Idempotent: nothing is written. */
  async syncWithPayment(
    tx: Tx,
    input: EvaluatedConversion & { review: Review | null; releaseAt: Date | null; payment: FirstPayment },
  ): Promise<Conversion> {
    const { before, review, releaseAt } = input;
    const findings = evaluatePayment(input.payment, input.referral.linkedAt);
    const after = decideStatus(findings, { before, review, releaseAt, now: this.clock.now() });
    return this.applyChange(tx, {
      ...input,
      after,
      capped: before?.capped ?? false,
      actor: actorOfPayment(input.payment.invoiceId),
    });
  }

  /**
   * Locks a referral and decides its reward status as its review and the clock say now; what its
   * payment said stays. Null before the conversion. Idempotent. Errors: `request.not_found`.
   */
  async reevaluate(
    tx: Tx,
    referralId: string,
    by: Omit<ManualReversal, 'reverse'> = { actor: { kind: 'system' } },
  ): Promise<Conversion | null> {
    const { referral, conversion, rewardStatus: before, review } = await this.loadForUpdate(tx, referralId);
    if (conversion === null || before === null) return null;
    const { releaseAt, capped } = before;
    const factors = { before, review, releaseAt, now: this.clock.now() };
    const after = decideStatus(paymentFindingsOf(before), factors);
    const evaluated = { referral, conversion: { ...conversion, isNew: false }, before };
    return this.applyChange(tx, { ...evaluated, after, capped, ...by });
  }

  /**
   * Reverses a conversion by a person's decision, or takes that back; every other reason stays.
   * Idempotent.
   * Errors: `request.not_found`; `referral.not_converted` before the first payment.
   */
  async setManualReversal(tx: Tx, referralId: string, decision: ManualReversal): Promise<Conversion> {
    const { referral, conversion, rewardStatus: before } = await this.loadForUpdate(tx, referralId);
    if (conversion === null || before === null)
      throw new DomainError('referral.not_converted', {
        text: { key: 'console.problem.notConverted' },
      });
    const others = before.reasons.filter((reason) => reason !== 'manual');
    const reasons: StatusReason[] = decision.reverse ? [...others, 'manual'] : others;
    reasons.sort();
    const after = { ...before, state: stateFor(reasons, before.holds), reasons };
    const evaluated = { referral, conversion: { ...conversion, isNew: false }, before };
    return this.applyChange(tx, { ...evaluated, after, capped: before.capped, ...decision });
  }

  private async loadForUpdate(tx: Tx, referralId: string): Promise<LockedReferralState> {
    const locked = await this.conversions.loadForUpdate(tx, { referralId });
    if (locked === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.referralUnknown' } });
    return locked;
  }

  private async applyChange(tx: Tx, requested: StatusChange): Promise<Conversion> {
    if (isUnchanged(requested)) return this.toConversion(requested);
    const { referral, before } = requested;
    const movesMore = mayMoveMore(requested);
    const hasMilestones = movesMore && (await this.milestones.lock(tx, referral));
    const change = await this.reserve(tx, requested);
    if (isUnchanged(change)) return this.toConversion(change);
    const rose = countsForMilestones(change.after, change.capped);
    // sent together, in this order: the check is done under the lock of the credit accounts
    const [creditEntries] = await Promise.all([
      this.updateCredit(tx, change),
      movesMore || !rose ? undefined : this.milestones.refuseNew(tx, referral),
    ]);
    if (needsReservation(before) && !needsReservation(change.after))
      await this.reservations.release(tx, referral, change.conversion.id);
    const { conversion: converted, after, capped } = change;
    this.conversions.saveStatus(tx, converted.id, { ...after, capped }, this.clock.now());
    if (hasMilestones && rose !== (before !== null && countsForMilestones(before, before.capped)))
      await this.milestones.updateForReferral(tx, referral, { rose });
    const conversion = this.toConversion(change);
    this.events.publishChange(tx, conversion, { ...change, code: referral.code, moved: creditEntries });
    return conversion;
  }

  /** Reserves a place of the cap and days of the budget; without budget the reward is refused. */
  private async reserve(tx: Tx, statusChange: StatusChange): Promise<StatusChange> {
    const { referral, conversion, before, after } = statusChange;
    if (needsReservation(before) || !needsReservation(after)) return statusChange;
    const { capped, exhausted } = await this.reservations.reserve(tx, referral, conversion.id);
    if (!exhausted) return { ...statusChange, capped };
    const reasons: StatusReason[] = [...after.reasons, 'budget_exhausted'];
    reasons.sort();
    return { ...statusChange, after: { ...after, reasons, state: stateFor(reasons, after.holds) } };
  }

  /** Only the first granted status is a grant; later ones give back what was taken. */
  private async updateCredit(
    tx: Tx,
    { referral, conversion, before, after, capped }: StatusChange,
  ): Promise<CreditEntry[]> {
    const wasGranted = before?.state === 'granted';
    const isGranted = after.state === 'granted';
    if (wasGranted === isGranted) return [];
    if (!isGranted)
      return before === null ? [] : this.ledger.reverseOrRestoreRewards(tx, conversion.id, 'reversal');
    const rewards = rewardsFor(referral, { capped });
    if (before !== null && before.creditedAt !== null)
      return this.ledger.reverseOrRestoreRewards(
        tx,
        conversion.id,
        'restoration',
        rewards.map(({ side }) => side),
      );
    return this.ledger.grantRewards(tx, { conversionId: conversion.id, referralId: referral.id }, rewards);
  }

  private toConversion({ referral, conversion, before, after, capped }: StatusChange): Conversion {
    const { id: referralId, referrerId, referredId } = referral;
    const { state, holds, releaseAt } = after;
    const creditedAt = before?.creditedAt ?? (state === 'granted' ? this.clock.now() : null);
    return { ...conversion, referralId, referrerId, referredId, creditedAt, state, holds, releaseAt, capped };
  }
}

function isUnchanged({ before, after }: StatusChange): boolean {
  return before !== null && isSameStatus(before, after);
}

/**
 * Whether more may move than the reward of a new conversion: then both accounts are locked before
 * all else.
 */
function mayMoveMore({ referral: { terms, hasMilestones }, before }: StatusChange): boolean {
  return before !== null || hasMilestones || terms.milestone !== null || hasLimits(terms);
}

function countsForMilestones({ state }: Pick<StatusDecision, 'state'>, capped: boolean): boolean {
  return state === 'granted' && !capped;
}
