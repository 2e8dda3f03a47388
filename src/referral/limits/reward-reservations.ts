import { Injectable } from '@nestjs/common';
import { CreditService, type Reward, type Side } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs, floorToDays } from '../../platform/durations.js';
import { eligibleReferrerId, rewardsFor, type LockedReferral } from '../conversions/referral-state.js';
import type { Terms } from '../terms/terms.js';
import { isCapReached } from './expected-reward.js';
import { LimitsRepository } from './limits.repository.js';

/** Whether these terms limit anything; where they do not, nothing here is read or written. */
export function hasLimits({ cap, budgetDays }: Terms): boolean {
  return cap !== null || budgetDays !== null;
}

/**
 * What conversions take of the referrer's cap and of the budget, "while it lasts". A cap is of a
 * person, whichever of their accounts the code belonged to. The credit accounts of both persons are
 * locked, which makes the count of places exact.
 */
@Injectable()
export class RewardReservations {
  constructor(
    private readonly credit: CreditService,
    private readonly limits: LimitsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Reserves a place of the cap and days of the budget. `capped`: no place was left, so that only
   * the referred user's days are reserved. `exhausted`: the budget has not enough left, and nothing
   * is reserved.
   */
  async reserve(
    tx: Tx,
    referral: LockedReferral,
    conversionId: string,
  ): Promise<{ capped: boolean; exhausted: boolean }> {
    const { terms } = referral;
    if (!hasLimits(terms)) return { capped: false, exhausted: false };
    const capped = await this.hasReachedCap(tx, referral, conversionId);
    const rewards = rewardsFor(referral, { capped });
    const requiredMs = terms.budgetDays === null ? 0 : await this.requiredBudgetMs(tx, conversionId, rewards);
    const missingMs = Math.max(0, requiredMs - (await this.limits.findReservedMs(tx, conversionId)));
    if (terms.budgetDays !== null && !(await this.limits.takeFromBudget(tx, terms.version, missingMs)))
      return { capped, exhausted: true };
    await this.limits.saveReservation(tx, {
      conversionId,
      referrerId: referral.referrerId,
      termsVersion: terms.version,
      usesCap: rewards.some(({ side }) => side === 'referrer'),
      addedMs: missingMs,
      at: this.clock.now(),
    });
    return { capped, exhausted: false };
  }

  /**
   * Releases the place and the days, except whole days that were used. Called after the ledger was
   * reversed.
   */
  async release(tx: Tx, { terms }: LockedReferral, conversionId: string): Promise<void> {
    if (!hasLimits(terms)) return;
    const usedMs = sum([...(await this.usedBySide(tx, conversionId)).values()]);
    const reservedMs = await this.limits.findReservedMs(tx, conversionId);
    const keptMs = Math.min(reservedMs, usedMs);
    await this.limits.freePlace(tx, conversionId, keptMs);
    await this.limits.returnToBudget(tx, terms.version, reservedMs - keptMs);
  }

  private async hasReachedCap(tx: Tx, referral: LockedReferral, conversionId: string): Promise<boolean> {
    const { cap, referrerDays } = referral.terms;
    const referrerId = eligibleReferrerId(referral);
    if (cap === null || referrerId === null || referrerDays === 0) return false;
    const since = cap.windowDays === null ? null : addMs(this.clock.now(), -cap.windowDays * dayMs);
    const placesTaken = await this.limits.countPlaces(tx, referrerId, since, conversionId);
    return isCapReached(referral.terms, placesTaken);
  }

  /**
   * What both sides will have got once they are credited; a side that gets no more keeps the whole
   * days that it used up.
   */
  private async requiredBudgetMs(tx: Tx, conversionId: string, rewards: Reward[]): Promise<number> {
    const used = await this.usedBySide(tx, conversionId);
    for (const { side, days } of rewards) used.set(side, days * dayMs);
    return sum([...used.values()]);
  }

  /**
   * What each side has of a conversion now, in whole days: a budget is counted in the days that
   * were promised.
   */
  private async usedBySide(tx: Tx, conversionId: string): Promise<Map<Side, number>> {
    const net = await this.credit.netDurationBySide(tx, conversionId);
    return new Map([...net].map(([side, durationMs]) => [side, floorToDays(Math.max(0, durationMs))]));
  }
}

function sum(lengths: number[]): number {
  return lengths.reduce((total, length) => total + length, 0);
}
