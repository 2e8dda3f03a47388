import type { CreditEntry, EntryKind, TimeRange } from './credit-entry.js';
import { applyEntry, durationOf, type Balance } from './replay.js';

/**
 * An account that is locked, as it is at `at`: the present, or its last line's moment where the
 * clock ran backwards.
 */
export interface LockedAccount {
  userId: string;
  history: CreditEntry[];
  balance: Balance;
  at: Date;
}

/**
 * What a line is to do. `lengthMs` counts only where it gives back what a deferral took, or brings
 * days from another account; all else is derived. `turn`: the turn of its conversion's side, where
 * this account's entries do not show it.
 */
export interface EntryDraft {
  kind: EntryKind;
  target?: CreditEntry;
  originEntryId?: string;
  revision?: number;
  durationMs?: number;
  notBefore?: Date | null;
  paidPeriod?: TimeRange | null;
  noteId?: string;
}

/**
 * The next line of an account, with the length and the end that its history gives it, and the
 * balance after it.
 */
export function buildEntry(
  account: LockedAccount,
  id: string,
  entryDraft: EntryDraft,
): { line: CreditEntry; after: Balance } {
  const { history, balance, userId, at } = account;
  const rewarded = entryDraft.kind === 'deferral' ? undefined : entryDraft.target;
  const unmeasured: CreditEntry = {
    id,
    userId,
    kind: entryDraft.kind,
    durationMs: entryDraft.durationMs ?? 0,
    untilAfter: null,
    seq: (history.at(-1)?.seq ?? 0) + 1,
    at,
    conversionId: rewarded?.conversionId ?? null,
    side: rewarded?.side ?? null,
    referralId: rewarded?.referralId ?? null,
    revision: rewarded === undefined ? null : (entryDraft.revision ?? nextRevision(history, rewarded)),
    reversesEntryId: entryDraft.target?.id ?? null,
    originEntryId: entryDraft.originEntryId ?? null,
    noteId: entryDraft.noteId ?? null,
    notBefore: entryDraft.notBefore ?? null,
    paidPeriod: entryDraft.paidPeriod ?? null,
  };
  const line = { ...unmeasured, durationMs: durationOf(balance, unmeasured) };
  const after = applyEntry(balance, line);
  return { line: { ...line, untilAfter: after.until === null ? null : new Date(after.until) }, after };
}

function nextRevision(history: CreditEntry[], target: CreditEntry): number | null {
  if (target.conversionId === null) return null;
  const revisions = history.filter(
    (line) => line.conversionId === target.conversionId && line.side === target.side,
  );
  return Math.max(...revisions.map((line) => line.revision ?? 0)) + 1;
}
