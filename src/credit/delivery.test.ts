import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerLine } from './ledger-line.js';
import { nextLine, type Draft, type OpenAccount } from './next-line.js';
import { aheadOf } from './pieces.js';
import { replay, unfinishedRevocations, windowOf } from './replay.js';

const hour = 3_600_000;
const began = Date.parse('2026-01-01T00:00:00.000Z');
const moment = (hours: number) => new Date(began + hours * hour);

/** An account that is written to as the ledger does it, in hours since the beginning. */
class Book {
  readonly lines: LedgerLine[] = [];
  now = 0;

  private open(): OpenAccount {
    return { userId: 'anna', history: this.lines, balance: replay(this.lines), at: moment(this.now) };
  }

  write(draft: Draft): LedgerLine {
    const { line } = nextLine(this.open(), `line-${this.lines.length}`, draft);
    this.lines.push(line);
    return line;
  }

  reward(hours: number, paidThrough = 0, conversionId = `c${this.lines.length}`): LedgerLine {
    const of = { conversionId, side: 'referred', referralId: 'r' } as LedgerLine;
    const line = this.write({
      kind: 'referral_referred',
      of,
      lengthMs: hours * hour,
      anchorAt: moment(paidThrough),
    });
    return line;
  }

  grant(hours: number, paidThrough = 0): LedgerLine {
    return this.write({ kind: 'admin_grant', lengthMs: hours * hour, anchorAt: moment(paidThrough) });
  }

  turn(kind: 'reversal' | 'restoration', of: LedgerLine): LedgerLine {
    const latest = this.lines.findLast((line) => line.conversionId === of.conversionId) as LedgerLine;
    return this.write({ kind, of: latest, anchorAt: moment(this.now) });
  }

  follow(through: number, covers?: [number, number]): LedgerLine {
    const anchorAt = moment(Math.max(this.now, through));
    const shift = this.write({
      kind: 'shift',
      anchorAt,
      covers: covers === undefined ? null : { from: moment(covers[0]), until: moment(covers[1]) },
    });
    this.finish();
    return shift;
  }

  finish(): void {
    const { balance, at, history } = this.open();
    for (const id of unfinishedRevocations(balance, at.getTime())) {
      const of = history.find((line) => line.id === id) as LedgerLine;
      this.write({ kind: of.kind, of });
    }
  }

  /** Where the days of a line are, in hours; null where they are gone. */
  windowOf(line: LedgerLine): [number, number] | null {
    const window = windowOf(replay(this.lines), line.id);
    return window === null ? null : [hoursOf(window.from), hoursOf(window.until)];
  }

  get left(): number {
    return aheadOf(replay(this.lines).pieces, began + this.now * hour) / hour;
  }

  get until(): number | null {
    const { until } = replay(this.lines);
    return until === null ? null : hoursOf(new Date(until));
  }
}

const hoursOf = (at: Date) => (at.getTime() - began) / hour;
const netOf = (lines: LedgerLine[]) =>
  lines.filter((line) => line.conversionId !== null).reduce((sum, line) => sum + line.lengthMs, 0) / hour;

describe('days behind a paid period', () => {
  it('begin when it ends, and move on with a renewal', () => {
    const book = new Book();
    const reward = book.reward(45, 30);
    expect(book.windowOf(reward)).toEqual([30, 75]);
    book.now = 29;
    expect(book.follow(60).lengthMs).toBe(0);
    expect([book.windowOf(reward), book.until, book.left]).toEqual([[60, 105], 105, 45]);
  });

  it('come back to now when the subscription ends early', () => {
    const book = new Book();
    const first = book.grant(10, 30);
    const second = book.grant(10, 30);
    book.now = 12;
    book.follow(0);
    expect([book.windowOf(first), book.windowOf(second)]).toEqual([
      [12, 22],
      [22, 32],
    ]);
  });

  it('that ran before a renewal was told are ahead again, in their order', () => {
    const book = new Book();
    const first = book.grant(2, 30);
    const second = book.grant(10, 30);
    book.now = 33;
    expect(book.left).toBe(9);
    expect(book.follow(60, [30, 60]).lengthMs).toBe(3 * hour);
    expect([book.windowOf(first), book.windowOf(second), book.left]).toEqual([[60, 62], [62, 72], 12]);
    expect(book.follow(60, [30, 60]).lengthMs).toBe(0);
  });

  it('that ran outside of what was paid for stay used', () => {
    const book = new Book();
    book.grant(45, 30);
    book.now = 70;
    book.follow(0, [40, 60]);
    expect([book.left, book.until]).toEqual([25, 95]);
  });

  it('are taken without touching those of others, over a gap too', () => {
    const book = new Book();
    const running = book.grant(10);
    const waiting = book.reward(45, 30);
    const behind = book.grant(5, 30);
    book.now = 4;
    book.turn('reversal', waiting);
    expect([book.windowOf(running), book.windowOf(waiting), book.windowOf(behind)]).toEqual([
      [0, 10],
      null,
      [30, 35],
    ]);
    book.write({ kind: 'admin_revoke', of: behind });
    expect([book.until, book.left]).toEqual([10, 6]);
  });

  it('leave nothing ahead of now when all of them are taken', () => {
    const book = new Book();
    const reward = book.reward(45, 30);
    book.now = 3;
    book.turn('reversal', reward);
    expect([book.until, book.left]).toEqual([3, 0]);
  });

  it('come back to a revoked reward only to be taken, and are restored with the rest', () => {
    const book = new Book();
    const reward = book.reward(45, 30);
    book.now = 33;
    book.turn('reversal', reward);
    book.follow(60, [30, 60]);
    expect([book.left, netOf(book.lines)]).toEqual([0, 0]);
    book.turn('restoration', reward);
    expect([book.left, netOf(book.lines)]).toEqual([45, 45]);
    book.turn('reversal', reward);
    expect([book.left, netOf(book.lines)]).toEqual([0, 0]);
  });
});

describe('days that put off a charge', () => {
  const putOff = (from: number, until: number) => ({
    anchorAt: moment(until),
    covers: { from: moment(from), until: moment(until) },
  });

  it('are consumed by it, and all others wait behind it', () => {
    const book = new Book();
    const first = book.reward(45, 30);
    const second = book.reward(45, 30);
    const deferral = book.write({ kind: 'deferral', of: first, ...putOff(30, 75) });
    expect([deferral.lengthMs / hour, deferral.conversionId]).toEqual([-45, null]);
    expect([book.windowOf(first), book.windowOf(second), book.left]).toEqual([null, [75, 120], 45]);
  });

  it('count as consumed by it also where they had begun to run before it was known', () => {
    const book = new Book();
    const first = book.reward(45, 30);
    book.reward(45, 30);
    book.now = 32;
    expect(book.write({ kind: 'deferral', of: first, ...putOff(30, 75) }).lengthMs).toBe(-45 * hour);
    expect(book.left).toBe(45);
  });

  it('are given back at most once', () => {
    const book = new Book();
    const deferral = book.write({ kind: 'deferral', of: book.reward(45, 30), ...putOff(30, 75) });
    expect(book.write({ kind: 'deferral', of: deferral, lengthMs: 32 * hour }).lengthMs).toBe(32 * hour);
    expect(book.write({ kind: 'deferral', of: deferral, lengthMs: 32 * hour }).lengthMs).toBe(13 * hour);
    expect(book.left).toBe(45);
  });

  it('are taken when they come back to a reward that was reversed meanwhile', () => {
    const book = new Book();
    const reward = book.reward(45, 30);
    const deferral = book.write({ kind: 'deferral', of: reward, ...putOff(30, 75) });
    book.now = 40;
    expect(book.turn('reversal', reward).lengthMs).toBe(0);
    book.write({ kind: 'deferral', of: deferral, lengthMs: 32 * hour });
    book.finish();
    expect([book.left, netOf(book.lines)]).toEqual([0, 13]);
    book.turn('restoration', reward);
    expect([book.left, netOf(book.lines)]).toEqual([32, 45]);
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

  it('leaves the same days, also after what was taken is given back', () => {
    fc.assert(
      fc.property(before, fc.nat(30), batch, fc.infiniteStream(fc.nat()), (prior, wait, moves, numbers) => {
        const shuffled = [...moves]
          .map((move) => ({ move, key: numbers.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ move }) => move);
        expect(endOf(prior, wait, shuffled)).toEqual(endOf(prior, wait, moves));
      }),
      { numRuns: 1_000 },
    );
  });

  function endOf(prior: { wait: number; hours: number; paidThrough: number }[], wait: number, moves: Move[]) {
    const book = new Book();
    const rewards = prior.map(({ wait: waited, hours: length, paidThrough }) => {
      book.now += waited;
      return book.reward(length, paidThrough);
    });
    book.now += wait;
    for (const move of moves) {
      if (move.do === 'grant') book.grant(move.hours, move.paidThrough);
      else if (move.do === 'follow') book.follow(move.through, move.covers);
      else if (rewards[move.which] !== undefined) book.turn('reversal', rewards[move.which] as LedgerLine);
    }
    const afterAll = book.left;
    for (const move of moves)
      if (move.do === 'reverse' && rewards[move.which] !== undefined)
        book.turn('restoration', rewards[move.which] as LedgerLine);
    return { afterAll, restored: book.left };
  }
});
