import { expect, it } from 'vitest';
import { usefulDaysOf } from './useful-days.js';

const now = new Date('2026-11-01T12:00:00Z');
const month = { interval: 'month', intervalCount: 1 } as const;
const promise = { isOverlay: true, days: 45, holdDays: 0, period: month, creditUntil: null, now };

it('of 45 days that run by the calendar, 15 reach beyond a month', () =>
  expect(usefulDaysOf(promise)).toBe(15));

it('days that arrive later reach further', () => {
  expect(usefulDaysOf({ ...promise, holdDays: 14 })).toBe(29);
  expect(usefulDaysOf({ ...promise, holdDays: 60 })).toBe(45);
});

it('days behind other credit reach further', () =>
  expect(usefulDaysOf({ ...promise, creditUntil: new Date('2026-11-11T12:00:00Z') })).toBe(25));

it('a year covers all of them', () =>
  expect(usefulDaysOf({ ...promise, period: { interval: 'year', intervalCount: 1 } })).toBe(0));

it('days that wait for the end of the subscription are all extra time', () =>
  expect(usefulDaysOf({ ...promise, isOverlay: false })).toBe(45));

it('a month from its last day ends on the last day of the next', () =>
  expect(usefulDaysOf({ ...promise, now: new Date('2026-01-31T00:00:00Z') })).toBe(17));
