import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { expectedReward } from '../limits/expected-reward.js';
import { LimitsRepository } from '../limits/limits.repository.js';
import { ProgrammeTerms } from './programme-terms.js';
import type { RewardModel } from './reward-text.js';

/** What an invitation brings that is made now. */
@Injectable()
export class RewardOffers {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly limits: LimitsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * What the terms in force give as things stand: nothing while the programme is paused or its
   * budget is used up, and nothing to a referrer who has reached the cap.
   */
  async current(referrerId: string | null = null): Promise<RewardModel> {
    const terms = await this.terms.current();
    const { holdDays, minimumAmounts, qualifyingPrices, cap, budgetDays } = terms;
    const conditions = { holdDays, minimumAmounts, qualifyingPrices };
    if (this.terms.isPaused())
      return { ...conditions, referrerDays: 0, referredDays: 0, unavailable: 'paused', reachedCap: null };
    const isLimited = budgetDays !== null || (cap !== null && referrerId !== null);
    const remaining = isLimited
      ? (await this.limits.findRemaining(referrerId, [terms.version], this.clock.now())).get(terms.version)
      : undefined;
    const expected = expectedReward(terms, remaining ?? { placesTaken: 0, budgetLeftMs: null });
    return {
      ...conditions,
      referrerDays: expected.referrerDays,
      referredDays: expected.referredDays,
      unavailable: expected.isExhausted ? 'exhausted' : null,
      reachedCap: expected.isCapped ? cap : null,
    };
  }
}
