import type { Reward } from '../../credit/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { accountsOfPerson } from '../../platform/persons.js';
import { termsOf, type Terms, type TermsRow } from '../terms/terms.js';

/** A referral whose row is locked, with the terms it was made under. */
export interface LinkedReferral {
  id: string;
  referrerId: string | null;
  referredId: string;
  linkedAt: Date;
  code: string;
  /** Its referrer, as a person, had reached a milestone when the lock was asked for, whether or not it still stands. */
  hasMilestones: boolean;
  terms: Terms;
}

type Row = Omit<LinkedReferral, 'terms'> & TermsRow;

// terms never change, so they may be read by the statement that waits for the lock
const locked = `SELECT r.id, r.referrer_id AS "referrerId", r.referred_id AS "referredId", r.linked_at AS "linkedAt", r.code,
  EXISTS (SELECT 1 FROM referral.milestone m WHERE m.referrer_id = ANY(${accountsOfPerson('r.referrer_id')})) AS "hasMilestones", t.*
  FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version`;

/** Locks the referral that `referredId` came with; null for a direct sign-up. */
export async function lockReferralOf(tx: Tx, referredId: string): Promise<LinkedReferral | null> {
  const rows: Row[] = await tx.query(`${locked} WHERE r.referred_id = $1 FOR NO KEY UPDATE OF r`, [
    referredId,
  ]);
  return rows[0] === undefined ? null : linkedReferral(rows[0]);
}

/** Locks a referral by its id; null for an unknown one. */
export async function lockReferral(tx: Tx, id: string): Promise<LinkedReferral | null> {
  const rows: Row[] = await tx.query(`${locked} WHERE r.id = $1 FOR NO KEY UPDATE OF r`, [id]);
  return rows[0] === undefined ? null : linkedReferral(rows[0]);
}

/** Who shared the code, as far as that is somebody else who is still there. */
export function rewardedReferrer({ referrerId, referredId }: LinkedReferral): string | null {
  return referrerId === referredId ? null : referrerId;
}

/** The newcomer is credited whatever became of the referrer; somebody on both ends is credited once. */
export function rewardsOf(linked: LinkedReferral, { capped }: { capped: boolean }): Reward[] {
  const { terms, referredId } = linked;
  const referrerId = capped ? null : rewardedReferrer(linked);
  const own: Reward = { side: 'referred', userId: referredId, days: terms.referredDays };
  const theirs: Reward[] =
    referrerId === null ? [] : [{ side: 'referrer', userId: referrerId, days: terms.referrerDays }];
  return [...theirs, own].filter(({ days }) => days > 0);
}

function linkedReferral(row: Row): LinkedReferral {
  const { id, referrerId, referredId, linkedAt, code, hasMilestones } = row;
  return { id, referrerId, referredId, linkedAt, code, hasMilestones, terms: termsOf(row) };
}
