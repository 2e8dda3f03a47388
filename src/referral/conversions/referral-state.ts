import type { Tx } from '../../platform/database/tx.js';
import type { Review } from './conversion.js';
import type { RewardStatus } from './reward-status.js';
import { allAccountsSql } from '../../platform/merged-accounts.js';
import { toTerms, type Terms, type TermsRow } from '../terms/terms.js';

/** A referral's conversion, its reward status, and what the fraud rules and a person say of it. */
export interface ReferralState {
  conversion: { id: string; convertedAt: Date } | null;
  rewardStatus: RewardStatus | null;
  review: Review | null;
}

type ReferralStateRow = { conversion_id: string | null; converted_at: Date } & RewardStatus & {
    outcome: Review['outcome'] | null;
    decision: Review['decision'];
  };

/** A referral whose row is locked, with its state. */
export interface LockedReferralState extends ReferralState {
  referral: LockedReferral;
}

/** Locks the referral of `referredId` and loads its state, both sent at once; null for a direct sign-up. */
export async function loadForUpdate(tx: Tx, referredId: string): Promise<LockedReferralState | null> {
  const [referral, state] = await Promise.all([
    lockReferralOfUser(tx, referredId),
    loadState(tx, { referredId }),
  ]);
  return referral === null ? null : { referral, ...state };
}

/** Loads the state of a referral. A statement of its own, sent after the lock: it must see what was written meanwhile. */
export async function loadState(
  tx: Tx,
  key: { referralId: string } | { referredId: string },
): Promise<ReferralState> {
  const [column, value] = 'referralId' in key ? ['id', key.referralId] : ['referred_id', key.referredId];
  const rows: ReferralStateRow[] = await tx.query(
    `SELECT c.id AS conversion_id, c.converted_at, s.state, s.reasons, s.flags, s.holds, s.invoice_id AS "invoiceId",
       s.release_at AS "releaseAt", s.credited_at AS "creditedAt", s.capped, v.outcome, v.decision
     FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
     LEFT JOIN referral.reward_status s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id
     WHERE r.${column} = $1`,
    [value],
  );
  const row = rows[0];
  if (row === undefined) return { conversion: null, rewardStatus: null, review: null };
  const { state, reasons, flags, holds, invoiceId, releaseAt, creditedAt, capped } = row;
  const { conversion_id: id, converted_at: convertedAt, outcome, decision } = row;
  return {
    conversion: id === null ? null : { id, convertedAt },
    // the driver answers null for the columns of a missing row
    rewardStatus:
      (state as unknown) === null
        ? null
        : { state, reasons, flags, holds, invoiceId, releaseAt, creditedAt, capped },
    review: outcome === null ? null : { outcome, decision },
  };
}

/** A referral whose row is locked, with the terms it was made under. */
export interface LockedReferral {
  id: string;
  referrerId: string | null;
  referredId: string;
  linkedAt: Date;
  code: string;
  /** Its referrer, as a person, had reached a milestone when the lock was asked for, whether or not it still stands. */
  hasMilestones: boolean;
  terms: Terms;
}

type LockedReferralRow = Omit<LockedReferral, 'terms'> & TermsRow;

// terms never change, so they may be read by the statement that waits for the lock
const lockedReferralSql = `SELECT r.id, r.referrer_id AS "referrerId", r.referred_id AS "referredId", r.linked_at AS "linkedAt", r.code,
  EXISTS (SELECT 1 FROM referral.milestone m WHERE m.referrer_id = ANY(${allAccountsSql('r.referrer_id')})) AS "hasMilestones", t.*
  FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version`;

/** Locks the referral that `referredId` came with; null for a direct sign-up. */
export async function lockReferralOfUser(tx: Tx, referredId: string): Promise<LockedReferral | null> {
  const rows: LockedReferralRow[] = await tx.query(
    `${lockedReferralSql} WHERE r.referred_id = $1 FOR NO KEY UPDATE OF r`,
    [referredId],
  );
  return rows[0] === undefined ? null : toLockedReferral(rows[0]);
}

/** Locks a referral by its id; null for an unknown one. */
export async function lockReferral(tx: Tx, id: string): Promise<LockedReferral | null> {
  const rows: LockedReferralRow[] = await tx.query(
    `${lockedReferralSql} WHERE r.id = $1 FOR NO KEY UPDATE OF r`,
    [id],
  );
  return rows[0] === undefined ? null : toLockedReferral(rows[0]);
}

function toLockedReferral(row: LockedReferralRow): LockedReferral {
  const { id, referrerId, referredId, linkedAt, code, hasMilestones } = row;
  return { id, referrerId, referredId, linkedAt, code, hasMilestones, terms: toTerms(row) };
}
