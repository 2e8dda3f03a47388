import type { CreditEntry, EntryKind, TimeRange } from './credit-entry.js';
import { balanceAfter, durationOf, type Balance } from './replay.js';

/**
 * A locked account as of `at`: now, or the time of its last entry where the clock went backwards.
 */
export interface LockedAccount {
  userId: string;
  history: CreditEntry[];
  balance: Balance;
  at: Date;
}

/**
 * What an entry is to do. `durationMs` counts for a grant, for what a deferral gives back, and for
 * days from another account; for other kinds it is derived. `revision` is given where this
 * account's entries do not show it.
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
 * The next entry of an account, with the duration and the end that follow from its history, and the
 * balance after it.
 */
export function buildEntry(
  account: LockedAccount,
  id: string,
  entryDraft: EntryDraft,
): { entry: CreditEntry; after: Balance } {
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
  const entry = { ...unmeasured, durationMs: durationOf(balance, unmeasured) };
  const after = balanceAfter(balance, entry);
  return { entry: { ...entry, untilAfter: after.until === null ? null : new Date(after.until) }, after };
}

function nextRevision(history: CreditEntry[], target: CreditEntry): number | null {
  if (target.conversionId === null) return null;
  const revisions = history.filter(
    (entry) => entry.conversionId === target.conversionId && entry.side === target.side,
  );
  return Math.max(...revisions.map((entry) => entry.revision ?? 0)) + 1;
}
