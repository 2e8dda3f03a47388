import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { withRequiredCounts, type ReachedMilestone } from './milestone-rules.js';

/** A limit of the programme that is not what its conversions add up to. `userId`: whom it concerns, or the version. */
export interface LimitDiscrepancy {
  userId: string;
  problem: string;
}

/** The milestones of each person, and how many of their invitations stand, as {@link Milestones} counts. */
const milestonesSql = `SELECT own.person AS "userId", own.reached, coalesce(n.standing, 0)::integer AS "grantedCount"
  FROM (
    SELECT platform.current_account_of(m.referrer_id) AS person,
      json_agg(json_build_object('accountId', m.referrer_id, 'ordinal', m.ordinal, 'every', t.milestone_every,
        'isGranted', m.is_granted, 'isLimited', b.terms_version IS NOT NULL) ORDER BY m.ordinal, m.referrer_id) AS reached
    FROM referral.milestone m JOIN referral.terms t ON t.version = m.terms_version
    LEFT JOIN referral.budget b ON b.terms_version = m.terms_version GROUP BY 1) own
  LEFT JOIN (
    SELECT platform.current_account_of(r.referrer_id) AS person, count(*) AS standing FROM referral.referral r
    JOIN referral.conversion c ON c.referral_id = r.id JOIN referral.reward_status s ON s.conversion_id = c.id
    WHERE r.referrer_id <> r.referred_id AND s.state = 'granted' AND NOT s.capped GROUP BY 1) n USING (person)`;

interface MilestoneCheckRow {
  userId: string;
  grantedCount: number;
  reached: (ReachedMilestone & { isLimited: boolean })[];
}

/** Each rule is one statement, so one snapshot, that finds what breaks it. */
const invariants: string[] = [
  `SELECT 'terms ' || b.terms_version AS "userId",
     'the budget of terms ' || b.terms_version || ' says ' || b.reserved_ms || ' ms taken; its rewards take ' || r.reserved_ms AS problem
   FROM referral.budget b CROSS JOIN LATERAL (
     SELECT coalesce(sum(reserved_ms), 0) AS reserved_ms FROM (
       SELECT reserved_ms FROM referral.reward_reservation WHERE terms_version = b.terms_version
       UNION ALL SELECT reserved_ms FROM referral.milestone WHERE terms_version = b.terms_version) AS each) r
   WHERE b.reserved_ms <> r.reserved_ms`,
  `SELECT 'terms ' || t.version AS "userId", 'terms ' || t.version || ' have a budget that was never opened' AS problem
   FROM referral.terms t LEFT JOIN referral.budget b ON b.terms_version = t.version
   WHERE t.budget_days IS NOT NULL AND b.limit_ms IS DISTINCT FROM t.budget_days * ${dayMs}::bigint`,
  `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' is ' || s.state || ' and takes no place under its limits' AS problem
   FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id
   JOIN referral.referral r ON r.id = c.referral_id JOIN referral.terms t ON t.version = r.terms_version
   LEFT JOIN referral.reward_reservation k ON k.conversion_id = c.id
   WHERE s.state <> 'reversed' AND num_nonnulls(t.cap_conversions, t.budget_days) > 0
     AND (k.conversion_id IS NULL
       OR (NOT s.capped AND NOT k.uses_cap AND t.referrer_days > 0 AND r.referrer_id <> r.referred_id))`,
  `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' is reversed and keeps its place in the cap' AS problem
   FROM referral.reward_reservation k JOIN referral.conversion c ON c.id = k.conversion_id
   JOIN referral.reward_status s ON s.conversion_id = c.id WHERE k.uses_cap AND s.state = 'reversed'`,
  `SELECT k.referrer_id::text AS "userId", 'conversion ' || k.conversion_id || ' is one too many for the cap of its referrer' AS problem
   FROM referral.reward_reservation k JOIN referral.terms t ON t.version = k.terms_version
   WHERE k.uses_cap AND t.cap_conversions IS NOT NULL AND t.cap_conversions < (
     SELECT count(*) FROM referral.reward_reservation o WHERE o.referrer_id = k.referrer_id AND o.uses_cap AND o.reserved_at <= k.reserved_at
       AND (t.cap_window_days IS NULL
         OR o.reserved_at > k.reserved_at - make_interval(hours => 24 * t.cap_window_days))
       -- of the same moment only those of the same version: which of two versions came first is not known
       AND (o.reserved_at < k.reserved_at OR (o.terms_version = k.terms_version AND o.conversion_id <= k.conversion_id)))`,
];

const overdueSql = `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' was due at ' || s.release_at || ' and is still held' AS problem
  FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id
  WHERE s.state = 'held' AND s.holds @> '{refund_window}' AND s.release_at < $1`;

/** Recounts what conversions take of caps and budgets, and which milestones they add up to. */
@Injectable()
export class LimitVerifier {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Finds what does not add up, and rewards that should have arrived a day ago. */
  async *findDiscrepancies(): AsyncGenerator<LimitDiscrepancy> {
    for (const rule of invariants) yield* await this.database.query<LimitDiscrepancy>(rule);
    yield* this.milestones();
    yield* await this.database.query<LimitDiscrepancy>(overdueSql, [addMs(this.clock.now(), -dayMs)]);
  }

  /** Finds milestones that do not stand as far as the invitations of their person do. */
  async *milestones(): AsyncGenerator<LimitDiscrepancy> {
    for (const of of await this.database.query<MilestoneCheckRow>(milestonesSql))
      yield* milestoneProblems(of);
  }
}

/** A budget that was used up may keep a milestone from coming back. */
function* milestoneProblems({
  userId,
  grantedCount,
  reached,
}: MilestoneCheckRow): Generator<LimitDiscrepancy> {
  for (const { ordinal, requiredCount, isGranted, isLimited } of withRequiredCounts(reached)) {
    if (isGranted === requiredCount <= grantedCount || (!isGranted && isLimited)) continue;
    const actualText = isGranted ? 'is granted' : 'is reversed';
    yield { userId, problem: `milestone ${ordinal} ${actualText} with ${grantedCount} granted invitations` };
  }
}
