import { expect, it } from 'vitest';
import { activePeriods } from './active-periods.js';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const version = (number: number, from: number, until: number | null = null) => ({
  version: number,
  validFrom: at(from),
  validUntil: until === null ? null : at(until),
});

it('a campaign ends, and what was in force before is in force again', () => {
  expect(activePeriods([version(1, 1), version(2, 10, 20)])).toEqual([
    { version: 1, from: null, until: at(10) },
    { version: 2, from: at(10), until: at(20) },
    { version: 1, from: at(20), until: null },
  ]);
});

it('a newer version takes the time of one that was planned before it', () => {
  const spans = activePeriods([version(1, 1), version(2, 30), version(3, 5)]);
  expect(spans.map((span) => span.version)).toEqual([1, 3]);
});

it('what was planned later begins when its time has come', () => {
  expect(activePeriods([version(1, 1), version(2, 5), version(3, 30)]).at(-1)).toEqual({
    version: 3,
    from: at(30),
    until: null,
  });
});

it('without any version nothing is in force', () => {
  expect(activePeriods([])).toEqual([]);
});

/** The rule as the database has it: the newest whose time it is. */
it('at every moment it is the version that the query finds', () => {
  const versions = [version(1, 9), version(2, 3, 8), version(3, 5), version(4, 4, 12), version(5, 11, 11.5)];
  const spans = activePeriods(versions);
  for (let day = 1; day < 15; day += 0.25) {
    const moment = at(day);
    const due = versions.filter(
      (own) =>
        (own.validFrom <= moment || own.version === 1) &&
        (own.validUntil === null || own.validUntil > moment),
    );
    const span = spans.find(
      ({ from, until }) => (from === null || from <= moment) && (until === null || moment < until),
    );
    expect([day, span?.version]).toEqual([day, Math.max(...due.map((own) => own.version))]);
  }
});
