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

/** A balance that the entries of a history change, one after the other. */
export interface RunningBalance extends Balance {
  until: number | null;
  intervals: Interval[];
  takenByRevocation: Map<string, number>;
  deferredByEntry: Map<string, number>;
  grantKeys: Map<string, string>;
  revocationByGrant: Map<string, string>;
}

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
  const balance = newBalance();
  for (const entry of entries) applyEntry(balance, entry);
  return balance;
}

/** The balance of an account without entries. */
export function newBalance(): RunningBalance {
  return {
    until: null,
    intervals: [],
    takenByRevocation: new Map(),
    deferredByEntry: new Map(),
    grantKeys: new Map(),
    revocationByGrant: new Map(),
  };
}

/** The balance after one more entry. */
export function balanceAfter(before: Balance, entry: CreditEntry): Balance {
  const balance: RunningBalance = {
    until: before.until,
    intervals: [...before.intervals],
    takenByRevocation: new Map(before.takenByRevocation),
    deferredByEntry: new Map(before.deferredByEntry),
    grantKeys: new Map(before.grantKeys),
    revocationByGrant: new Map(before.revocationByGrant),
  };
  applyEntry(balance, entry);
  return balance;
}

/**
 * Changes `balance` by one more entry. The entry's `durationMs` is used only where it adds days;
 * for other kinds the duration is derived from the balance.
 */
export function applyEntry(balance: RunningBalance, entry: CreditEntry): void {
  const context = contextOf(balance, entry);
  const isOutgoingTransfer = entry.kind === 'transfer' && isOutgoing(balance, context);
  balance.grantKeys.set(entry.id, context.grantKey);
  if (isGrant(entry.kind)) grantAgain(balance, context, entry.durationMs);
  else if (isRevocation(entry.kind)) revoke(balance, context);
  else if (entry.kind === 'restoration') grantAgain(balance, context, durationOf(balance, entry));
  else if (entry.kind === 'shift') shift(balance, context, paidPeriodMs(entry));
  else if (isOutgoingTransfer) setIntervals(balance, cutOwn(balance, context).pieces, context.at);
  else if (entry.kind === 'transfer') grant(balance, context, entry.durationMs);
  else if (balance.deferredByEntry.has(context.targetId))
    returnDeferred(balance, context, durationOf(balance, entry));
  else defer(balance, context, paidPeriodMs(entry));
}

/**
 * The windows that entries cover now, by entry id; none of an entry that covers none. Of several
 * intervals, the last.
 */
export function windowsOf({ intervals }: Balance): ReadonlyMap<string, { from: Date; until: Date }> {
  return new Map(
    intervals.map(({ entryId, from, until }) => [entryId, { from: new Date(from), until: new Date(until) }]),
  );
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
  const withDays = new Set(
    balance.intervals.flatMap(({ grantKey, until }) => (until > at ? [grantKey] : [])),
  );
  return [...balance.revocationByGrant].flatMap(([owner, lineId]) => (withDays.has(owner) ? [lineId] : []));
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

/** Grants; the grant is not revoked from then on. */
function grantAgain(balance: RunningBalance, context: EntryContext, durationMs: number): void {
  balance.revocationByGrant.delete(context.grantKey);
  grant(balance, context, durationMs);
}

function grant(
  balance: RunningBalance,
  { entryId, grantKey, notBefore }: EntryContext,
  durationMs: number,
): void {
  if (durationMs === 0) return;
  const from = Math.max(notBefore, balance.until ?? notBefore);
  balance.until = from + durationMs;
  balance.intervals.push({ entryId, grantKey, from, until: balance.until });
}

function revoke(balance: RunningBalance, context: EntryContext): void {
  const { pieces, takenMs } = cutOwn(balance, context);
  const earlier = balance.takenByRevocation.get(context.targetId) ?? 0;
  setIntervals(balance, pieces, context.at);
  balance.takenByRevocation.set(context.entryId, earlier + takenMs);
  balance.revocationByGrant.set(context.grantKey, context.entryId);
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

function shift(balance: RunningBalance, context: EntryContext, reportedPeriod: MsRange | null): void {
  setIntervals(balance, moveBehindPaidPeriod(balance, context, reportedPeriod).pieces, context.at);
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
function defer(balance: RunningBalance, context: EntryContext, reportedPeriod: MsRange | null): void {
  const { pieces, takenMs } = cutDeferred(balance, context, reportedPeriod);
  setIntervals(balance, pieces, context.at);
  balance.deferredByEntry.set(context.entryId, takenMs);
}

function cutDeferred(before: Balance, context: EntryContext, reportedPeriod: MsRange | null) {
  const { pieces } = moveBehindPaidPeriod(before, context, reportedPeriod);
  return cut(pieces, context.at, (piece) => piece.entryId === context.targetId);
}

function returnDeferred(balance: RunningBalance, context: EntryContext, durationMs: number): void {
  const deferredMs = balance.deferredByEntry.get(context.targetId) ?? 0;
  balance.deferredByEntry.set(context.targetId, deferredMs - durationMs);
  grant(balance, context, durationMs);
}

/**
 * Replaces the intervals. `until` becomes their end; where none is left, `at`; where none was left
 * before either, it stays.
 */
function setIntervals(balance: RunningBalance, pieces: Interval[], at: number): void {
  if (remainingMs(pieces, at) > 0) balance.until = pieces.at(-1)?.until ?? balance.until;
  else if (remainingMs(balance.intervals, at) > 0) balance.until = at;
  balance.intervals = pieces;
}

function paidPeriodMs({ paidPeriod }: CreditEntry): MsRange | null {
  return paidPeriod === null ? null : { from: paidPeriod.from.getTime(), until: paidPeriod.until.getTime() };
}

function negate(durationMs: number): number {
  return durationMs === 0 ? 0 : -durationMs;
}
