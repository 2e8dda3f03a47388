import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { after, dayMs } from '../../platform/durations.js';
import { Conversions } from '../conversions/conversions.js';
import { FraudChecks } from './fraud-checks.js';
import { PaymentSignals } from './payment-signals.js';
import { noteSignals } from './signals.js';

const atOnce = 100;
/** A conversion that could not be looked at for so long is let be. */
const patienceMs = 30 * dayMs;

interface Due {
  id: string;
  referrer_id: string | null;
  referred_id: string;
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
   * Looks at every conversion that was not looked at yet, each in a transaction of its own. Answers how many.
   * Again, or at once: each ends the same. Errors: of those that failed, after all others were looked at.
   */
  async run(): Promise<number> {
    const failures: unknown[] = [];
    let looked = 0;
    for (let last = ''; ;) {
      const due = await this.due(last);
      if (due.length === 0) break;
      for (const referral of due) {
        last = referral.id;
        await this.look(referral).then(
          () => looked++,
          (error: unknown) => failures.push(error),
        );
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} conversions could not be looked at`);
    return looked;
  }

  private due(last: string): Promise<Due[]> {
    return this.database.query<Due>(
      `SELECT r.id, r.referrer_id, r.referred_id FROM referral.conversion c JOIN referral.referral r ON r.id = c.referral_id
       WHERE c.converted_at > $1 AND r.cards_checked_at IS NULL AND r.id::text > $2 ORDER BY r.id LIMIT ${atOnce}`,
      [after(this.clock.now(), -patienceMs), last],
    );
  }

  private async look({ id, referrer_id, referred_id }: Due): Promise<void> {
    const people = referrer_id === null ? [referred_id] : [referrer_id, referred_id];
    const known = await Promise.all(people.map((userId) => this.payments.of(userId)));
    await this.database.transaction(async (tx) => {
      const at = this.clock.now();
      await noteSignals(tx, known, at);
      const { isNews } = await this.checks.look(tx, id);
      if (isNews) await this.conversions.rejudge(tx, id, { actor: { kind: 'system' } });
      await tx.query(`UPDATE referral.referral SET cards_checked_at = $2 WHERE id = $1`, [id, at]);
    });
  }
}
