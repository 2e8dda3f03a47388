import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { CreditEntry, EntryKind } from './credit-entry.js';
import { applyEntry, durationOf, replay, windowOf } from './replay.js';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-01-01T00:00:00.000Z');

/** A line at `hours` after the beginning. */
function entry(hours: number, kind: EntryKind, more: Partial<CreditEntry> = {}): CreditEntry {
  return {
    id: `line-${Math.random()}`,
    userId: 'anna',
    seq: 0,
    at: new Date(startMs + hours * hourMs),
    kind,
    durationMs: 0,
    untilAfter: null,
    conversionId: null,
    side: null,
    revision: null,
    reversesEntryId: null,
    referralId: null,
    noteId: null,
    originEntryId: null,
    notBefore: null,
    paidPeriod: null,
    ...more,
  };
}

const hoursUntil = (lines: CreditEntry[]) => ((replay(lines).until ?? NaN) - startMs) / hourMs;
const grant = (at: number, hours: number, more: Partial<CreditEntry> = {}) =>
  entry(at, 'admin_grant', { durationMs: hours * hourMs, ...more });

describe('an account', () => {
  it('an account reaches nowhere before its first grant', () => {
    expect(replay([]).until).toBeNull();
  });

  it('an account stacks grants, and begins again after a gap', () => {
    expect(hoursUntil([grant(0, 10), grant(3, 10)])).toBe(20);
    expect(hoursUntil([grant(0, 10), grant(15, 10)])).toBe(25);
  });

  it('an account gives back only what is left of the grant that is revoked; what stood behind moves up', () => {
    const first = grant(0, 10);
    const second = grant(0, 10);
    const revocation = entry(4, 'admin_revoke', { reversesEntryId: first.id });
    const lines = [first, second, revocation];
    expect(hoursUntil(lines)).toBe(14);
    expect(windowOf(replay(lines), first.id)).toEqual({
      from: new Date(startMs),
      until: new Date(startMs + 4 * hourMs),
    });
    expect(windowOf(replay(lines), second.id)).toEqual({
      from: new Date(startMs + 4 * hourMs),
      until: new Date(startMs + 14 * hourMs),
    });
    expect(durationOf(replay([first, second]), revocation)).toBe(-6 * hourMs);
  });

  it('an account is unchanged by a revocation of what was used up', () => {
    const used = grant(0, 5);
    const lines = [used, entry(9, 'admin_revoke', { reversesEntryId: used.id })];
    expect(hoursUntil(lines)).toBe(5);
    expect(durationOf(replay([used]), lines[1] as CreditEntry)).toBe(0);
  });

  it('an account takes a restored reward again, and only once', () => {
    const side = { conversionId: 'c', side: 'referrer' as const, referralId: 'r' };
    const reward = entry(0, 'referral_referrer', { ...side, durationMs: 10 * hourMs, revision: 0 });
    const reversal = entry(2, 'reversal', { ...side, revision: 1, reversesEntryId: reward.id });
    const restoration = entry(6, 'restoration', { ...side, revision: 2, reversesEntryId: reversal.id });
    const again = entry(7, 'reversal', { ...side, revision: 3, reversesEntryId: restoration.id });
    expect(hoursUntil([reward, reversal])).toBe(2);
    expect(hoursUntil([reward, reversal, restoration])).toBe(14);
    expect(hoursUntil([reward, reversal, restoration, again])).toBe(7);
  });
});

/** The same account as hours on a shelf, each with its owner: slow, and too simple to be wrong. */
class HourByHourModel {
  private remainingHours: number[] = [];
  private taken = new Map<number, number>();
  private now = 0;
  until: number | null = null;

  advance(hours: number): void {
    this.now += hours;
    this.remainingHours.splice(0, hours);
  }

  grant(owner: number, hours: number): void {
    this.remainingHours.push(...Array<number>(hours).fill(owner));
    if (hours > 0) this.until = this.now + this.remainingHours.length;
  }

  revoke(owner: number): void {
    const kept = this.remainingHours.filter((own) => own !== owner);
    const taken = this.remainingHours.length - kept.length;
    this.taken.set(owner, taken);
    this.remainingHours = kept;
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

  it('any history adds up to the same as a list of single hours', () => {
    fc.assert(
      fc.property(steps, (history) => void expect(replayHistory(history)).toEqual(replayHourByHour(history))),
      { numRuns: 500 },
    );
  });
});

/** Every step is a grant of a new owner, or the revocation (then restoration, and so on) of an earlier one. */
function replayHistory(history: Step[]): (number | null)[] {
  let balance = replay([]);
  let at = 0;
  const last: CreditEntry[] = [];
  return history.map((step) => {
    at += step.wait;
    if ('grant' in step) {
      const side = { conversionId: `c${last.length}`, side: 'referred' as const, referralId: 'r' };
      last.push(entry(at, 'referral_referred', { ...side, durationMs: step.grant * hourMs }));
      balance = applyEntry(balance, last.at(-1) as CreditEntry);
    } else if (last[step.flip] !== undefined) {
      const before = last[step.flip] as CreditEntry;
      const kind = before.kind === 'reversal' ? 'restoration' : 'reversal';
      const next = entry(at, kind, {
        conversionId: before.conversionId,
        side: before.side,
        reversesEntryId: before.id,
      });
      const length = durationOf(balance, next);
      last[step.flip] = { ...next, durationMs: length };
      balance = applyEntry(balance, next);
    }
    return balance.until === null ? null : (balance.until - startMs) / hourMs;
  });
}

function replayHourByHour(history: Step[]): (number | null)[] {
  const hourByHourModel = new HourByHourModel();
  const standing: boolean[] = [];
  return history.map((step) => {
    hourByHourModel.advance(step.wait);
    if ('grant' in step) {
      hourByHourModel.grant(standing.length, step.grant);
      standing.push(true);
    } else if (standing[step.flip] !== undefined) {
      if (standing[step.flip]) hourByHourModel.revoke(step.flip);
      else hourByHourModel.restore(step.flip);
      standing[step.flip] = !standing[step.flip];
    }
    return hourByHourModel.until;
  });
}
