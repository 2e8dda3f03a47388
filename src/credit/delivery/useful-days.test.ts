import { expect, it } from 'vitest';
import { usefulDaysAfterPayment, usefulDaysOf, type CurrentAccess } from './useful-days.js';

const now = new Date('2026-11-01T12:00:00Z');
const month = { interval: 'month', intervalCount: 1 } as const;
const year = { interval: 'year', intervalCount: 1 } as const;
const promise = { days: 45, holdDays: 0 };
const access: CurrentAccess = { delivery: 'overlay', creditUntil: null, paidThrough: null, now };

it('of 45 days that run by the calendar, 15 reach beyond a month', () =>
  expect(usefulDaysAfterPayment(promise, access, month)).toBe(15));

it('days that arrive later reach further', () => {
  expect(usefulDaysAfterPayment({ days: 45, holdDays: 14 }, access, month)).toBe(29);
  expect(usefulDaysAfterPayment({ days: 45, holdDays: 60 }, access, month)).toBe(45);
});

it('days behind other credit reach further', () => {
  const creditUntil = new Date('2026-11-11T12:00:00Z');
  expect(usefulDaysAfterPayment(promise, { ...access, creditUntil }, month)).toBe(25);
});

it('a year covers all of them', () => expect(usefulDaysAfterPayment(promise, access, year)).toBe(0));

it('a period that is paid for already covers them where it reaches further', () => {
  const paidThrough = new Date('2026-12-11T12:00:00Z');
  expect(usefulDaysAfterPayment(promise, { ...access, paidThrough }, month)).toBe(5);
  expect(usefulDaysAfterPayment(promise, { ...access, paidThrough })).toBe(5);
  expect(usefulDaysAfterPayment(promise, access)).toBe(45);
});

it.each(['after_paid_period', 'defer_billing'] as const)('under %s all days are extra time', (delivery) =>
  expect(usefulDaysAfterPayment(promise, { ...access, delivery }, year)).toBe(45),
);

it('a month from its last day ends on the last day of the next', () => {
  const lastDay = new Date('2026-01-31T00:00:00Z');
  expect(usefulDaysAfterPayment(promise, { ...access, now: lastDay }, month)).toBe(17);
});

it('credit is useful behind the paid period, and never more than is left', () => {
  const credit = { durationMs: 10 * 86_400_000, until: new Date('2026-11-21T12:00:00Z') };
  expect(usefulDaysOf(credit, { delivery: 'overlay', paidThrough: null })).toBe(10);
  const paidThrough = new Date('2026-11-18T12:00:00Z');
  expect(usefulDaysOf(credit, { delivery: 'overlay', paidThrough })).toBe(3);
  expect(usefulDaysOf(credit, { delivery: 'after_paid_period', paidThrough })).toBe(10);
  expect(usefulDaysOf({ durationMs: 0, until: null }, { delivery: 'overlay', paidThrough: null })).toBe(0);
});
