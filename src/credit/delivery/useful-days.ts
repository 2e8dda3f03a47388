import type { Config } from '../../platform/config/config.js';
import { addMs, dayMs } from '../../platform/durations.js';

/** How long a payment for a plan reaches. */
export interface BillingPeriod {
  interval: 'day' | 'week' | 'month' | 'year';
  intervalCount: number;
}

/** The access that a person has now, and what CREDIT_DELIVERY says of days that are added to it. */
export interface CurrentAccess {
  delivery: Config['creditDelivery'];
  creditUntil: Date | null;
  paidThrough: Date | null;
  now: Date;
}

/** Days that come some days after a payment. */
export interface ExpectedDays {
  days: number;
  holdDays: number;
}

/**
 * How many whole days of credit that ends at `until` are access that a person would not have
 * without it: all of them, unless days run by the calendar while a period is paid for.
 */
export function usefulDaysOf(
  credit: { durationMs: number; until: Date | null },
  { delivery, paidThrough }: Pick<CurrentAccess, 'delivery' | 'paidThrough'>,
): number {
  const beyondPaidMs = (credit.until?.getTime() ?? 0) - (paidThrough?.getTime() ?? 0);
  const usefulMs = delivery === 'overlay' ? Math.min(credit.durationMs, beyondPaidMs) : credit.durationMs;
  return Math.max(0, Math.round(usefulMs / dayMs));
}

/**
 * How many of the days of a payment that comes now will be useful, see {@link usefulDaysOf}.
 * `period` is what the person pays for with it; without one another person pays. No later payment
 * is expected.
 */
export function usefulDaysAfterPayment(
  { days, holdDays }: ExpectedDays,
  { delivery, creditUntil, paidThrough, now }: CurrentAccess,
  period: BillingPeriod | null = null,
): number {
  const durationMs = days * dayMs;
  const from = latest(addMs(now, holdDays * dayMs), creditUntil);
  const paidUntil = period === null ? paidThrough : latest(endOfPeriod(now, period), paidThrough);
  return usefulDaysOf({ durationMs, until: addMs(from, durationMs) }, { delivery, paidThrough: paidUntil });
}

function latest(moment: Date, other: Date | null): Date {
  return other !== null && other > moment ? other : moment;
}

/** As Stripe counts: a month from the 31st ends on the last day of the next. */
export function endOfPeriod(from: Date, { interval, intervalCount }: BillingPeriod): Date {
  if (interval === 'day') return addMs(from, intervalCount * dayMs);
  if (interval === 'week') return addMs(from, intervalCount * 7 * dayMs);
  const months = from.getUTCMonth() + intervalCount * (interval === 'year' ? 12 : 1);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const end = new Date(from);
  end.setUTCDate(1);
  end.setUTCMonth(months, Math.min(from.getUTCDate(), lastDay));
  return end;
}
