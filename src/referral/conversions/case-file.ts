import type { Tx } from '../../platform/database/tx.js';
import type { Review } from './conversion.js';
import { lockReferralOf, type LinkedReferral } from './linked-referral.js';
import type { Standing } from './standing.js';

/** What is known of a locked referral: its conversion, how that stands, and what the rules and a person say. */
export interface CaseFile {
  made: { id: string; convertedAt: Date } | null;
  standing: Standing | null;
  review: Review | null;
}

type Row = { conversion_id: string | null; converted_at: Date } & Standing & {
    outcome: Review['outcome'] | null;
    decision: Review['decision'];
  };

/** A referral whose row is locked, with its file. */
export interface OpenCase extends CaseFile {
  linked: LinkedReferral;
}

/** Locks the referral that `referredId` came with, and reads its file, in one go; null for a direct sign-up. */
export async function openCase(tx: Tx, referredId: string): Promise<OpenCase | null> {
  const [linked, file] = await Promise.all([
    lockReferralOf(tx, referredId),
    readCaseFile(tx, { referredId }),
  ]);
  return linked === null ? null : { linked, ...file };
}

/** Reads the file of a referral. A statement of its own, sent after the lock: what was written meanwhile must be seen. */
export async function readCaseFile(
  tx: Tx,
  of: { referralId: string } | { referredId: string },
): Promise<CaseFile> {
  const [column, value] = 'referralId' in of ? ['id', of.referralId] : ['referred_id', of.referredId];
  const rows: Row[] = await tx.query(
    `SELECT c.id AS conversion_id, c.converted_at, s.state, s.reasons, s.flags, s.holds, s.invoice_id AS "invoiceId",
       s.release_at AS "releaseAt", s.credited_at AS "creditedAt", s.capped, v.outcome, v.decision
     FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
     LEFT JOIN referral.standing s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id
     WHERE r.${column} = $1`,
    [value],
  );
  const row = rows[0];
  if (row === undefined) return { made: null, standing: null, review: null };
  const { state, reasons, flags, holds, invoiceId, releaseAt, creditedAt, capped } = row;
  const { conversion_id: id, converted_at: convertedAt, outcome, decision } = row;
  return {
    made: id === null ? null : { id, convertedAt },
    // the driver answers null for the columns of a missing row
    standing:
      (state as unknown) === null
        ? null
        : { state, reasons, flags, holds, invoiceId, releaseAt, creditedAt, capped },
    review: outcome === null ? null : { outcome, decision },
  };
}
