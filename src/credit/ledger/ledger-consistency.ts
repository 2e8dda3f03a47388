import type { CreditEntry } from './credit-entry.js';
import { applyEntry, durationOf, newBalance, type Balance } from './replay.js';

/** Finds where a history, oldest entry first, contradicts itself, and answers its balance. */
export function* findInconsistencies(entries: readonly CreditEntry[]): Generator<string, Balance> {
  const balance = newBalance();
  let seq = 0;
  let at = 0;
  for (const entry of entries) {
    seq++;
    if (entry.seq !== seq) yield `entry ${seq} is missing: found entry ${entry.seq}`;
    if (entry.at.getTime() < at) yield `entry ${entry.seq} is older than the entry before it`;
    at = entry.at.getTime();
    const length = durationOf(balance, entry);
    if (length !== entry.durationMs)
      yield `entry ${entry.seq} has ${entry.durationMs} ms, its history gives ${length} ms`;
    applyEntry(balance, entry);
    if (balance.until !== (entry.untilAfter?.getTime() ?? null))
      yield `entry ${entry.seq} reaches until ${formatTime(balance.until)}, but stores ${formatTime(entry.untilAfter)}`;
  }
  return balance;
}

/** A moment for a person to compare. */
export function formatTime(time: Date | number | null): string {
  return time === null ? 'never' : new Date(time).toISOString();
}
