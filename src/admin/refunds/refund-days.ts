import { dayMs } from '../../platform/durations.js';

/**
 * How many days an amount of a payment is worth, by the price of a day in the period that the
 * payment covered: rounded half up to whole days, at least 1. Amounts are positive, in one
 * currency's smallest unit.
 */
export function daysWorth(
  amount: number,
  { amountPaid, start, end }: { amountPaid: number; start: Date; end: Date },
): number {
  // whole numbers all the way: a half must not be lost to the last digit of a fraction
  const twiceMs = 2n * BigInt(amount) * BigInt(end.getTime() - start.getTime());
  const perDay = BigInt(amountPaid) * BigInt(dayMs);
  return Math.max(1, Number((twiceMs + perDay) / (2n * perDay)));
}
