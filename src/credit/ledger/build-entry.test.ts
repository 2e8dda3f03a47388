import { describe, expect, it } from 'vitest';
import { buildEntry, type EntryDraft } from './build-entry.js';
import type { CreditEntry } from './credit-entry.js';
import { replay } from './replay.js';

const dayMs = 86_400_000;
const at = new Date('2026-11-01T12:00:00.000Z');
const later = (days: number) => new Date(at.getTime() + days * dayMs);
const inTenDays = later(10);

/** What the account of Anna gets next, after a history. */
const next = (history: CreditEntry[], draft: EntryDraft) =>
  buildEntry({ userId: 'anna', history, balance: replay(history), at }, `entry-${history.length + 1}`, draft);
const grant: CreditEntry = {
  ...{ id: 'grant', userId: 'anna', seq: 3, at, kind: 'admin_grant' },
  ...{ durationMs: dayMs, untilAfter: later(1) },
  ...{ conversionId: null, side: null, referralId: null, revision: null },
  ...{ reversesEntryId: null, originEntryId: null, noteId: null, notBefore: null, paidPeriod: null },
};
const reward: CreditEntry = {
  ...grant,
  ...{ id: 'reward', seq: 7, kind: 'referral_referrer', durationMs: 10 * dayMs, untilAfter: inTenDays },
  ...{ conversionId: 'c1', side: 'referrer', referralId: 'r1', revision: 0 },
};

describe('the next entry of an account', () => {
  it('the first entry is number 1, and has nothing that it was not given', () => {
    const { entry, after } = next([], { kind: 'admin_grant', durationMs: 10 * dayMs });
    expect(entry).toEqual({
      ...{ id: 'entry-1', userId: 'anna', seq: 1, at, kind: 'admin_grant' },
      ...{ durationMs: 10 * dayMs, untilAfter: inTenDays },
      ...{ conversionId: null, side: null, referralId: null, revision: null },
      ...{ reversesEntryId: null, originEntryId: null, noteId: null, notBefore: null, paidPeriod: null },
    });
    expect(after.until).toBe(inTenDays.getTime());
  });

  it('an entry keeps the note, the start and the paid period that it was given', () => {
    const given = {
      ...{ noteId: 'n1', originEntryId: 'o1', notBefore: inTenDays },
      paidPeriod: { from: at, until: inTenDays },
    };
    expect(next([], { kind: 'admin_grant', durationMs: dayMs, ...given }).entry).toMatchObject({
      ...given,
      untilAfter: later(11),
    });
  });

  it('an account that never had credit has no end', () => {
    expect(next([], { kind: 'shift' }).entry).toMatchObject({ durationMs: 0, untilAfter: null });
  });

  it('a reversal belongs to its reward, follows the last entry, and takes what is left', () => {
    expect(next([reward], { kind: 'reversal', target: reward }).entry).toMatchObject({
      ...{ seq: 8, durationMs: -10 * dayMs, untilAfter: at, reversesEntryId: 'reward' },
      ...{ conversionId: 'c1', side: 'referrer', referralId: 'r1', revision: 1 },
    });
  });

  it.each([
    ['each change of a reward is one more', { revision: 4 }, 5],
    ['the other side of the conversion counts by itself', { side: 'referred', revision: 4 }, 1],
    ['another conversion counts by itself', { conversionId: 'c2', revision: 4 }, 1],
  ] as const)('revisions: %s', (_, more, revision) => {
    const history = [reward, { ...reward, id: 'other', seq: 8, ...more }];
    expect(next(history, { kind: 'reversal', target: reward }).entry.revision).toBe(revision);
  });

  it('a revision that was given counts, as for a reward that was in several accounts', () => {
    expect(next([reward], { kind: 'reversal', target: reward, revision: 9 }).entry.revision).toBe(9);
  });

  it('what takes back another grant has no revision', () => {
    expect(next([grant], { kind: 'admin_revoke', target: grant }).entry).toMatchObject({
      ...{ seq: 4, reversesEntryId: 'grant', conversionId: null, revision: null },
    });
  });

  it('a deferral names the entry whose days it takes, and is no change of its reward', () => {
    const paidPeriod = { from: inTenDays, until: later(20) };
    const draft: EntryDraft = { kind: 'deferral', target: reward, notBefore: later(20), paidPeriod };
    expect(next([reward], draft).entry).toMatchObject({
      ...{ durationMs: -10 * dayMs, reversesEntryId: 'reward' },
      ...{ conversionId: null, side: null, referralId: null, revision: null },
    });
  });
});
