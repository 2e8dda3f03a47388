import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { enqueueWrite, type Queryable, type Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import { allAccountsSql } from '../../platform/merged-accounts.js';
import type { Review } from '../conversions/reward-status.js';
import type { FraudFindingDto } from '../invites/invite.dto.js';
import type { FraudRuleDto } from '../referral.dto.js';
import type { Hit, RuleInput, RuleSetting, SharedSignal } from './rule-evaluation.js';

const maxRingSize = 6;
/**
 * The rules ask for a few; thousands behind one mailbox or network must not slow a sign-in down.
 */
const maxPeoplePerSignal = 100;
/**
 * SQL for the signals of some accounts, an array. Each is looked up by its account: a plan from
 * when the table was small would read every signal of a kind.
 */
const signalsOfSql = (accounts: string) =>
  `(SELECT s.kind, s.hash FROM unnest(${accounts}) AS own_account (id)
    CROSS JOIN LATERAL (SELECT * FROM referral.signal WHERE user_id = own_account.id OFFSET 0) s)`;
const strongKinds = `('mailbox', 'customer', 'card')`;

/** Of each rule so many hits are looked at for its statistics and for what a change would do. */
export const maxRecentHits = 1_000;

/** A rule as it is set; `changedAt` null: as it came with the release. */
export interface StoredRule extends RuleSetting {
  changedAt: Date | null;
}

/**
 * A rule, and of the referrals that it hit lately how many staff decided about and rejected, and
 * how many payments were refunded or disputed.
 */
export interface RecentRule extends StoredRule {
  hits: number;
  decided: number;
  rejected: number;
  refunded: number;
}

/** The last hit of a rule for a referral, with what staff decided. */
export interface RecentHit extends Hit {
  referralId: string;
  at: Date;
  decision: Review['decision'];
}

/** The input of fraud rules, their settings, their hits, and the review of a referral. */
@Injectable()
export class FraudRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Adds the settings of rules that are new; what the operator has set stays. Idempotent. */
  async addRules(tx: Tx, rules: readonly RuleSetting[]): Promise<void> {
    await tx.query(
      `INSERT INTO referral.fraud_rule (name, mode, weight)
         SELECT name, mode, weight FROM unnest($1::text[], $2::text[], $3::integer[]) AS r(name, mode, weight)
         ON CONFLICT DO NOTHING`,
      [rules.map(({ name }) => name), rules.map(({ mode }) => mode), rules.map(({ weight }) => weight)],
    );
  }

  /** The settings in force. */
  findActiveRules(db: Queryable): Promise<RuleSetting[]> {
    return db.query<RuleSetting>(`SELECT name, mode, weight FROM referral.fraud_rule WHERE mode <> $1`, [
      'off',
    ]);
  }

  /** Every rule with its hits, and what was decided about them. */
  async listRulesWithStats(): Promise<Omit<FraudRuleDto, 'precision'>[]> {
    const rows = await this.database.query<
      Omit<FraudRuleDto, 'precision' | 'changedAt'> & { changed_at: Date | null }
    >(
      `SELECT r.name, r.mode, r.weight, r.changed_at, count(DISTINCT h.referral_id)::integer AS hits,
         count(DISTINCT h.referral_id) FILTER (WHERE v.decision IS NOT NULL)::integer AS decided,
         count(DISTINCT h.referral_id) FILTER (WHERE v.decision = 'rejected')::integer AS rejected
       FROM referral.fraud_rule r LEFT JOIN referral.fraud_rule_hit h ON h.rule = r.name
       LEFT JOIN referral.review v ON v.referral_id = h.referral_id
       GROUP BY r.name ORDER BY r.weight DESC, r.name`,
    );
    return rows.map(({ changed_at: changedAt, ...row }) => ({ ...row, changedAt }));
  }

  /** Every rule with what became of its newest {@link maxRecentHits} hits since a time. */
  async listRulesWithRecentHits(since: Date): Promise<RecentRule[]> {
    return this.database.query<RecentRule>(
      `SELECT r.name, r.mode, r.weight, r.changed_at AS "changedAt", s.*
       FROM referral.fraud_rule r CROSS JOIN LATERAL (
         SELECT count(DISTINCT h.referral_id)::integer AS hits,
           count(DISTINCT h.referral_id) FILTER (WHERE v.decision IS NOT NULL)::integer AS decided,
           count(DISTINCT h.referral_id) FILTER (WHERE v.decision = 'rejected')::integer AS rejected,
           count(DISTINCT h.referral_id) FILTER (WHERE s.reasons && '{refunded,dispute_open,dispute_lost}')::integer AS "refunded"
         FROM (SELECT referral_id FROM referral.fraud_rule_hit
               WHERE rule = r.name AND at >= $1 ORDER BY at DESC LIMIT ${maxRecentHits}) h
         LEFT JOIN referral.review v ON v.referral_id = h.referral_id
         LEFT JOIN referral.conversion c ON c.referral_id = h.referral_id
         LEFT JOIN referral.reward_status s ON s.conversion_id = c.id) s
       ORDER BY r.weight DESC, r.name`,
      [since],
    );
  }

  /** A rule as it is set; null for an unknown one. */
  async findRule(db: Queryable, name: string): Promise<StoredRule | null> {
    const rows = await db.query<StoredRule>(
      `SELECT name, mode, weight, changed_at AS "changedAt" FROM referral.fraud_rule WHERE name = $1`,
      [name],
    );
    return rows[0] ?? null;
  }

  /** The last hit of a rule for each referral since a time, the newest first. */
  findRecentHits(rule: string, since: Date, limit: number): Promise<RecentHit[]> {
    return this.database.query<RecentHit>(
      `SELECT h.referral_id AS "referralId", h.rule, h.version, h.mode, h.weight, h.evidence, h.at, v.decision
       FROM (SELECT * FROM referral.fraud_rule_hit WHERE rule = $1 AND at >= $2 ORDER BY at DESC, id DESC LIMIT $3) h
       LEFT JOIN referral.review v ON v.referral_id = h.referral_id
       WHERE NOT EXISTS (SELECT FROM referral.fraud_rule_hit later
         WHERE later.referral_id = h.referral_id AND later.rule = h.rule AND (later.at, later.id) > (h.at, h.id))
       ORDER BY h.at DESC, h.id DESC`,
      [rule, since, limit],
    );
  }

  /** What each rule found last while it was live, of each of these referrals. */
  findLiveHitsOf(referralIds: readonly string[]): Promise<(Hit & { referralId: string })[]> {
    return this.database.query<Hit & { referralId: string }>(
      `SELECT DISTINCT ON (referral_id, rule) referral_id AS "referralId", rule, version, mode, weight, evidence
       FROM referral.fraud_rule_hit WHERE referral_id = ANY($1) AND mode = 'live'
       ORDER BY referral_id, rule, at DESC, id DESC`,
      [referralIds],
    );
  }

  /**
   * Sets a rule; false where it does not exist, or was changed at another time than `basedOn`
   * (undefined: whenever).
   */
  async updateRule(
    tx: Tx,
    { name, mode, weight }: RuleSetting,
    basedOn: Date | null | undefined,
  ): Promise<boolean> {
    const [, changed]: [unknown[], number] = await tx.query(
      `UPDATE referral.fraud_rule SET mode = $2, weight = $3, changed_at = $4
       WHERE name = $1 AND ($5 OR changed_at IS NOT DISTINCT FROM $6)`,
      [name, mode, weight, this.clock.now(), basedOn === undefined, basedOn ?? null],
    );
    return changed > 0;
  }

  /**
   * Loads the input of the rules; null for an unknown referral. Most people share nothing with
   * anyone, and have not invited anyone yet, so that no loop can close at them: then the statement
   * that follows shared signals and referrals is not run.
   */
  async loadRuleInput(db: Queryable, referralId: string): Promise<RuleInput | null> {
    const rows = await db.query<
      Omit<RuleInput, 'sharedSignals' | 'loopLength' | 'ringSize'> & {
        kinds: SharedSignal['kind'][];
        isConnected: boolean;
      }
    >(
      `SELECT it.id AS "referralId", it.domain_class AS "domainClass", recent.hour AS "signUpsLastHour", recent.day AS "signUpsLastDay",
         ARRAY (SELECT DISTINCT s.kind FROM referral.signal s WHERE s.user_id = it.referred_id ORDER BY 1) AS kinds,
         EXISTS (SELECT FROM referral.referral r WHERE r.referred_id = it.referrer_id)
           AND (SELECT true FROM referral.referral r WHERE r.referrer_id = it.referred_id LIMIT 1) IS NOT NULL
         OR cardinality(${allAccountsSql('it.referrer_id')}) > 1 OR cardinality(${allAccountsSql('it.referred_id')}) > 1
         OR EXISTS (SELECT FROM referral.signal s CROSS JOIN LATERAL (
                      SELECT FROM referral.signal o WHERE o.kind = s.kind AND o.hash = s.hash AND o.user_id <> s.user_id LIMIT 1) o
                    WHERE s.user_id = it.referred_id) AS "isConnected"
       FROM referral.referral it CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE r.linked_at > it.linked_at - interval '1 hour')::integer AS hour,
           count(*) FILTER (WHERE r.linked_at > it.linked_at - interval '24 hours')::integer AS day
         FROM (SELECT linked_at FROM referral.referral WHERE referrer_id = it.referrer_id AND id <= it.id ORDER BY id DESC LIMIT ${maxPeoplePerSignal}) r
       ) recent
       WHERE it.id = $1`,
      [referralId],
    );
    const [found] = rows;
    if (found === undefined) return null;
    const { kinds, isConnected, ...input } = found;
    if (isConnected) return this.loadConnectedInput(db, referralId);
    const notShared = { withReferrer: false, others: 0, othersOfSameReferrer: 0 };
    const sharedSignals = kinds.map((kind) => ({ kind, ...notShared }));
    return { ...input, sharedSignals, loopLength: null, ringSize: null };
  }

  /**
   * As {@link loadRuleInput}, whatever is shared. Merged accounts are one person. The recursion
   * alternates between people and shared signals, so that many people behind one card are visited
   * once and not once for each pair.
   */
  async loadConnectedInput(db: Queryable, referralId: string): Promise<RuleInput | null> {
    const rows = await db.query<RuleInput>(
      `WITH RECURSIVE it AS (
       SELECT id, referrer_id, referred_id, linked_at, domain_class,
         ${allAccountsSql('referred_id')} AS referred, platform.current_account_of(referrer_id) AS referrer,
         ${allAccountsSql('referrer_id')} AS referrers
       FROM referral.referral WHERE id = $1
     ), own AS (
       SELECT DISTINCT s.kind, s.hash FROM it CROSS JOIN LATERAL ${signalsOfSql('it.referred')} s
     ), others AS (
       SELECT DISTINCT own.kind, platform.current_account_of(o.user_id) AS user_id FROM own CROSS JOIN LATERAL (
         SELECT s.user_id FROM referral.signal s WHERE s.kind = own.kind AND s.hash = own.hash
         ORDER BY s.seen_at DESC LIMIT ${maxPeoplePerSignal}) o
       WHERE NOT EXISTS (SELECT 1 FROM it WHERE o.user_id = ANY(it.referred) OR platform.current_account_of(o.user_id) = it.referrer)
     ), shared AS (
       SELECT k.kind,
         EXISTS (SELECT 1 FROM it CROSS JOIN LATERAL ${signalsOfSql('it.referrers')} s
                 JOIN own ON own.kind = s.kind AND own.hash = s.hash WHERE s.kind = k.kind) AS "withReferrer",
         count(DISTINCT o.user_id)::integer AS others, count(DISTINCT o.user_id) FILTER (WHERE r.id IS NOT NULL)::integer AS "othersOfSameReferrer"
       FROM (SELECT DISTINCT kind FROM own) k LEFT JOIN others o ON o.kind = k.kind
       LEFT JOIN LATERAL (
         SELECT r.id FROM unnest(platform.all_accounts_of(o.user_id)) AS own_account (id)
         CROSS JOIN LATERAL (SELECT * FROM referral.referral WHERE referred_id = own_account.id LIMIT 1) r
         WHERE r.referrer_id = ANY((SELECT referrers FROM it)::uuid[]) LIMIT 1) r ON true
       GROUP BY k.kind
     ), recent AS (
       SELECT count(*) FILTER (WHERE linked_at > now - interval '1 hour')::integer AS hour,
         count(*) FILTER (WHERE linked_at > now - interval '24 hours')::integer AS day
       FROM (SELECT r.linked_at, it.linked_at AS now FROM it CROSS JOIN LATERAL unnest(it.referrers) AS own_account (id)
             CROSS JOIN LATERAL (
               SELECT * FROM referral.referral WHERE referrer_id = own_account.id AND id <= it.id ORDER BY id DESC LIMIT ${maxPeoplePerSignal}) r
             ORDER BY r.id DESC LIMIT ${maxPeoplePerSignal}) r
     ), up AS (
       SELECT platform.current_account_of(r.referrer_id) AS user_id, 2 AS people
       FROM it CROSS JOIN LATERAL unnest(it.referrers) AS own_account (id)
       CROSS JOIN LATERAL (SELECT * FROM referral.referral WHERE referred_id = own_account.id LIMIT 1) r
       UNION ALL
       SELECT platform.current_account_of(r.referrer_id), up.people + 1
       FROM up CROSS JOIN LATERAL unnest(platform.all_accounts_of(up.user_id)) AS own_account (id)
       CROSS JOIN LATERAL (SELECT * FROM referral.referral WHERE referred_id = own_account.id LIMIT 1) r
       WHERE up.people < ${maxRingSize} AND up.user_id <> (SELECT referred[1] FROM it)
     ), chain AS (
       SELECT unnest(referred) AS user_id, NULL::text AS kind, NULL::bytea AS hash, 0 AS half FROM it
       UNION
       SELECT next.user_id, next.kind, next.hash, chain.half + 1 FROM chain CROSS JOIN LATERAL (
         (SELECT NULL::uuid AS user_id, s.kind, s.hash FROM ${signalsOfSql('ARRAY [chain.user_id]')} s
          WHERE s.kind IN ${strongKinds} LIMIT ${maxPeoplePerSignal})
         UNION ALL
         (SELECT s.user_id, NULL, NULL FROM referral.signal s
          WHERE s.kind = chain.kind AND s.hash = chain.hash ORDER BY s.seen_at DESC LIMIT ${maxPeoplePerSignal})) next
       WHERE chain.half < ${2 * (maxRingSize - 1)}
     ), chained AS (
       SELECT DISTINCT user_id FROM chain WHERE user_id IS NOT NULL
     ), invited AS (
       SELECT count(*) AS edges FROM chained c
       CROSS JOIN LATERAL (SELECT * FROM referral.referral WHERE referred_id = c.user_id LIMIT 1) r
       WHERE r.referrer_id IN (SELECT user_id FROM chained)
     )
     SELECT it.id AS "referralId", it.domain_class AS "domainClass",
       (SELECT coalesce(json_agg(shared ORDER BY kind), '[]') FROM shared) AS "sharedSignals",
       (SELECT hour FROM recent) AS "signUpsLastHour", (SELECT day FROM recent) AS "signUpsLastDay",
       (SELECT min(people) FROM up WHERE user_id = it.referred[1]) AS "loopLength",
       (SELECT count(DISTINCT platform.current_account_of(user_id))::integer FROM chained WHERE (SELECT edges FROM invited) >= 2
          HAVING count(DISTINCT platform.current_account_of(user_id)) >= 3) AS "ringSize"
     FROM it`,
      [referralId],
    );
    return rows[0] ?? null;
  }

  /** Writes down what rules found; what is known already is left out. */
  saveHits(tx: Tx, referralId: string, hits: readonly Hit[]): void {
    if (hits.length === 0) return;
    enqueueWrite(
      tx,
      `INSERT INTO referral.fraud_rule_hit (id, referral_id, rule, version, mode, weight, evidence, at)
       SELECT id, $1, rule, version, mode, weight, evidence, $2
       FROM unnest($3::uuid[], $4::text[], $5::integer[], $6::text[], $7::integer[], $8::jsonb[])
         AS h(id, rule, version, mode, weight, evidence)
       ON CONFLICT DO NOTHING`,
      [
        referralId,
        this.clock.now(),
        hits.map(() => newId(this.clock)),
        hits.map(({ rule }) => rule),
        hits.map(({ version }) => version),
        hits.map(({ mode }) => mode),
        hits.map(({ weight }) => weight),
        hits.map(({ evidence }) => JSON.stringify(evidence)),
      ],
    );
  }

  /**
   * What each rule found last while it was live: a rule that is tried in shadow later takes nothing
   * back.
   */
  async findLiveHits(tx: Tx, referralId: string): Promise<Hit[]> {
    return tx.query(
      `SELECT DISTINCT ON (rule) rule, version, mode, weight, evidence FROM referral.fraud_rule_hit
       WHERE referral_id = $1 AND mode = 'live' ORDER BY rule, at DESC, id DESC`,
      [referralId],
    );
  }

  /** What the rules found about a referral, newest first. */
  findFindings(referralId: string): Promise<FraudFindingDto[]> {
    return this.database.query<FraudFindingDto>(
      `SELECT rule, version, mode, weight, evidence, at FROM referral.fraud_rule_hit WHERE referral_id = $1 ORDER BY at DESC, id DESC`,
      [referralId],
    );
  }

  /**
   * Stores the outcome of the rules for a referral; false when it is unchanged. A decision stays.
   */
  async saveOutcome(tx: Tx, referralId: string, outcome: Review['outcome']): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.review AS v (referral_id, outcome, opened_at)
       SELECT $1, $2, $3 WHERE $2 <> 'allow' OR EXISTS (SELECT 1 FROM referral.review WHERE referral_id = $1)
       ON CONFLICT (referral_id) DO UPDATE SET outcome = excluded.outcome, opened_at = excluded.opened_at
       WHERE v.outcome <> excluded.outcome RETURNING referral_id`,
      [referralId, outcome, this.clock.now()],
    );
    return rows.length > 0;
  }
}
