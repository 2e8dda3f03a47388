import type { CreditEntry } from './credit-entry.js';
import { applyEntry, durationOf, replay, type Balance } from './replay.js';

/** Finds where a history, oldest line first, contradicts itself, and answers what it adds up to. */
export function* findInconsistencies(entries: readonly CreditEntry[]): Generator<string, Balance> {
  let balance = replay([]);
  let seq = 0;
  let at = 0;
  for (const line of entries) {
    seq++;
    if (line.seq !== seq) yield `entry ${seq} is missing: found entry ${line.seq}`;
    if (line.at.getTime() < at) yield `entry ${line.seq} is older than the entry before it`;
    at = line.at.getTime();
    const length = durationOf(balance, line);
    if (length !== line.durationMs)
      yield `entry ${line.seq} has ${line.durationMs} ms, its history gives ${length} ms`;
    balance = applyEntry(balance, line);
    if (balance.until !== (line.untilAfter?.getTime() ?? null))
      yield `entry ${line.seq} reaches until ${formatTime(balance.until)}, but stores ${formatTime(line.untilAfter)}`;
  }
  return balance;
}

/** A moment for a person to compare. */
export function formatTime(time: Date | number | null): string {
  return time === null ? 'never' : new Date(time).toISOString();
}
