import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { after, dayMs, minuteMs } from '../../platform/durations.js';
import { Conversions } from '../conversions/conversions.js';
import { lockReferral } from '../conversions/linked-referral.js';
import { FraudChecks } from './fraud-checks.js';
import { PaymentSignals } from './payment-signals.js';
import { noteSignals } from './signals.js';

const atOnce = 100;
/** A conversion that Stripe says nothing about for so long is let be. */
const patienceMs = 30 * dayMs;

interface Due {
  id: string;
  referrer_id: string | null;
  referred_id: string;
  converted_at: Date;
}

/** Looks at conversions once more when Stripe can say with which cards both people pay: after the commit, never before it. */
@Injectable()
export class FraudSweep {
  constructor(
    private readonly payments: PaymentSignals,
    private readonly checks: FraudChecks,
    private readonly conversions: Conversions,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Looks at every conversion that is due, each in a transaction of its own. Answers how many. One that fails is put off
   * by its own age, from a minute up, so that what Stripe never answers is asked for ever more rarely.
   * Again, or at once: each ends the same. Errors: of those that failed, after all others were looked at.
   */
  async run(): Promise<number> {
    const failures: unknown[] = [];
    let looked = 0;
    for (let due = await this.due(); due.length > 0; due = await this.due())
      for (const referral of due)
        try {
          await this.look(referral);
          looked++;
        } catch (error) {
          failures.push(error);
          await this.putOff(referral);
        }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} conversions could not be looked at`);
    return looked;
  }

  private due(): Promise<Due[]> {
    return this.database.query<Due>(
      `SELECT r.id, r.referrer_id, r.referred_id, c.converted_at
       FROM referral.standing s JOIN referral.conversion c ON c.id = s.conversion_id JOIN referral.referral r ON r.id = c.referral_id
       WHERE s.cards_due_at <= $1 ORDER BY s.cards_due_at, c.converted_at LIMIT ${atOnce}`,
      [this.clock.now()],
    );
  }

  private async look({ id, referrer_id, referred_id }: Due): Promise<void> {
    const people = referrer_id === null ? [referred_id] : [referrer_id, referred_id];
    const known = await Promise.all(people.map((userId) => this.payments.of(userId)));
    await this.database.transaction(async (tx) => {
      noteSignals(tx, known, this.clock.now());
      const { isNews } = await this.checks.look(tx, id);
      if (isNews) await this.conversions.rejudge(tx, id, { actor: { kind: 'system' } });
      await this.setDue(tx, id, null);
    });
  }

  private putOff({ id, converted_at }: Due): Promise<void> {
    const now = this.clock.now();
    const ageMs = now.getTime() - converted_at.getTime();
    const next = ageMs > patienceMs ? null : after(now, Math.max(minuteMs, ageMs));
    return this.database.transaction(async (tx) => {
      await lockReferral(tx, id);
      await this.setDue(tx, id, next);
    });
  }

  /** The conversion of a locked referral; one that was looked at meanwhile stays so. */
  private async setDue(tx: Tx, referralId: string, dueAt: Date | null): Promise<void> {
    await tx.query(
      `UPDATE referral.standing s SET cards_due_at = $2 FROM referral.conversion c
       WHERE c.referral_id = $1 AND s.conversion_id = c.id AND s.cards_due_at IS NOT NULL`,
      [referralId, dueAt],
    );
  }
}
