import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { addMs, dayMs, minuteMs } from '../../platform/durations.js';
import { RewardStatusService } from '../conversions/reward-status.service.js';
import { ConversionsRepository, type DueCardCheck } from '../conversions/conversions.repository.js';
import { FraudService } from './fraud.service.js';
import { PaymentSignals } from './signals.js';
import { saveSignals } from './signals.repository.js';

const batchSize = 100;
/** How long a conversion is checked while Stripe has no answer. */
const stopAfterMs = 30 * dayMs;

/**
 * Checks conversions once more when Stripe can say with which cards both people pay: after the
 * commit, never before it.
 */
@Injectable()
export class CardCheckJob {
  // eslint-disable-next-line max-params -- one check, and what it takes to apply its answer
  constructor(
    private readonly paymentSignals: PaymentSignals,
    private readonly conversions: ConversionsRepository,
    private readonly fraud: FraudService,
    private readonly rewardStatus: RewardStatusService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks every conversion that is due, each in a transaction of its own. Answers how many. One
   * that fails is retried after a pause as long as its age, at least a minute, so that retries
   * become rarer. Idempotent, also at the same time. Errors: of those that failed, after all others
   * were checked.
   */
  async run(): Promise<number> {
    const failures: unknown[] = [];
    let checked = 0;
    for (let due = await this.findDue(); due.length > 0; due = await this.findDue())
      for (const referral of due)
        try {
          await this.checkReferral(referral);
          checked++;
        } catch (error) {
          failures.push(error);
          await this.postpone(referral);
        }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} conversions could not be checked`);
    return checked;
  }

  private findDue(): Promise<DueCardCheck[]> {
    return this.conversions.findDueCardChecks(this.clock.now(), batchSize);
  }

  private async checkReferral({ id, referrer_id, referred_id }: DueCardCheck): Promise<void> {
    const people = referrer_id === null ? [referred_id] : [referrer_id, referred_id];
    const signals = await Promise.all(people.map((userId) => this.paymentSignals.loadForUser(userId)));
    await this.database.transaction(async (tx) => {
      saveSignals(tx, signals, this.clock.now());
      const { hasChanged } = await this.fraud.evaluate(tx, id);
      if (hasChanged) await this.rewardStatus.reevaluate(tx, id);
      await this.conversions.setNextCardCheck(tx, id, null);
    });
  }

  private postpone({ id, converted_at }: DueCardCheck): Promise<void> {
    const now = this.clock.now();
    const ageMs = now.getTime() - converted_at.getTime();
    const next = ageMs > stopAfterMs ? null : addMs(now, Math.max(minuteMs, ageMs));
    return this.database.transaction(async (tx) => {
      await this.conversions.loadForUpdate(tx, { referralId: id });
      await this.conversions.setNextCardCheck(tx, id, next);
    });
  }
}
