import type { CreditEntry } from './credit-entry.js';
import { applyEntry, durationOf, replay, type Balance } from './replay.js';

/** Tells where a history, oldest line first, contradicts itself, and answers what it adds up to. */
export function* findInconsistencies(entries: readonly CreditEntry[]): Generator<string, Balance> {
  let balance = replay([]);
  let seq = 0;
  let at = 0;
  for (const line of entries) {
    seq++;
    if (line.seq !== seq) yield `line ${seq} is missing: found line ${line.seq}`;
    if (line.at.getTime() < at) yield `line ${line.seq} is older than the line before it`;
    at = line.at.getTime();
    const length = durationOf(balance, line);
    if (length !== line.durationMs)
      yield `line ${line.seq} says ${line.durationMs} ms, its history says ${length} ms`;
    balance = applyEntry(balance, line);
    if (balance.until !== (line.untilAfter?.getTime() ?? null))
      yield `line ${line.seq} reaches until ${formatTime(balance.until)}, it says ${formatTime(line.untilAfter)}`;
  }
  return balance;
}

/** A moment for a person to compare. */
export function formatTime(time: Date | number | null): string {
  return time === null ? 'never' : new Date(time).toISOString();
}
