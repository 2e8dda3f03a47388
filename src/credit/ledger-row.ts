import type { LedgerLine, LineKind, Side } from './ledger-line.js';

/** A row of credit.entry as the driver gives it: bigints are strings. */
export interface LineRow {
  id: string;
  user_id: string;
  seq: string;
  at: Date;
  kind: LineKind;
  length_ms: string;
  until_after: Date | null;
  conversion_id: string | null;
  side: Side | null;
  turn: number | null;
  reverses_entry_id: string | null;
  referral_id: string | null;
  note_id: string | null;
}

/** The line that a row holds. Lengths stay far below 2^53 ms, so numbers are exact. */
export function lineOf(row: LineRow): LedgerLine {
  return {
    id: row.id,
    userId: row.user_id,
    seq: Number(row.seq),
    at: row.at,
    kind: row.kind,
    lengthMs: Number(row.length_ms),
    untilAfter: row.until_after,
    conversionId: row.conversion_id,
    side: row.side,
    turn: row.turn,
    reversesEntryId: row.reverses_entry_id,
    referralId: row.referral_id,
    noteId: row.note_id,
  };
}
