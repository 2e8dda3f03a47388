import type { LedgerLine } from './ledger-line.js';
import { applyLine, lengthOf, replay, type Balance } from './replay.js';

/** Tells where a history, oldest line first, contradicts itself, and answers what it adds up to. */
export function* contradictions(lines: readonly LedgerLine[]): Generator<string, Balance> {
  let balance = replay([]);
  let seq = 0;
  let at = 0;
  for (const line of lines) {
    seq++;
    if (line.seq !== seq) yield `line ${seq} is missing: found line ${line.seq}`;
    if (line.at.getTime() < at) yield `line ${line.seq} is older than the line before it`;
    at = line.at.getTime();
    const length = lengthOf(balance, line);
    if (length !== line.lengthMs)
      yield `line ${line.seq} says ${line.lengthMs} ms, its history says ${length} ms`;
    balance = applyLine(balance, line);
    if (balance.until !== (line.untilAfter?.getTime() ?? null))
      yield `line ${line.seq} reaches until ${show(balance.until)}, it says ${show(line.untilAfter)}`;
  }
  return balance;
}

/** A moment for a person to compare. */
export function show(moment: Date | number | null): string {
  return moment === null ? 'never' : new Date(moment).toISOString();
}
