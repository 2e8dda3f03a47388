import { expect, it } from 'vitest';
import { daysWorth } from './refund-days.js';

const start = new Date('2026-11-01T12:00:00Z');
const month = { amountPaid: 1000, start, end: new Date('2026-12-01T12:00:00Z') };

it.each([
  [1000, 30],
  [500, 15],
  [517, 16], // 15.51
  [516, 15], // 15.48
  [50, 2], // 1.5: half up
  [49, 1],
  [1, 1], // never nothing for something
])('%p of a month at 1000 are worth %p days', (amount, days) => expect(daysWorth(amount, month)).toBe(days));

it('a whole payment is worth its period, whatever it cost', () => {
  for (const amountPaid of [1, 3, 999, 7_777_777])
    expect(daysWorth(amountPaid, { ...month, amountPaid })).toBe(30);
});

it('a half stays a half for amounts that no fraction holds exactly', () =>
  expect(daysWorth(1_500_000_000_000_000, { ...month, amountPaid: 30_000_000_000_000_000 / 10 })).toBe(15));

it('a period need not be of whole days', () =>
  expect(daysWorth(1000, { ...month, end: new Date('2026-11-08T13:00:00Z') })).toBe(7));
