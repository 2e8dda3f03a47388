import { Injectable } from '@nestjs/common';
import { ReplicaReads } from '../../../platform/database/replica-reads.js';
import type { TermsDraft } from '../../../referral/index.js';
import type { SimulatedPayment, ActualReward } from './outcome-totals.js';

const batchSize = 20_000;
const lowestId = '00000000-0000-0000-0000-000000000000';

/** From when until before when. */
export interface PaymentWindow {
  from: Date;
  to: Date;
}

type Row = Omit<SimulatedPayment, 'reward'> & { id: string };
type ConversionRow = Row & ActualReward;

/**
 * Numbers and booleans rather than moments and lists: reading 100,000 of them is then twice as
 * quick. $3: price ids.
 */
const paymentColumns = `id, referrer_id AS "referrerId", extract(epoch FROM paid_at)::float8 * 1000 AS "paidAt",
  amount_paid::float8 AS amount, currency, cardinality($3::text[]) = 0 OR price_ids && $3 AS "priceCounts",
  extract(epoch FROM period_end - period_start)::float8 * 1000 AS "periodMs"`;

/** The payments that referrals waited for, as they really happened. */
@Injectable()
export class PaymentHistoryRepository {
  constructor(private readonly replicaReads: ReplicaReads) {}

  /**
   * Conversions of a window in the order of their time; read in batches, so that any number fits in
   * memory.
   */
  async *conversions(
    { from, to }: PaymentWindow,
    { qualifyingPrices }: TermsDraft,
  ): AsyncGenerator<SimulatedPayment> {
    let last: { at: number; id: string } | undefined = { at: from.getTime(), id: lowestId };
    while (last !== undefined) {
      const rows: ConversionRow[] = await this.replicaReads.query<ConversionRow>(
        `SELECT ${paymentColumns}, extract(epoch FROM converted_at)::float8 * 1000 AS at, state, capped,
           reasons = '{budget_exhausted}' AS "isOnlyBudgetExhausted", referrer_days AS "referrerDays", referred_days AS "referredDays"
         FROM admin.conversion_payment WHERE (converted_at, id) > ($1, $2) AND converted_at < $4 AND amount_paid IS NOT NULL
         ORDER BY converted_at, id LIMIT ${batchSize}`,
        [new Date(last.at), last.id, qualifyingPrices, to],
      );
      for (const row of rows) yield { ...row, reward: row };
      last = rows.length < batchSize ? undefined : rows.at(-1);
    }
  }

  /**
   * Of each invited person who paid without meeting their terms: the first payment of a window that
   * meets `draft`.
   */
  async newlyQualifyingPayments({ from, to }: PaymentWindow, draft: TermsDraft): Promise<SimulatedPayment[]> {
    const rows = await this.replicaReads.query<Row>(
      `SELECT * FROM (SELECT DISTINCT ON (referral_id) ${paymentColumns}, extract(epoch FROM paid_at)::float8 * 1000 AS at
         FROM admin.unqualified_payment WHERE paid_at >= $1 AND paid_at < $2
           AND ($4::jsonb = '{}' OR amount_paid >= ($4::jsonb ->> currency)::bigint)
           AND (cardinality($3::text[]) = 0 OR price_ids && $3)
         ORDER BY referral_id, paid_at, id) AS first_of_each ORDER BY at, id`,
      [from, to, draft.qualifyingPrices, JSON.stringify(draft.minimumAmounts)],
    );
    return rows.map((row) => ({ ...row, reward: null }));
  }

  /**
   * How many referrals were granted before a window, by referrer; only of those with a conversion
   * in it.
   */
  async countGrantedBefore({ from, to }: PaymentWindow): Promise<Map<string, number>> {
    const rows = await this.replicaReads.query<{ referrer_id: string; granted: number }>(
      `SELECT referrer_id, count(*)::integer AS granted FROM admin.conversion_payment
       WHERE converted_at < $1 AND state = 'granted' AND NOT capped AND referrer_id IN (
         SELECT referrer_id FROM admin.conversion_payment WHERE converted_at >= $1 AND converted_at < $2)
       GROUP BY referrer_id`,
      [from, to],
    );
    return new Map(rows.map(({ referrer_id: id, granted }) => [id, granted]));
  }

  /** When the newest conversion but `count` happened; null where there are no more. */
  async findTimeOfNewest(count: number): Promise<Date | null> {
    const rows = await this.replicaReads.query<{ converted_at: Date }>(
      'SELECT converted_at FROM admin.conversion_time ORDER BY converted_at DESC OFFSET $1 LIMIT 1',
      [count],
    );
    return rows[0]?.converted_at ?? null;
  }

  /** What milestones gave in a window and have not lost since. */
  async sumMilestones({ from, to }: PaymentWindow): Promise<{ count: number; days: number }> {
    const [row] = await this.replicaReads.query<{ count: number; days: number }>(
      `SELECT count(*)::integer AS count, coalesce(sum(days), 0)::float8 AS days FROM admin.milestone
       WHERE is_granted AND changed_at >= $1 AND changed_at < $2`,
      [from, to],
    );
    return row ?? { count: 0, days: 0 };
  }
}
