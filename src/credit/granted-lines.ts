import type { Tx } from '../platform/database/tx.js';
import type { LedgerLine, LineKind, Side } from './ledger-line.js';

/** A grant that is ready to be written. */
export interface DraftGrant {
  id: string;
  userId: string;
  kind: LineKind;
  lengthMs: number;
  anchorAt: Date | null;
  reward?: { conversionId: string; referralId: string; side: Side };
  noteId?: string;
}

/** A line as it was written, and who its account is now. */
export interface Granted {
  line: LedgerLine;
  personId: string;
}

interface Row {
  ordinal: number;
  seq: string;
  at: Date;
  until: Date;
  person_id: string;
}

/** Writes grants, one an account, in one call that takes the locks first. An account that is not there is left out. */
export async function insertGrants(tx: Tx, drafts: readonly DraftGrant[], now: Date): Promise<Granted[]> {
  const rows: Row[] = await tx.query(
    `SELECT ordinal, line_seq AS seq, line_at AS at, line_until AS until, person_id
     FROM credit.grant_lines($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      drafts.map(({ id }) => id),
      drafts.map(({ userId }) => userId),
      drafts.map(({ kind }) => kind),
      drafts.map(({ lengthMs }) => lengthMs),
      drafts.map(({ reward }) => reward?.conversionId ?? null),
      drafts.map(({ reward }) => reward?.referralId ?? null),
      drafts.map(({ reward }) => reward?.side ?? null),
      drafts.map(({ noteId }) => noteId ?? null),
      drafts.map(({ anchorAt }) => anchorAt),
      now,
    ],
  );
  return rows.flatMap((row) => {
    const draft = drafts[row.ordinal - 1];
    return draft === undefined ? [] : [{ line: lineOf(draft, row), personId: row.person_id }];
  });
}

function lineOf({ reward, noteId, ...draft }: DraftGrant, row: Row): LedgerLine {
  return {
    ...draft,
    seq: Number(row.seq),
    at: row.at,
    untilAfter: row.until,
    conversionId: reward?.conversionId ?? null,
    side: reward?.side ?? null,
    turn: reward === undefined ? null : 0,
    reversesEntryId: null,
    rootId: null,
    referralId: reward?.referralId ?? null,
    noteId: noteId ?? null,
    covers: null,
  };
}
