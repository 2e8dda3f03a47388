import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { CreditEntry, EntryKind } from './credit-entry.js';
import { applyEntry, durationOf, incompleteRevocations, newBalance, replay, windowsOf } from './replay.js';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-01-01T00:00:00.000Z');

/** An entry at `hours` after the beginning. */
function entry(hours: number, kind: EntryKind, more: Partial<CreditEntry> = {}): CreditEntry {
  return {
    id: `entry-${Math.random()}`,
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

const hoursUntil = (entries: CreditEntry[]) => ((replay(entries).until ?? NaN) - startMs) / hourMs;
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
    const entries = [first, second, revocation];
    expect(hoursUntil(entries)).toBe(14);
    expect(windowsOf(replay(entries)).get(first.id)).toEqual({
      from: new Date(startMs),
      until: new Date(startMs + 4 * hourMs),
    });
    expect(windowsOf(replay(entries)).get(second.id)).toEqual({
      from: new Date(startMs + 4 * hourMs),
      until: new Date(startMs + 14 * hourMs),
    });
    expect(durationOf(replay([first, second]), revocation)).toBe(-6 * hourMs);
  });

  it('an account is unchanged by a revocation of what was used up', () => {
    const used = grant(0, 5);
    const entries = [used, entry(9, 'admin_revoke', { reversesEntryId: used.id })];
    expect(hoursUntil(entries)).toBe(5);
    expect(durationOf(replay([used]), entries[1] as CreditEntry)).toBe(0);
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

describe('a restoration', () => {
  it('a restoration of what was used up gives nothing back, and moves no end', () => {
    const used = grant(0, 5);
    const revocation = entry(9, 'admin_revoke', { reversesEntryId: used.id });
    const restoration = entry(12, 'restoration', { reversesEntryId: revocation.id });
    expect(hoursUntil([used, revocation, restoration])).toBe(5);
    expect(durationOf(replay([used, revocation]), restoration)).toBe(0);
  });

  it('both sides of one conversion in one account are taken back each by itself', () => {
    const reward = (side: 'referrer' | 'referred') =>
      entry(0, `referral_${side}`, { conversionId: 'c', side, durationMs: 10 * hourMs });
    const [own, other] = [reward('referrer'), reward('referred')];
    const reversal = entry(2, 'reversal', { conversionId: 'c', side: 'referrer', reversesEntryId: own.id });
    expect(hoursUntil([own, other, reversal])).toBe(12);
    expect(windowsOf(replay([own, other, reversal])).get(other.id)?.from).toEqual(
      new Date(startMs + 2 * hourMs),
    );
  });
});

describe('a transfer', () => {
  const own = grant(0, 10);
  const outgoing = entry(4, 'transfer', { reversesEntryId: own.id, originEntryId: own.id });
  const incoming = entry(4, 'transfer', {
    ...{ reversesEntryId: 'transfer-elsewhere', originEntryId: 'grant-elsewhere', durationMs: 6 * hourMs },
  });

  it('a transfer to another account takes what is left of the grant, and nothing of others', () => {
    expect(durationOf(replay([own]), outgoing)).toBe(-6 * hourMs);
    expect(hoursUntil([own, outgoing])).toBe(4);
    expect(hoursUntil([own, grant(0, 5), outgoing])).toBe(9);
  });

  it('a transfer from another account brings as many days as it says', () => {
    expect(durationOf(replay([]), incoming)).toBe(6 * hourMs);
    expect(hoursUntil([incoming])).toBe(10);
    expect(hoursUntil([own, incoming])).toBe(16);
  });

  it('days that came from another account still belong to their grant', () => {
    const revocation = entry(7, 'admin_revoke', { reversesEntryId: incoming.id });
    expect(durationOf(replay([incoming]), revocation)).toBe(-3 * hourMs);
    const next = entry(8, 'transfer', { reversesEntryId: incoming.id, originEntryId: 'grant-elsewhere' });
    expect(durationOf(replay([incoming]), next)).toBe(-2 * hourMs);
  });

  it('days of a reward belong to its side of the conversion, whichever entry brought them', () => {
    const side = { conversionId: 'c', side: 'referrer' as const };
    const reward = entry(0, 'referral_referrer', { ...side, durationMs: 10 * hourMs });
    const reversal = entry(3, 'reversal', { ...side, reversesEntryId: reward.id });
    const back = { ...incoming, ...side };
    expect(incompleteRevocations(replay([reward, reversal, back]), startMs + 5 * hourMs)).toEqual([
      reversal.id,
    ]);
  });

  it('days that come back to a revoked grant have yet to be taken', () => {
    const revocation = entry(3, 'admin_revoke', { reversesEntryId: own.id });
    const back = { ...incoming, originEntryId: own.id };
    const at = (hours: number) => startMs + hours * hourMs;
    expect(incompleteRevocations(replay([own, grant(0, 5), revocation]), at(4))).toEqual([]);
    const balance = replay([own, revocation, back]);
    expect(incompleteRevocations(balance, at(9))).toEqual([revocation.id]);
    expect(incompleteRevocations(balance, at(10))).toEqual([]);
    const restoration = entry(5, 'restoration', { reversesEntryId: revocation.id });
    expect(incompleteRevocations(replay([own, revocation, back, restoration]), at(6))).toEqual([]);
  });
});

it('of days in several stretches, the window is the last one', () => {
  const used = grant(0, 10);
  const shift = entry(4, 'shift', { notBefore: new Date(startMs + 20 * hourMs) });
  expect(windowsOf(replay([used, shift])).get(used.id)).toEqual({
    from: new Date(startMs + 20 * hourMs),
    until: new Date(startMs + 26 * hourMs),
  });
  expect(windowsOf(replay([used, shift])).get('another entry')).toBeUndefined();
  expect(replay([used, shift]).deferredByEntry.size).toBe(0);
});

it('days begin when they are granted, even where they may begin earlier', () => {
  expect(hoursUntil([grant(5, 10, { notBefore: new Date(startMs) })])).toBe(15);
  expect(hoursUntil([grant(5, 10, { notBefore: new Date(startMs + 7 * hourMs) })])).toBe(17);
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

/**
 * Every step is a grant of a new owner, or the revocation (then restoration, and so on) of an
 * earlier one.
 */
function replayHistory(history: Step[]): (number | null)[] {
  const balance = newBalance();
  let at = 0;
  const last: CreditEntry[] = [];
  return history.map((step) => {
    at += step.wait;
    if ('grant' in step) {
      const side = { conversionId: `c${last.length}`, side: 'referred' as const, referralId: 'r' };
      last.push(entry(at, 'referral_referred', { ...side, durationMs: step.grant * hourMs }));
      applyEntry(balance, last.at(-1) as CreditEntry);
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
      applyEntry(balance, next);
    }
    return balance.until === null ? null : (balance.until - startMs) / hourMs;
  });
}

function replayHourByHour(history: Step[]): (number | null)[] {
  const hourByHourModel = new HourByHourModel();
  const isGranted: boolean[] = [];
  return history.map((step) => {
    hourByHourModel.advance(step.wait);
    if ('grant' in step) {
      hourByHourModel.grant(isGranted.length, step.grant);
      isGranted.push(true);
    } else if (isGranted[step.flip] !== undefined) {
      if (isGranted[step.flip]) hourByHourModel.revoke(step.flip);
      else hourByHourModel.restore(step.flip);
      isGranted[step.flip] = !isGranted[step.flip];
    }
    return hourByHourModel.until;
  });
}
