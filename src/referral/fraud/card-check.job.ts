import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs, minuteMs } from '../../platform/durations.js';
import { RewardStatusService } from '../conversions/reward-status.service.js';
import { lockReferral } from '../conversions/referral-state.js';
import { FraudService } from './fraud.service.js';
import { PaymentSignals } from './payment-signals.js';
import { saveSignals } from './signals.js';

const batchSize = 100;
/** A conversion that Stripe says nothing about for so long is let be. */
const stopAfterMs = 30 * dayMs;

interface DueReferral {
  id: string;
  referrer_id: string | null;
  referred_id: string;
  converted_at: Date;
}

/** Checks conversions once more when Stripe can say with which cards both people pay: after the commit, never before it. */
@Injectable()
export class CardCheckJob {
  constructor(
    private readonly paymentSignals: PaymentSignals,
    private readonly fraud: FraudService,
    private readonly rewardStatus: RewardStatusService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks every conversion that is due, each in a transaction of its own. Answers how many. One that fails is put off
   * by its own age, from a minute up, so that what Stripe never answers is asked for ever more rarely.
   * Again, or at once: each ends the same. Errors: of those that failed, after all others were checked.
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

  private findDue(): Promise<DueReferral[]> {
    return this.database.query<DueReferral>(
      `SELECT r.id, r.referrer_id, r.referred_id, c.converted_at
       FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id JOIN referral.referral r ON r.id = c.referral_id
       WHERE s.card_check_due_at <= $1 ORDER BY s.card_check_due_at, c.converted_at LIMIT ${batchSize}`,
      [this.clock.now()],
    );
  }

  private async checkReferral({ id, referrer_id, referred_id }: DueReferral): Promise<void> {
    const people = referrer_id === null ? [referred_id] : [referrer_id, referred_id];
    const signals = await Promise.all(people.map((userId) => this.paymentSignals.loadForUser(userId)));
    await this.database.transaction(async (tx) => {
      saveSignals(tx, signals, this.clock.now());
      const { hasChanged } = await this.fraud.evaluate(tx, id);
      if (hasChanged) await this.rewardStatus.reevaluate(tx, id);
      await this.setNextCheck(tx, id, null);
    });
  }

  private postpone({ id, converted_at }: DueReferral): Promise<void> {
    const now = this.clock.now();
    const ageMs = now.getTime() - converted_at.getTime();
    const next = ageMs > stopAfterMs ? null : addMs(now, Math.max(minuteMs, ageMs));
    return this.database.transaction(async (tx) => {
      await lockReferral(tx, id);
      await this.setNextCheck(tx, id, next);
    });
  }

  /** The conversion of a locked referral; one that was checked meanwhile stays so. */
  private async setNextCheck(tx: Tx, referralId: string, dueAt: Date | null): Promise<void> {
    await tx.query(
      `UPDATE referral.reward_status s SET card_check_due_at = $2 FROM referral.conversion c
       WHERE c.referral_id = $1 AND s.conversion_id = c.id AND s.card_check_due_at IS NOT NULL`,
      [referralId, dueAt],
    );
  }
}
