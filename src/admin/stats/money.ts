import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Reads } from '../../platform/database/reads.js';
import { after, dayMs } from '../../platform/durations.js';
import type { Cost, DayPrice, Liability } from './figures.js';
import type { Period } from './period.js';
import { PriceList, type DaysIn } from './price-list.js';

const ms = `86400000.0`;

/** What the programme costs and still owes, in days and at the average price of a day. */
@Injectable()
export class Money {
  constructor(
    private readonly reads: Reads,
    private readonly clock: Clock,
  ) {}

  /** What a day cost on average: in the period, or where nobody paid in it, in the year before its end. */
  async prices({ from, to }: Period): Promise<PriceList> {
    const inPeriod = await this.pricesBetween(from, to);
    return new PriceList(
      inPeriod.length > 0 ? inPeriod : await this.pricesBetween(after(to, -365 * dayMs), to),
    );
  }

  /** What was given in a period, less what was taken back in it. */
  async cost({ from, to }: Period, prices: PriceList): Promise<Cost> {
    type Purpose = 'referrer' | 'referred' | 'milestone' | 'by_hand' | 'refund';
    const rows = await this.reads.query<DaysIn & { purpose: Purpose }>(
      `SELECT purpose, currency, (sum(length_ms) / ${ms})::float8 AS days FROM admin.credit_line
       WHERE at >= $1 AND at < $2 GROUP BY purpose, currency`,
      [from, to],
    );
    const of = (...purposes: Purpose[]) => rows.filter(({ purpose }) => purposes.includes(purpose));
    const days = (purpose: Purpose) => of(purpose).reduce((sum, row) => sum + row.days, 0);
    return {
      referrer: days('referrer'),
      referred: days('referred'),
      milestones: days('milestone'),
      programme: prices.worthOf(of('referrer', 'referred', 'milestone')),
      byHand: days('by_hand'),
      refundsAsCredit: days('refund'),
    };
  }

  /** What is still owed now. */
  async liability(prices: PriceList): Promise<Liability> {
    const [ahead, held, [pending]] = await Promise.all([
      this.reads.query<DaysIn & { people: number }>(
        `SELECT currency, count(*)::integer AS people,
           (sum(extract(epoch FROM until - $1::timestamptz)) / 86400)::float8 AS days
         FROM admin.credit_ahead WHERE until > $1 GROUP BY currency`,
        [this.clock.now()],
      ),
      this.reads.query<DaysIn & { conversions: number }>(
        `SELECT currency, count(*)::integer AS conversions, sum(referrer_days + referred_days)::float8 AS days
         FROM admin.referral_fact WHERE status = 'held' GROUP BY currency`,
      ),
      this.reads.query<Liability['pending']>(
        `SELECT count(*)::integer AS referrals, coalesce(sum(referrer_days + referred_days), 0)::float8 AS days
         FROM admin.referral_fact WHERE status = 'pending'`,
      ),
    ]);
    return {
      ahead: { people: sum(ahead.map(({ people }) => people)), ...prices.worthOf(ahead) },
      held: { conversions: sum(held.map(({ conversions }) => conversions)), ...prices.worthOf(held) },
      pending: pending ?? { referrals: 0, days: 0 },
    };
  }

  private pricesBetween(from: Date, to: Date): Promise<DayPrice[]> {
    return this.reads.query(
      `SELECT currency, count(*)::integer AS payments,
         (sum(amount_paid) / (sum(extract(epoch FROM period)) / 86400))::float8 AS "perDay"
       FROM admin.paid_period WHERE paid_at >= $1 AND paid_at < $2 GROUP BY currency ORDER BY payments DESC, currency`,
      [from, to],
    );
  }
}

function sum(figures: number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
