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

/** A grant that is ready to be written. */
export interface GrantDraft {
  id: string;
  userId: string;
  kind: EntryKind;
  durationMs: number;
  notBefore: Date | null;
  reward?: { conversionId: string; referralId: string; side: Side };
  noteId?: string;
}

/** A line as it was written, and who its account is now. */
export interface GrantedEntry {
  entry: CreditEntry;
  currentOwnerId: string;
}

interface GrantedRow {
  ordinal: number;
  seq: string;
  at: Date;
  until: Date;
  current_owner_id: string;
}

/** Writes grants, one an account, in one call that takes the locks first. An account that is not there is left out. */
export async function insertGrants(
  tx: Tx,
  drafts: readonly GrantDraft[],
  now: Date,
): Promise<GrantedEntry[]> {
  const rows: GrantedRow[] = await tx.query(
    `SELECT ordinal, entry_seq AS seq, entry_at AS at, entry_until AS until, current_owner_id
     FROM credit.insert_grants($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      drafts.map(({ id }) => id),
      drafts.map(({ userId }) => userId),
      drafts.map(({ kind }) => kind),
      drafts.map(({ durationMs }) => durationMs),
      drafts.map(({ reward }) => reward?.conversionId ?? null),
      drafts.map(({ reward }) => reward?.referralId ?? null),
      drafts.map(({ reward }) => reward?.side ?? null),
      drafts.map(({ noteId }) => noteId ?? null),
      drafts.map(({ notBefore }) => notBefore),
      now,
    ],
  );
  return rows.flatMap((row) => {
    const draft = drafts[row.ordinal - 1];
    return draft === undefined
      ? []
      : [{ entry: toGrantedEntry(draft, row), currentOwnerId: row.current_owner_id }];
  });
}

function toGrantedEntry({ reward, noteId, ...draft }: GrantDraft, grantedRow: GrantedRow): CreditEntry {
  return {
    ...draft,
    seq: Number(grantedRow.seq),
    at: grantedRow.at,
    untilAfter: grantedRow.until,
    conversionId: reward?.conversionId ?? null,
    side: reward?.side ?? null,
    revision: reward === undefined ? null : 0,
    reversesEntryId: null,
    originEntryId: null,
    referralId: reward?.referralId ?? null,
    noteId: noteId ?? null,
    paidPeriod: null,
  };
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
