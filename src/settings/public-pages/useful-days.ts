import { addMs, dayMs } from '../../platform/durations.js';

/** Days that a person is promised for a first payment, and the period that it pays for. */
interface FirstPayment {
  /** Whether days run by the calendar, also while a subscription is paid for. */
  isOverlay: boolean;
  days: number;
  holdDays: number;
  period: { interval: 'day' | 'week' | 'month' | 'year'; intervalCount: number };
  /** The credit that they have already. */
  creditUntil: Date | null;
  now: Date;
}

/**
 * How many of the promised days are access that a person would not have otherwise, if they pay now
 * and the subscription does not renew: all of them, unless they run while the period does.
 */
export function usefulDaysOf(firstPayment: FirstPayment): number {
  const { isOverlay, days, holdDays, period, creditUntil, now } = firstPayment;
  if (!isOverlay) return days;
  const paidThrough = endOfPeriod(now, period);
  const arrivesAt = addMs(now, holdDays * dayMs);
  const from = creditUntil !== null && creditUntil > arrivesAt ? creditUntil : arrivesAt;
  const coveredUntil = from > paidThrough ? from : paidThrough;
  const gainedMs = addMs(from, days * dayMs).getTime() - coveredUntil.getTime();
  return Math.max(0, Math.round(gainedMs / dayMs));
}

/** As Stripe counts: a month from the 31st ends on the last day of the next. */
function endOfPeriod(now: Date, { interval, intervalCount }: FirstPayment['period']): Date {
  if (interval === 'day') return addMs(now, intervalCount * dayMs);
  if (interval === 'week') return addMs(now, intervalCount * 7 * dayMs);
  const months = now.getUTCMonth() + intervalCount * (interval === 'year' ? 12 : 1);
  const lastDay = new Date(Date.UTC(now.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const end = new Date(now);
  end.setUTCDate(1);
  end.setUTCMonth(months, Math.min(now.getUTCDate(), lastDay));
  return end;
}
