import { isGrant, isRevocation, type CreditEntry } from './credit-entry.js';
import { remainingMs, moveBehind, cut, type Interval, type MsRange } from './intervals.js';

/** What an account's history adds up to. `until` is null while nothing was ever granted. */
export interface Balance {
  until: number | null;
  intervals: readonly Interval[];
  /** What each revocation took, together with the revocations that it continues, by its id. */
  takenByRevocation: ReadonlyMap<string, number>;
  /** What each deferral took and has not given back, by its id. */
  deferredByEntry: ReadonlyMap<string, number>;
  grantKeys: ReadonlyMap<string, string>;
  /** The last revocation of every grant that is revoked now, by `grantKey`. */
  revocationByGrant: ReadonlyMap<string, string>;
}

const empty: Balance = {
  until: null,
  intervals: [],
  takenByRevocation: new Map(),
  deferredByEntry: new Map(),
  grantKeys: new Map(),
  revocationByGrant: new Map(),
};

/** What an entry acts on, and when. */
interface EntryContext {
  entryId: string;
  grantKey: string;
  at: number;
  notBefore: number;
  targetId: string;
}

/** Replays a history, oldest entry first, to its balance. */
export function replay(entries: readonly CreditEntry[]): Balance {
  return entries.reduce(applyEntry, empty);
}

/**
 * The balance after one more entry. Its `durationMs` is used only where it adds days; for other
 * kinds the duration is derived from the balance.
 */
export function applyEntry(before: Balance, entry: CreditEntry): Balance {
  const context = contextOf(before, entry);
  const known = { ...before, grantKeys: new Map(before.grantKeys).set(entry.id, context.grantKey) };
  if (isGrant(entry.kind)) return grant(clearRevocation(known, context), context, entry.durationMs);
  if (isRevocation(entry.kind)) return revoke(known, context);
  if (entry.kind === 'restoration')
    return grant(clearRevocation(known, context), context, durationOf(before, entry));
  if (entry.kind === 'shift') return shift(known, context, paidPeriodMs(entry));
  if (entry.kind === 'transfer')
    return isOutgoing(before, context)
      ? transferOut(known, context)
      : grant(known, context, entry.durationMs);
  if (before.deferredByEntry.has(context.targetId))
    return returnDeferred(known, context, durationOf(before, entry));
  return defer(known, context, paidPeriodMs(entry));
}

/**
 * The window that an entry covers now; null when it covers none. Of several intervals, the last.
 */
export function windowOf(balance: Balance, entryId: string): { from: Date; until: Date } | null {
  const own = balance.intervals.filter((piece) => piece.entryId === entryId).at(-1);
  return own === undefined ? null : { from: new Date(own.from), until: new Date(own.until) };
}

/** The signed duration of an entry in milliseconds, given the balance before it. */
export function durationOf(before: Balance, entry: CreditEntry): number {
  const context = contextOf(before, entry);
  switch (entry.kind) {
    case 'restoration':
      return before.takenByRevocation.get(context.targetId) ?? 0;
    case 'reversal':
    case 'admin_revoke':
      return negate(cutOwn(before, context).takenMs);
    case 'transfer':
      return isOutgoing(before, context) ? negate(cutOwn(before, context).takenMs) : entry.durationMs;
    case 'shift':
      return moveBehindPaidPeriod(before, context, paidPeriodMs(entry)).returnedMs;
    case 'deferral': {
      const deferredMs = before.deferredByEntry.get(context.targetId);
      if (deferredMs !== undefined) return Math.min(deferredMs, Math.max(0, entry.durationMs));
      return negate(cutDeferred(before, context, paidPeriodMs(entry)).takenMs);
    }
    default:
      return entry.durationMs;
  }
}

/** Revocations of grants that have days after `at` all the same, because days came back later. */
export function incompleteRevocations(balance: Balance, at: number): string[] {
  return [...balance.revocationByGrant].flatMap(([owner, lineId]) => {
    const own = balance.intervals.filter((piece) => piece.grantKey === owner);
    return remainingMs(own, at) > 0 ? [lineId] : [];
  });
}

function contextOf(before: Balance, entry: CreditEntry): EntryContext {
  const at = entry.at.getTime();
  return {
    entryId: entry.id,
    grantKey: grantKeyOf(before, entry),
    at,
    notBefore: Math.max(at, entry.notBefore?.getTime() ?? at),
    targetId: entry.reversesEntryId ?? '',
  };
}

/**
 * The key that all entries of one grant share: for a reward its conversion and side, through all
 * revisions; for any other grant its own id, in any account.
 */
function grantKeyOf(before: Balance, entry: CreditEntry): string {
  if (entry.conversionId !== null) return `${entry.conversionId}/${entry.side}`;
  if (entry.originEntryId !== null) return entry.originEntryId;
  if (entry.reversesEntryId !== null)
    return before.grantKeys.get(entry.reversesEntryId) ?? entry.reversesEntryId;
  return entry.id;
}

function clearRevocation(before: Balance, { grantKey }: EntryContext): Balance {
  const revoked = new Map(before.revocationByGrant);
  revoked.delete(grantKey);
  return { ...before, revocationByGrant: revoked };
}

function grant(before: Balance, { entryId, grantKey, notBefore }: EntryContext, durationMs: number): Balance {
  if (durationMs === 0) return before;
  const from = Math.max(notBefore, before.until ?? notBefore);
  const until = from + durationMs;
  return { ...before, until, intervals: [...before.intervals, { entryId, grantKey, from, until }] };
}

function revoke(before: Balance, context: EntryContext): Balance {
  const { pieces, takenMs } = cutOwn(before, context);
  const earlier = before.takenByRevocation.get(context.targetId) ?? 0;
  return {
    ...withIntervals(before, pieces, context.at),
    takenByRevocation: new Map(before.takenByRevocation).set(context.entryId, earlier + takenMs),
    revocationByGrant: new Map(before.revocationByGrant).set(context.grantKey, context.entryId),
  };
}

function cutOwn({ intervals }: Balance, { at, grantKey }: EntryContext) {
  return cut(intervals, at, (piece) => piece.grantKey === grantKey);
}

/**
 * A transfer that acts on an entry of this account takes its days away; one that acts on an entry
 * of another account adds them here.
 */
function isOutgoing(before: Balance, { targetId }: EntryContext): boolean {
  return before.grantKeys.has(targetId);
}

function transferOut(before: Balance, context: EntryContext): Balance {
  return withIntervals(before, cutOwn(before, context).pieces, context.at);
}

function shift(before: Balance, context: EntryContext, reportedPeriod: MsRange | null): Balance {
  return withIntervals(before, moveBehindPaidPeriod(before, context, reportedPeriod).pieces, context.at);
}

function moveBehindPaidPeriod(
  { intervals }: Balance,
  { at, notBefore }: EntryContext,
  reportedPeriod: MsRange | null,
) {
  return moveBehind(intervals, { at, anchor: notBefore, covered: reportedPeriod });
}

/**
 * The days of one entry become the time by which a charge was deferred; all other days wait behind
 * it.
 */
function defer(before: Balance, context: EntryContext, reportedPeriod: MsRange | null): Balance {
  const { pieces, takenMs } = cutDeferred(before, context, reportedPeriod);
  return {
    ...withIntervals(before, pieces, context.at),
    deferredByEntry: new Map(before.deferredByEntry).set(context.entryId, takenMs),
  };
}

function cutDeferred(before: Balance, context: EntryContext, reportedPeriod: MsRange | null) {
  const { pieces } = moveBehindPaidPeriod(before, context, reportedPeriod);
  return cut(pieces, context.at, (piece) => piece.entryId === context.targetId);
}

function returnDeferred(before: Balance, context: EntryContext, durationMs: number): Balance {
  const deferredMs = before.deferredByEntry.get(context.targetId) ?? 0;
  const deferred = new Map(before.deferredByEntry).set(context.targetId, deferredMs - durationMs);
  return grant({ ...before, deferredByEntry: deferred }, context, durationMs);
}

/**
 * Replaces the intervals. `until` becomes their end; where none is left, `at`; where none was left
 * before either, it stays.
 */
function withIntervals(before: Balance, pieces: readonly Interval[], at: number): Balance {
  if (remainingMs(pieces, at) > 0)
    return { ...before, intervals: pieces, until: pieces.at(-1)?.until ?? before.until };
  return { ...before, intervals: pieces, until: remainingMs(before.intervals, at) > 0 ? at : before.until };
}

function paidPeriodMs({ paidPeriod }: CreditEntry): MsRange | null {
  return paidPeriod === null ? null : { from: paidPeriod.from.getTime(), until: paidPeriod.until.getTime() };
}

function negate(durationMs: number): number {
  return durationMs === 0 ? 0 : -durationMs;
}
