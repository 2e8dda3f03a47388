import type { LedgerLine, LineKind, Span } from './ledger-line.js';
import { applyLine, lengthOf, type Balance } from './replay.js';

/** An account that is locked, as it is at `at`: the present, or its last line's moment where the clock ran backwards. */
export interface OpenAccount {
  userId: string;
  history: LedgerLine[];
  balance: Balance;
  at: Date;
}

/**
 * What a line is to do. `lengthMs` counts only where it gives back what a deferral took, or brings days from another
 * account; all else is derived. `turn`: the turn of its conversion's side, where this account's lines do not tell.
 */
export interface Draft {
  kind: LineKind;
  of?: LedgerLine;
  rootId?: string;
  turn?: number;
  lengthMs?: number;
  anchorAt?: Date | null;
  covers?: Span | null;
  noteId?: string;
}

/** The next line of an account, with the length and the end that its history gives it, and the balance after it. */
export function nextLine(
  account: OpenAccount,
  id: string,
  draft: Draft,
): { line: LedgerLine; after: Balance } {
  const { history, balance, userId, at } = account;
  const rewarded = draft.kind === 'deferral' ? undefined : draft.of;
  const bare: LedgerLine = {
    id,
    userId,
    kind: draft.kind,
    lengthMs: draft.lengthMs ?? 0,
    untilAfter: null,
    seq: (history.at(-1)?.seq ?? 0) + 1,
    at,
    conversionId: rewarded?.conversionId ?? null,
    side: rewarded?.side ?? null,
    referralId: rewarded?.referralId ?? null,
    turn: rewarded === undefined ? null : (draft.turn ?? nextTurn(history, rewarded)),
    reversesEntryId: draft.of?.id ?? null,
    rootId: draft.rootId ?? null,
    noteId: draft.noteId ?? null,
    anchorAt: draft.anchorAt ?? null,
    covers: draft.covers ?? null,
  };
  const line = { ...bare, lengthMs: lengthOf(balance, bare) };
  const after = applyLine(balance, line);
  return { line: { ...line, untilAfter: after.until === null ? null : new Date(after.until) }, after };
}

function nextTurn(history: LedgerLine[], of: LedgerLine): number | null {
  if (of.conversionId === null) return null;
  const turns = history.filter((line) => line.conversionId === of.conversionId && line.side === of.side);
  return Math.max(...turns.map((line) => line.turn ?? 0)) + 1;
}
