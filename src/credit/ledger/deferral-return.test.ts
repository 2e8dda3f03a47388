import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { buildEntry, type EntryDraft, type LockedAccount } from './build-entry.js';
import { replay } from './replay.js';

const dayMs = 86_400_000;
const secondMs = 1_000;
const startMs = Date.parse('2026-11-01T12:00:00.000Z');

/** A ledger in memory, written entry by entry as the database's is. */
function ledger() {
  let account: LockedAccount = { userId: 'anna', history: [], balance: replay([]), at: new Date(startMs) };
  let entries = 0;
  return {
    write(atMs: number, entryDraft: EntryDraft) {
      const at = new Date(Math.max(atMs, account.at.getTime()));
      const { entry, after } = buildEntry({ ...account, at }, `entry-${++entries}`, entryDraft);
      account = { ...account, at, history: [...account.history, entry], balance: after };
      return entry;
    },
    replayed: () => replay(account.history),
    balance: () => account.balance,
  };
}

describe('what a deferral gives back', () => {
  it('a deferral never gives back more than it holds, in any number of parts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.array(fc.tuple(fc.integer({ min: -dayMs, max: 120 * dayMs }), fc.nat(30)), { maxLength: 8 }),
        (days, asked) => {
          const books = ledger();
          const grant = books.write(startMs, { kind: 'admin_grant', durationMs: days * dayMs });
          const from = new Date(startMs + 30 * dayMs);
          const covers = { from, until: new Date(from.getTime() + days * dayMs) };
          const taken = books.write(startMs + secondMs, {
            kind: 'deferral',
            target: grant,
            paidPeriod: covers,
          });
          let held = -taken.durationMs;
          expect(held).toBeGreaterThan(0);
          let now = startMs + secondMs;
          for (const [wanted, pause] of asked) {
            now += pause * dayMs;
            const { durationMs: returned } = books.write(now, {
              kind: 'deferral',
              target: taken,
              durationMs: wanted,
            });
            expect(returned).toBe(Math.min(held, Math.max(0, wanted)));
            held -= returned;
            expect(books.balance().deferredByEntry.get(taken.id)).toBe(held);
          }
          expect(books.replayed()).toEqual(books.balance());
        },
      ),
      { numRuns: 300, seed: 29 },
    );
  });
});
