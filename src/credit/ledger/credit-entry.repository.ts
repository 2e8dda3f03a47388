import type { Tx, Queryable } from '../../platform/database/tx.js';
import type { CreditEntry, EntryKind, Side } from './credit-entry.js';

/** A row of credit.entry as the driver gives it: bigints are strings. */
export interface CreditEntryRow {
  id: string;
  user_id: string;
  seq: string;
  at: Date;
  kind: EntryKind;
  duration_ms: string;
  until_after: Date | null;
  conversion_id: string | null;
  side: Side | null;
  revision: number | null;
  reverses_entry_id: string | null;
  origin_entry_id: string | null;
  referral_id: string | null;
  note_id: string | null;
  not_before: Date | null;
  paid_period_from: Date | null;
  paid_period_until: Date | null;
}

/** The line that a row holds. Lengths stay far below 2^53 ms, so numbers are exact. */
export function toEntry(row: CreditEntryRow): CreditEntry {
  return {
    id: row.id,
    userId: row.user_id,
    seq: Number(row.seq),
    at: row.at,
    kind: row.kind,
    durationMs: Number(row.duration_ms),
    untilAfter: row.until_after,
    conversionId: row.conversion_id,
    side: row.side,
    revision: row.revision,
    reversesEntryId: row.reverses_entry_id,
    originEntryId: row.origin_entry_id,
    referralId: row.referral_id,
    noteId: row.note_id,
    notBefore: row.not_before,
    paidPeriod:
      row.paid_period_from === null || row.paid_period_until === null
        ? null
        : { from: row.paid_period_from, until: row.paid_period_until },
  };
}

/** Writes a line; the database moves the account to what it is after it. The account is locked. */
export async function insertEntry(tx: Tx, entry: CreditEntry): Promise<void> {
  const row: Record<keyof CreditEntryRow, unknown> = {
    id: entry.id,
    user_id: entry.userId,
    seq: entry.seq,
    at: entry.at,
    kind: entry.kind,
    duration_ms: entry.durationMs,
    until_after: entry.untilAfter,
    conversion_id: entry.conversionId,
    side: entry.side,
    revision: entry.revision,
    reverses_entry_id: entry.reversesEntryId,
    origin_entry_id: entry.originEntryId,
    referral_id: entry.referralId,
    note_id: entry.noteId,
    not_before: entry.notBefore,
    paid_period_from: entry.paidPeriod?.from ?? null,
    paid_period_until: entry.paidPeriod?.until ?? null,
  };
  const names = Object.keys(row);
  await tx.query(
    `INSERT INTO credit.entry (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
}

/** All entries of one account, oldest first. */
export async function findEntries(db: Queryable, userId: string): Promise<CreditEntry[]> {
  const rows = await db.query<CreditEntryRow>(`SELECT * FROM credit.entry WHERE user_id = $1 ORDER BY seq`, [
    userId,
  ]);
  return rows.map(toEntry);
}

/** Entries that meet a condition on one parameter. `where` is written in the code, never taken from input. */
export async function selectEntries(tx: Tx, where: string, parameter: string): Promise<CreditEntry[]> {
  const rows: CreditEntryRow[] = await tx.query(`SELECT * FROM credit.entry WHERE ${where}`, [parameter]);
  return rows.map(toEntry);
}

/** The lines that grant, turn or move the same days as `entryId` does, in whichever account they are. */
export function findRelatedEntries(
  db: Queryable,
  entryId: string,
): Promise<{ id: string; userId: string }[]> {
  return db.query(
    `SELECT e.id, e.user_id AS "userId" FROM credit.entry one
     JOIN credit.entry root ON root.id = coalesce(one.origin_entry_id, one.id)
     JOIN credit.entry e ON e.id = root.id OR e.origin_entry_id = root.id
       OR (e.conversion_id = root.conversion_id AND e.side = root.side)
     WHERE one.id = $1`,
    [entryId],
  );
}
