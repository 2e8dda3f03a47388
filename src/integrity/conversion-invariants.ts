import { Database } from '../platform/database/database.js';
import { dayMs } from '../platform/durations.js';

/** A contradiction in what is stored; `userId` is the user it concerns, where it is one. */
export interface Discrepancy {
  userId: string | null;
  problem: string;
}

/**
 * How referrals, payments and credit must agree. Each rule is one statement, so one snapshot, that
 * finds what breaks it. They read tables of several modules, so they are above them.
 */
const invariants: string[] = [
  `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' did not credit its referred user' AS problem
   FROM referral.conversion c JOIN referral.reward_status s ON s.conversion_id = c.id
   JOIN referral.referral r ON r.id = c.referral_id JOIN referral.terms t ON t.version = r.terms_version
   LEFT JOIN credit.entry e ON e.conversion_id = c.id AND e.side = 'referred' AND e.revision = 0
   WHERE e.id IS NULL AND s.credited_at IS NOT NULL AND t.referred_days > 0`,
  `SELECT r.referrer_id AS "userId", 'conversion ' || c.id || ' did not credit its referrer' AS problem
   FROM referral.conversion c JOIN referral.referral r ON r.id = c.referral_id
   JOIN referral.reward_status s ON s.conversion_id = c.id JOIN referral.terms t ON t.version = r.terms_version
   LEFT JOIN credit.entry e ON e.conversion_id = c.id AND e.side = 'referrer' AND e.revision = 0
   WHERE r.referrer_id IS NOT NULL AND r.referrer_id <> r.referred_id AND e.id IS NULL AND s.credited_at IS NOT NULL
     AND NOT s.capped AND t.referrer_days > 0`,
  `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' has no reward status' AS problem
   FROM referral.conversion c LEFT JOIN referral.reward_status s ON s.conversion_id = c.id WHERE s.conversion_id IS NULL`,
  `SELECT e.user_id AS "userId", 'conversion ' || e.conversion_id || ' never stood, but was credited' AS problem
   FROM referral.reward_status s JOIN credit.entry e ON e.conversion_id = s.conversion_id AND e.revision = 0
   WHERE s.credited_at IS NULL`,
  `SELECT e.user_id AS "userId", 'conversion ' || e.conversion_id || ' is ' || s.state || ', its last entry is a ' || e.kind AS problem
   FROM referral.reward_status s JOIN LATERAL (
     SELECT DISTINCT ON (side) user_id, conversion_id, kind FROM credit.entry
     WHERE conversion_id = s.conversion_id ORDER BY side, revision DESC) e ON true
   WHERE e.kind <> 'admin_revoke' AND NOT s.capped AND (s.state = 'granted') = (e.kind = 'reversal')`,
  `SELECT e.user_id AS "userId", 'entry ' || e.id || ' rewards a conversion that does not exist' AS problem
   FROM credit.entry e LEFT JOIN referral.conversion c ON c.id = e.conversion_id
   WHERE e.conversion_id IS NOT NULL AND c.id IS NULL`,
  `SELECT e.user_id AS "userId", 'entry ' || e.id || ' names another referral, or another person, than its conversion' AS problem
   FROM credit.entry e JOIN referral.conversion c ON c.id = e.conversion_id
   JOIN referral.referral r ON r.id = c.referral_id
   WHERE e.referral_id <> r.id
      OR e.user_id <> CASE e.side WHEN 'referred' THEN r.referred_id ELSE coalesce(r.referrer_id, e.user_id) END
        AND NOT EXISTS (SELECT 1 FROM credit.entry brought WHERE brought.conversion_id = e.conversion_id AND brought.side = e.side
          AND brought.user_id = e.user_id AND brought.revision <= e.revision AND brought.kind = 'transfer' AND brought.duration_ms > 0)`,
  `SELECT r.referred_id AS "userId", 'referral ' || r.id || ' was ended by a merge, and converted all the same' AS problem
   FROM referral.referral r JOIN referral.conversion c ON c.referral_id = r.id WHERE r.closed_at IS NOT NULL`,
  `SELECT e.user_id AS "userId", 'entry ' || e.id || ' is not as long as its terms say' AS problem
   FROM credit.entry e JOIN referral.referral r ON r.id = e.referral_id
   JOIN referral.terms t ON t.version = r.terms_version
   WHERE e.revision = 0
     AND e.duration_ms <> ${dayMs}::bigint * CASE e.side WHEN 'referrer' THEN t.referrer_days ELSE t.referred_days END`,
  `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' has no payment of its referred user' AS problem
   FROM referral.conversion c LEFT JOIN billing.invoice i ON i.id = c.invoice_id AND i.user_id = c.referred_id
   WHERE i.id IS NULL`,
  `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' is not of the referred user of its referral' AS problem
   FROM referral.conversion c JOIN referral.referral r ON r.id = c.referral_id WHERE r.referred_id <> c.referred_id`,
];

/** Finds what breaks the rules, rule by rule. */
export async function* findConversionDiscrepancies(database: Database): AsyncGenerator<Discrepancy> {
  for (const rule of invariants) yield* await database.query<Discrepancy>(rule);
}
