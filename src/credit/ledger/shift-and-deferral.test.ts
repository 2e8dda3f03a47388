import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { CreditEntry } from './credit-entry.js';
import { buildEntry, type EntryDraft, type LockedAccount } from './build-entry.js';
import { remainingMs } from './intervals.js';
import { replay, incompleteRevocations, windowsOf } from './replay.js';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-01-01T00:00:00.000Z');
const dateAt = (hours: number) => new Date(startMs + hours * hourMs);

/** An account that is written to as the ledger does it, in hours since the beginning. */
class TestLedger {
  readonly entries: CreditEntry[] = [];
  now = 0;

  private open(): LockedAccount {
    return { userId: 'anna', history: this.entries, balance: replay(this.entries), at: dateAt(this.now) };
  }

  write(entryDraft: EntryDraft): CreditEntry {
    const { entry } = buildEntry(this.open(), `entry-${this.entries.length}`, entryDraft);
    this.entries.push(entry);
    return entry;
  }

  reward(hours: number, paidThrough = 0, conversionId = `c${this.entries.length}`): CreditEntry {
    const of = { conversionId, side: 'referred', referralId: 'r' } as CreditEntry;
    const entry = this.write({
      kind: 'referral_referred',
      target: of,
      durationMs: hours * hourMs,
      notBefore: dateAt(paidThrough),
    });
    return entry;
  }

  grant(hours: number, paidThrough = 0): CreditEntry {
    return this.write({ kind: 'admin_grant', durationMs: hours * hourMs, notBefore: dateAt(paidThrough) });
  }

  reverseOrRestore(kind: 'reversal' | 'restoration', target: CreditEntry): CreditEntry {
    const latest = this.entries.findLast(
      (entry) => entry.conversionId === target.conversionId,
    ) as CreditEntry;
    return this.write({ kind, target: latest, notBefore: dateAt(this.now) });
  }

  alignWithPaidPeriod(paidThrough: number, covers?: [number, number]): CreditEntry {
    const anchorAt = dateAt(Math.max(this.now, paidThrough));
    const shift = this.write({
      kind: 'shift',
      notBefore: anchorAt,
      paidPeriod: covers === undefined ? null : { from: dateAt(covers[0]), until: dateAt(covers[1]) },
    });
    this.completeRevocations();
    return shift;
  }

  completeRevocations(): void {
    const { balance, at, history } = this.open();
    for (const id of incompleteRevocations(balance, at.getTime())) {
      const of = history.find((entry) => entry.id === id) as CreditEntry;
      this.write({ kind: of.kind, target: of });
    }
  }

  /** Where the days of an entry are, in hours; null where it has none. */
  windowOf(entry: CreditEntry): [number, number] | null {
    const window = windowsOf(replay(this.entries)).get(entry.id);
    return window === undefined ? null : [hoursSinceStart(window.from), hoursSinceStart(window.until)];
  }

  get remainingHours(): number {
    return remainingMs(replay(this.entries).intervals, startMs + this.now * hourMs) / hourMs;
  }

  get until(): number | null {
    const { until } = replay(this.entries);
    return until === null ? null : hoursSinceStart(new Date(until));
  }
}

const hoursSinceStart = (at: Date) => (at.getTime() - startMs) / hourMs;
const netOf = (entries: CreditEntry[]) =>
  entries.filter((entry) => entry.conversionId !== null).reduce((sum, entry) => sum + entry.durationMs, 0) /
  hourMs;

describe('days behind a paid period', () => {
  it('days behind a paid period begin when it ends, and move on with a renewal', () => {
    const testLedger = new TestLedger();
    const reward = testLedger.reward(45, 30);
    expect(testLedger.windowOf(reward)).toEqual([30, 75]);
    testLedger.now = 29;
    expect(testLedger.alignWithPaidPeriod(60).durationMs).toBe(0);
    expect([testLedger.windowOf(reward), testLedger.until, testLedger.remainingHours]).toEqual([
      [60, 105],
      105,
      45,
    ]);
  });

  it('days behind a paid period come back to now when the subscription ends early', () => {
    const testLedger = new TestLedger();
    const first = testLedger.grant(10, 30);
    const second = testLedger.grant(10, 30);
    testLedger.now = 12;
    testLedger.alignWithPaidPeriod(0);
    expect([testLedger.windowOf(first), testLedger.windowOf(second)]).toEqual([
      [12, 22],
      [22, 32],
    ]);
  });

  it('days behind a paid period that ran before a renewal was reported are ahead again, in their order', () => {
    const testLedger = new TestLedger();
    const first = testLedger.grant(2, 30);
    const second = testLedger.grant(10, 30);
    testLedger.now = 33;
    expect(testLedger.remainingHours).toBe(9);
    expect(testLedger.alignWithPaidPeriod(60, [30, 60]).durationMs).toBe(3 * hourMs);
    expect([testLedger.windowOf(first), testLedger.windowOf(second), testLedger.remainingHours]).toEqual([
      [60, 62],
      [62, 72],
      12,
    ]);
    expect(testLedger.alignWithPaidPeriod(60, [30, 60]).durationMs).toBe(0);
  });

  it('days behind a paid period that ran outside of what was paid for stay used', () => {
    const testLedger = new TestLedger();
    testLedger.grant(45, 30);
    testLedger.now = 70;
    testLedger.alignWithPaidPeriod(0, [40, 60]);
    expect([testLedger.remainingHours, testLedger.until]).toEqual([25, 95]);
  });

  it('days behind a paid period are taken without touching those of others, over a gap too', () => {
    const testLedger = new TestLedger();
    const running = testLedger.grant(10);
    const waiting = testLedger.reward(45, 30);
    const behind = testLedger.grant(5, 30);
    testLedger.now = 4;
    testLedger.reverseOrRestore('reversal', waiting);
    expect([testLedger.windowOf(running), testLedger.windowOf(waiting), testLedger.windowOf(behind)]).toEqual(
      [[0, 10], null, [30, 35]],
    );
    testLedger.write({ kind: 'admin_revoke', target: behind });
    expect([testLedger.until, testLedger.remainingHours]).toEqual([10, 6]);
  });

  it('days behind a paid period leave nothing ahead of now when all of them are taken', () => {
    const testLedger = new TestLedger();
    const reward = testLedger.reward(45, 30);
    testLedger.now = 3;
    testLedger.reverseOrRestore('reversal', reward);
    expect([testLedger.until, testLedger.remainingHours]).toEqual([3, 0]);
  });

  it('days behind a paid period come back to a revoked reward only to be taken, and are restored with the rest', () => {
    const testLedger = new TestLedger();
    const reward = testLedger.reward(45, 30);
    testLedger.now = 33;
    testLedger.reverseOrRestore('reversal', reward);
    testLedger.alignWithPaidPeriod(60, [30, 60]);
    expect([testLedger.remainingHours, netOf(testLedger.entries)]).toEqual([0, 0]);
    testLedger.reverseOrRestore('restoration', reward);
    expect([testLedger.remainingHours, netOf(testLedger.entries)]).toEqual([45, 45]);
    testLedger.reverseOrRestore('reversal', reward);
    expect([testLedger.remainingHours, netOf(testLedger.entries)]).toEqual([0, 0]);
  });
});

describe('days that put off a charge', () => {
  const putOff = (from: number, until: number) => ({
    notBefore: dateAt(until),
    paidPeriod: { from: dateAt(from), until: dateAt(until) },
  });

  it('days that put off a charge are consumed by it, and all others wait behind it', () => {
    const testLedger = new TestLedger();
    const first = testLedger.reward(45, 30);
    const second = testLedger.reward(45, 30);
    const deferral = testLedger.write({ kind: 'deferral', target: first, ...putOff(30, 75) });
    expect([deferral.durationMs / hourMs, deferral.conversionId]).toEqual([-45, null]);
    expect([testLedger.windowOf(first), testLedger.windowOf(second), testLedger.remainingHours]).toEqual([
      null,
      [75, 120],
      45,
    ]);
  });

  it('days that put off a charge count as consumed by it also where they had begun to run before it was known', () => {
    const testLedger = new TestLedger();
    const first = testLedger.reward(45, 30);
    testLedger.reward(45, 30);
    testLedger.now = 32;
    expect(testLedger.write({ kind: 'deferral', target: first, ...putOff(30, 75) }).durationMs).toBe(
      -45 * hourMs,
    );
    expect(testLedger.remainingHours).toBe(45);
  });

  it('days that put off a charge are given back at most once', () => {
    const testLedger = new TestLedger();
    const deferral = testLedger.write({
      kind: 'deferral',
      target: testLedger.reward(45, 30),
      ...putOff(30, 75),
    });
    expect(testLedger.write({ kind: 'deferral', target: deferral, durationMs: 32 * hourMs }).durationMs).toBe(
      32 * hourMs,
    );
    expect(testLedger.write({ kind: 'deferral', target: deferral, durationMs: 32 * hourMs }).durationMs).toBe(
      13 * hourMs,
    );
    expect(testLedger.remainingHours).toBe(45);
  });

  it('days that put off a charge are taken when they come back to a reward that was reversed meanwhile', () => {
    const testLedger = new TestLedger();
    const reward = testLedger.reward(45, 30);
    const deferral = testLedger.write({ kind: 'deferral', target: reward, ...putOff(30, 75) });
    testLedger.now = 40;
    expect(testLedger.reverseOrRestore('reversal', reward).durationMs).toBe(0);
    testLedger.write({ kind: 'deferral', target: deferral, durationMs: 32 * hourMs });
    testLedger.completeRevocations();
    expect([testLedger.remainingHours, netOf(testLedger.entries)]).toEqual([0, 13]);
    testLedger.reverseOrRestore('restoration', reward);
    expect([testLedger.remainingHours, netOf(testLedger.entries)]).toEqual([32, 45]);
  });
});

type Move =
  | { do: 'grant'; hours: number; paidThrough: number }
  | { do: 'reverse'; which: number }
  | { do: 'follow'; through: number; covers: [number, number] };

/** What comes back by payments, is granted and is taken at one moment may come in any order. */
describe('any order at one moment', () => {
  const hours = fc.integer({ min: 1, max: 60 });
  const covers = fc.tuple(fc.nat(80), hours).map(([from, length]): [number, number] => [from, from + length]);
  const grant = fc.record({ do: fc.constant('grant' as const), hours, paidThrough: fc.nat(150) });
  const follow = fc.record({ do: fc.constant('follow' as const), through: fc.nat(150), covers });
  const before = fc.array(fc.record({ wait: fc.nat(20), hours, paidThrough: fc.nat(60) }), { maxLength: 4 });
  const batch = fc
    .tuple(fc.array(fc.oneof(grant, follow), { maxLength: 5 }), fc.uniqueArray(fc.nat(3), { maxLength: 3 }))
    .map(([moves, taken]): Move[] => [
      ...moves,
      ...taken.map((which) => ({ do: 'reverse' as const, which })),
    ]);

  it('any order at one moment leaves the same days, also after a restoration', () => {
    fc.assert(
      fc.property(before, fc.nat(30), batch, fc.infiniteStream(fc.nat()), (prior, wait, moves, numbers) => {
        const shuffled = [...moves]
          .map((move) => ({ move, key: Number(numbers.next().value ?? 0) }))
          .sort((a, b) => a.key - b.key)
          .map(({ move }) => move);
        expect(endOf(prior, wait, shuffled)).toEqual(endOf(prior, wait, moves));
      }),
      { numRuns: 1_000 },
    );
  });

  function endOf(prior: { wait: number; hours: number; paidThrough: number }[], wait: number, moves: Move[]) {
    const testLedger = new TestLedger();
    const rewards = prior.map(({ wait: waited, hours: length, paidThrough }) => {
      testLedger.now += waited;
      return testLedger.reward(length, paidThrough);
    });
    testLedger.now += wait;
    for (const move of moves) {
      if (move.do === 'grant') testLedger.grant(move.hours, move.paidThrough);
      else if (move.do === 'follow') testLedger.alignWithPaidPeriod(move.through, move.covers);
      else if (rewards[move.which] !== undefined)
        testLedger.reverseOrRestore('reversal', rewards[move.which] as CreditEntry);
    }
    const afterAll = testLedger.remainingHours;
    for (const move of moves)
      if (move.do === 'reverse' && rewards[move.which] !== undefined)
        testLedger.reverseOrRestore('restoration', rewards[move.which] as CreditEntry);
    return { afterAll, restored: testLedger.remainingHours };
  }
});
