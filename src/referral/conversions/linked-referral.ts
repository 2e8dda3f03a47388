import type { Reward } from '../../credit/index.js';
import type { Tx } from '../../platform/database/tx.js';

/** A referral whose row is locked, with what its terms promise. Days are whole days. */
export interface LinkedReferral {
  id: string;
  referrerId: string | null;
  referredId: string;
  linkedAt: Date;
  code: string;
  referrerDays: number;
  referredDays: number;
}

const locked = `SELECT r.id, r.referrer_id AS "referrerId", r.referred_id AS "referredId", r.linked_at AS "linkedAt", r.code,
  t.referrer_days AS "referrerDays", t.referred_days AS "referredDays"
  FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version`;

/** Locks the referral that `referredId` came with; null for a direct sign-up. */
export async function lockReferralOf(tx: Tx, referredId: string): Promise<LinkedReferral | null> {
  const rows: LinkedReferral[] = await tx.query(`${locked} WHERE r.referred_id = $1 FOR NO KEY UPDATE OF r`, [
    referredId,
  ]);
  return rows[0] ?? null;
}

/** Locks a referral by its id; null for an unknown one. */
export async function lockReferral(tx: Tx, id: string): Promise<LinkedReferral | null> {
  const rows: LinkedReferral[] = await tx.query(`${locked} WHERE r.id = $1 FOR NO KEY UPDATE OF r`, [id]);
  return rows[0] ?? null;
}

/** The newcomer is credited whatever became of the referrer; somebody on both ends is credited once. */
export function rewardsOf(linked: LinkedReferral): Reward[] {
  const own: Reward = { side: 'referred', userId: linked.referredId, days: linked.referredDays };
  if (linked.referrerId === null || linked.referrerId === linked.referredId) return [own];
  return [{ side: 'referrer', userId: linked.referrerId, days: linked.referrerDays }, own];
}
