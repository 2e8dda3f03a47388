import { describe, expect, it } from 'vitest';
import { buildEntry, type EntryDraft } from './build-entry.js';
import type { CreditEntry } from './credit-entry.js';
import { findInconsistencies, formatTime } from './ledger-consistency.js';
import { replay } from './replay.js';

const dayMs = 86_400_000;
const startMs = Date.parse('2026-11-01T00:00:00.000Z');

/** Ten days granted, five more a day later, and the first ones taken back on the third day. */
function history(): CreditEntry[] {
  const entries: CreditEntry[] = [];
  const write = (day: number, draft: EntryDraft) => {
    const at = new Date(startMs + day * dayMs);
    const account = { userId: 'anna', history: entries, balance: replay(entries), at };
    const { entry } = buildEntry(account, `entry-${entries.length + 1}`, draft);
    entries.push(entry);
    return entry;
  };
  const grant = write(0, { kind: 'admin_grant', durationMs: 10 * dayMs });
  write(1, { kind: 'admin_grant', durationMs: 5 * dayMs });
  write(2, { kind: 'admin_revoke', target: grant });
  return entries;
}

/** The history with one of its entries, counted from 1, changed. */
const changed = (number: number, change: Partial<CreditEntry>) =>
  history().map((entry) => (entry.seq === number ? { ...entry, ...change } : entry));
const problemsOf = (entries: CreditEntry[]) => [...findInconsistencies(entries)];

describe('a history of credit', () => {
  it('a history as the ledger writes it agrees with itself, and adds up to its balance', () => {
    const check = findInconsistencies(history());
    expect(check.next()).toEqual({ done: true, value: replay(history()) });
    expect(problemsOf([])).toEqual([]);
  });

  it('entries of one moment are in order', () => {
    expect(problemsOf(changed(2, { at: new Date(startMs) }))).toEqual([]);
  });

  it.each<[string, () => CreditEntry[], string[]]>([
    [
      'a missing entry',
      () => history().filter(({ seq }) => seq !== 2),
      [
        'entry 2 is missing: found entry 3',
        'entry 3 reaches until 2026-11-03T00:00:00.000Z, but stores 2026-11-08T00:00:00.000Z',
      ],
    ],
    [
      'an entry older than the one before',
      () => changed(2, { at: new Date(startMs - 1) }),
      ['entry 2 is older than the entry before it'],
    ],
    [
      'a revocation that took too little',
      () => changed(3, { durationMs: -dayMs }),
      [`entry 3 has ${-dayMs} ms, its history gives ${-8 * dayMs} ms`],
    ],
    [
      'an end that its history does not give',
      () => changed(1, { untilAfter: null }),
      ['entry 1 reaches until 2026-11-11T00:00:00.000Z, but stores never'],
    ],
  ])('it finds %s', (_, entries, problems) => {
    expect(problemsOf(entries())).toEqual(problems);
  });

  it('an entry that leaves the account without any credit stores no end', () => {
    const [first] = changed(1, { durationMs: 0, untilAfter: null });
    expect(problemsOf([first as CreditEntry])).toEqual([]);
    expect(formatTime(null)).toBe('never');
  });
});
