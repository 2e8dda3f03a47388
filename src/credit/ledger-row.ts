import type { Tx } from '../platform/database/tx.js';
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
  root_id: string | null;
  referral_id: string | null;
  note_id: string | null;
  anchor_at: Date | null;
  covers_from: Date | null;
  covers_until: Date | null;
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
    rootId: row.root_id,
    referralId: row.referral_id,
    noteId: row.note_id,
    anchorAt: row.anchor_at,
    covers:
      row.covers_from === null || row.covers_until === null
        ? null
        : { from: row.covers_from, until: row.covers_until },
  };
}

/** Writes a line; the database moves the account to what it is after it. The account is locked. */
export async function insertLine(tx: Tx, line: LedgerLine): Promise<void> {
  const row: Record<keyof LineRow, unknown> = {
    id: line.id,
    user_id: line.userId,
    seq: line.seq,
    at: line.at,
    kind: line.kind,
    length_ms: line.lengthMs,
    until_after: line.untilAfter,
    conversion_id: line.conversionId,
    side: line.side,
    turn: line.turn,
    reverses_entry_id: line.reversesEntryId,
    root_id: line.rootId,
    referral_id: line.referralId,
    note_id: line.noteId,
    anchor_at: line.anchorAt,
    covers_from: line.covers?.from ?? null,
    covers_until: line.covers?.until ?? null,
  };
  const names = Object.keys(row);
  await tx.query(
    `INSERT INTO credit.entry (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
}
