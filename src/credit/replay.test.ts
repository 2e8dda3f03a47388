import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerLine, LineKind } from './ledger-line.js';
import { applyLine, lengthOf, replay, windowOf } from './replay.js';

const hour = 3_600_000;
const began = Date.parse('2026-01-01T00:00:00.000Z');

/** A line at `hours` after the beginning. */
function line(hours: number, kind: LineKind, more: Partial<LedgerLine> = {}): LedgerLine {
  return {
    id: `line-${Math.random()}`,
    userId: 'anna',
    seq: 0,
    at: new Date(began + hours * hour),
    kind,
    lengthMs: 0,
    untilAfter: null,
    conversionId: null,
    side: null,
    turn: null,
    reversesEntryId: null,
    referralId: null,
    noteId: null,
    rootId: null,
    anchorAt: null,
    covers: null,
    ...more,
  };
}

const hoursUntil = (lines: LedgerLine[]) => ((replay(lines).until ?? NaN) - began) / hour;
const grant = (at: number, hours: number, more: Partial<LedgerLine> = {}) =>
  line(at, 'admin_grant', { lengthMs: hours * hour, ...more });

describe('an account', () => {
  it('reaches nowhere before its first grant', () => {
    expect(replay([]).until).toBeNull();
  });

  it('stacks grants, and begins anew after a gap', () => {
    expect(hoursUntil([grant(0, 10), grant(3, 10)])).toBe(20);
    expect(hoursUntil([grant(0, 10), grant(15, 10)])).toBe(25);
  });

  it('gives back only what is left of the grant that is revoked; what stood behind moves up', () => {
    const first = grant(0, 10);
    const second = grant(0, 10);
    const revocation = line(4, 'admin_revoke', { reversesEntryId: first.id });
    const lines = [first, second, revocation];
    expect(hoursUntil(lines)).toBe(14);
    expect(windowOf(replay(lines), first.id)).toEqual({
      from: new Date(began),
      until: new Date(began + 4 * hour),
    });
    expect(windowOf(replay(lines), second.id)).toEqual({
      from: new Date(began + 4 * hour),
      until: new Date(began + 14 * hour),
    });
    expect(lengthOf(replay([first, second]), revocation)).toBe(-6 * hour);
  });

  it('is unchanged by a revocation of what was used up', () => {
    const used = grant(0, 5);
    const lines = [used, line(9, 'admin_revoke', { reversesEntryId: used.id })];
    expect(hoursUntil(lines)).toBe(5);
    expect(lengthOf(replay([used]), lines[1] as LedgerLine)).toBe(0);
  });

  it('takes a restored reward again, and only once', () => {
    const side = { conversionId: 'c', side: 'referrer' as const, referralId: 'r' };
    const reward = line(0, 'referral_referrer', { ...side, lengthMs: 10 * hour, turn: 0 });
    const reversal = line(2, 'reversal', { ...side, turn: 1, reversesEntryId: reward.id });
    const restoration = line(6, 'restoration', { ...side, turn: 2, reversesEntryId: reversal.id });
    const again = line(7, 'reversal', { ...side, turn: 3, reversesEntryId: restoration.id });
    expect(hoursUntil([reward, reversal])).toBe(2);
    expect(hoursUntil([reward, reversal, restoration])).toBe(14);
    expect(hoursUntil([reward, reversal, restoration, again])).toBe(7);
  });
});

/** The same account as hours on a shelf, each with its owner: slow, and too simple to be wrong. */
class Shelf {
  private ahead: number[] = [];
  private taken = new Map<number, number>();
  private now = 0;
  until: number | null = null;

  advance(hours: number): void {
    this.now += hours;
    this.ahead.splice(0, hours);
  }

  grant(owner: number, hours: number): void {
    this.ahead.push(...Array<number>(hours).fill(owner));
    if (hours > 0) this.until = this.now + this.ahead.length;
  }

  revoke(owner: number): void {
    const kept = this.ahead.filter((own) => own !== owner);
    const taken = this.ahead.length - kept.length;
    this.taken.set(owner, taken);
    this.ahead = kept;
    if (taken > 0) this.until = this.now + kept.length;
  }

  restore(owner: number): void {
    this.grant(owner, this.taken.get(owner) ?? 0);
    this.taken.set(owner, 0);
  }
}

type Step = { wait: number; grant: number } | { wait: number; flip: number };

describe('any history', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ wait: fc.nat(30), grant: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ wait: fc.nat(30), flip: fc.nat(8) }),
    ),
    { maxLength: 40 },
  );

  it('adds up to what hours on a shelf would', () => {
    fc.assert(
      fc.property(steps, (history) => expect(fold(history)).toEqual(shelve(history))),
      { numRuns: 500 },
    );
  });
});

/** Every step is a grant of a new owner, or the revocation (then restoration, and so on) of an earlier one. */
function fold(history: Step[]): (number | null)[] {
  let balance = replay([]);
  let at = 0;
  const last: LedgerLine[] = [];
  return history.map((step) => {
    at += step.wait;
    if ('grant' in step) {
      const side = { conversionId: `c${last.length}`, side: 'referred' as const, referralId: 'r' };
      last.push(line(at, 'referral_referred', { ...side, lengthMs: step.grant * hour }));
      balance = applyLine(balance, last.at(-1) as LedgerLine);
    } else if (last[step.flip] !== undefined) {
      const before = last[step.flip] as LedgerLine;
      const kind = before.kind === 'reversal' ? 'restoration' : 'reversal';
      const next = line(at, kind, {
        conversionId: before.conversionId,
        side: before.side,
        reversesEntryId: before.id,
      });
      const length = lengthOf(balance, next);
      last[step.flip] = { ...next, lengthMs: length };
      balance = applyLine(balance, next);
    }
    return balance.until === null ? null : (balance.until - began) / hour;
  });
}

function shelve(history: Step[]): (number | null)[] {
  const shelf = new Shelf();
  const standing: boolean[] = [];
  return history.map((step) => {
    shelf.advance(step.wait);
    if ('grant' in step) {
      shelf.grant(standing.length, step.grant);
      standing.push(true);
    } else if (standing[step.flip] !== undefined) {
      if (standing[step.flip]) shelf.revoke(step.flip);
      else shelf.restore(step.flip);
      standing[step.flip] = !standing[step.flip];
    }
    return shelf.until;
  });
}
