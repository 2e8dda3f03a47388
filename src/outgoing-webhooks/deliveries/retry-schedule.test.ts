import { expect, it } from 'vitest';
import { nextAttemptAt } from './retry-schedule.js';

const start = new Date('2026-11-01T12:00:00Z');

it('a delivery that always fails is tried ten times in a little more than three days', () => {
  let [at, attempts]: [Date, number] = [start, 1];
  for (let next = nextAttemptAt(1, at, 0); next !== null; next = nextAttemptAt(attempts, at, 0)) {
    at = next;
    attempts++;
  }
  expect(attempts).toBe(10);
  expect((at.getTime() - start.getTime()) / 3_600_000).toBeCloseTo(75.6, 1);
});

it('chance makes a pause up to a fifth longer, and never shorter', () => {
  const pauseOf = (random: number) => (nextAttemptAt(2, start, random)?.getTime() ?? 0) - start.getTime();
  expect([pauseOf(0), pauseOf(1)]).toEqual([300_000, 360_000]);
});
