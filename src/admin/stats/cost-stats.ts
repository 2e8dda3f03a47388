import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { ReplicaReads } from '../../platform/database/replica-reads.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { CostDto, DayPriceDto, LiabilityDto } from './stats.dto.js';
import type { Period } from './period.js';
import { DayPriceList, type DaysByCurrency } from './day-price-list.js';

const msPerDay = `86400000.0`;

/** What the programme costs and still owes, in days and at the average price of a day. */
@Injectable()
export class CostStats {
  constructor(
    private readonly replicaReads: ReplicaReads,
    private readonly clock: Clock,
  ) {}

  /** What a day cost on average: in the period, or without payments, in the year before its end. */
  async prices({ from, to }: Period): Promise<DayPriceList> {
    const inPeriod = await this.pricesBetween(from, to);
    return new DayPriceList(
      inPeriod.length > 0 ? inPeriod : await this.pricesBetween(addMs(to, -365 * dayMs), to),
    );
  }

  /** What was given in a period, less what was taken back in it. */
  async cost({ from, to }: Period, prices: DayPriceList): Promise<CostDto> {
    type Purpose = 'referrer' | 'referred' | 'milestone' | 'manual' | 'refund';
    const rows = await this.replicaReads.query<DaysByCurrency & { purpose: Purpose }>(
      `SELECT purpose, currency, (sum(duration_ms) / ${msPerDay})::float8 AS days FROM admin.credit_entry
       WHERE at >= $1 AND at < $2 GROUP BY purpose, currency`,
      [from, to],
    );
    const of = (...purposes: Purpose[]) => rows.filter(({ purpose }) => purposes.includes(purpose));
    const days = (purpose: Purpose) => of(purpose).reduce((sum, row) => sum + row.days, 0);
    return {
      referrer: days('referrer'),
      referred: days('referred'),
      milestones: days('milestone'),
      programme: prices.toWorth(of('referrer', 'referred', 'milestone')),
      manual: days('manual'),
      refundsAsCredit: days('refund'),
    };
  }

  /** What is still owed now. */
  async liability(prices: DayPriceList): Promise<LiabilityDto> {
    const [ahead, held, [pending]] = await Promise.all([
      this.replicaReads.query<DaysByCurrency & { people: number }>(
        `SELECT currency, count(*)::integer AS people,
           (sum(extract(epoch FROM until - $1::timestamptz)) / 86400)::float8 AS days
         FROM admin.remaining_credit WHERE until > $1 GROUP BY currency`,
        [this.clock.now()],
      ),
      this.replicaReads.query<DaysByCurrency & { conversions: number }>(
        `SELECT currency, count(*)::integer AS conversions, sum(referrer_days + referred_days)::float8 AS days
         FROM admin.referral_stat WHERE status = 'held' GROUP BY currency`,
      ),
      this.replicaReads.query<LiabilityDto['pending']>(
        `SELECT count(*)::integer AS referrals, coalesce(sum(referrer_days + referred_days), 0)::float8 AS days
         FROM admin.referral_stat WHERE status = 'pending'`,
      ),
    ]);
    return {
      ahead: { people: sum(ahead.map(({ people }) => people)), ...prices.toWorth(ahead) },
      held: { conversions: sum(held.map(({ conversions }) => conversions)), ...prices.toWorth(held) },
      pending: pending ?? { referrals: 0, days: 0 },
    };
  }

  private pricesBetween(from: Date, to: Date): Promise<DayPriceDto[]> {
    return this.replicaReads.query(
      `SELECT currency, count(*)::integer AS payments,
         (sum(amount_paid) / (sum(extract(epoch FROM period)) / 86400))::float8 AS "perDay"
       FROM admin.invoice_period WHERE paid_at >= $1 AND paid_at < $2 GROUP BY currency ORDER BY payments DESC, currency`,
      [from, to],
    );
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
