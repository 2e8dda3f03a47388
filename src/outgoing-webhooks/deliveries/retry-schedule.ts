import { addMs, dayMs, hourMs, minuteMs, secondMs } from '../../platform/durations.js';

/** The pauses after the first, second, … failed attempt: a little more than three days in all. */
const pausesMs = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];

/** An endpoint that fails for so long, and never succeeds, is disabled. */
export const failingLimitMs = 3 * dayMs;

/**
 * When to try again after so many failed attempts; null: not again. `jitter` (0 to 1) makes a pause
 * up to a fifth longer, so that what failed together is not repeated together.
 */
export function nextAttemptAt(failedAttempts: number, now: Date, jitter = Math.random()): Date | null {
  const pauseMs = pausesMs[failedAttempts - 1];
  return pauseMs === undefined ? null : addMs(now, pauseMs * (1 + jitter / 5));
}
