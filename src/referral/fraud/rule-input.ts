import type { Queryable } from '../../platform/database/tx.js';
import { allAccountsSql } from '../../platform/merged-accounts.js';
import type { DomainClass } from './email-domain-class.js';
import type { SignalKind } from './signal.entity.js';

/** Who shares one thing with the newcomer: the referrer, and how many others (of a crowd only the newest count). */
export interface SharedSignal {
  kind: SignalKind;
  withReferrer: boolean;
  others: number;
  /** Those of the others whom the same referrer brought. */
  othersOfSameReferrer: number;
}

/**
 * What the rules check. `lastHour` and `lastDay`: sign-ups through the same referrer up to this one, itself included, as
 * far as a crowd is counted.
 * `loop`: how many invitations lead from the referrer back to the newcomer; `ring`: how many people are chained to the
 * newcomer by cards, customers or mailboxes, while invitations lead through them; null where there is none.
 */
export interface RuleInput {
  referralId: string;
  domainClass: DomainClass | null;
  sharedSignals: SharedSignal[];
  signUpsLastHour: number;
  signUpsLastDay: number;
  loopLength: number | null;
  ringSize: number | null;
}

const maxRingSize = 6;
/** The rules ask for a few; thousands behind one mailbox or network must not slow a sign-in down. */
const maxPeoplePerSignal = 100;
const strongKinds = `('mailbox', 'customer', 'card')`;

/**
 * Gathers the facts of a referral in one statement; null for an unknown one. Merged accounts are one person. The chain walks from people to what they
 * share and on to who shares it, so that a crowd behind one card is met once and not once for each of its members.
 */
export async function loadRuleInput(db: Queryable, referralId: string): Promise<RuleInput | null> {
  const rows = await db.query<RuleInput>(
    `WITH RECURSIVE it AS (
       SELECT id, referrer_id, referred_id, linked_at, domain_class,
         ${allAccountsSql('referred_id')} AS newcomer, platform.current_account_of(referrer_id) AS referrer,
         ${allAccountsSql('referrer_id')} AS referrers
       FROM referral.referral WHERE id = $1
     ), own AS (
       SELECT DISTINCT s.kind, s.hash FROM it JOIN referral.signal s ON s.user_id = ANY(it.newcomer)
     ), others AS (
       SELECT DISTINCT own.kind, platform.current_account_of(o.user_id) AS user_id FROM own CROSS JOIN LATERAL (
         SELECT s.user_id FROM referral.signal s WHERE s.kind = own.kind AND s.hash = own.hash
         ORDER BY s.seen_at DESC LIMIT ${maxPeoplePerSignal}) o
       WHERE NOT EXISTS (SELECT 1 FROM it WHERE o.user_id = ANY(it.newcomer) OR platform.current_account_of(o.user_id) = it.referrer)
     ), shared AS (
       SELECT k.kind,
         EXISTS (SELECT 1 FROM it JOIN referral.signal s ON s.user_id = ANY(it.referrers)
                 JOIN own ON own.kind = s.kind AND own.hash = s.hash WHERE s.kind = k.kind) AS "withReferrer",
         count(DISTINCT o.user_id)::integer AS others, count(DISTINCT o.user_id) FILTER (WHERE r.id IS NOT NULL)::integer AS "othersOfSameReferrer"
       FROM (SELECT DISTINCT kind FROM own) k LEFT JOIN others o ON o.kind = k.kind
       LEFT JOIN LATERAL (
         SELECT r.id FROM unnest(platform.all_accounts_of(o.user_id)) AS own_account (id)
         JOIN referral.referral r ON r.referred_id = own_account.id
         WHERE r.referrer_id = ANY((SELECT referrers FROM it)::uuid[]) LIMIT 1) r ON true
       GROUP BY k.kind
     ), recent AS (
       SELECT count(*) FILTER (WHERE linked_at > now - interval '1 hour')::integer AS hour,
         count(*) FILTER (WHERE linked_at > now - interval '24 hours')::integer AS day
       FROM (SELECT r.linked_at, it.linked_at AS now FROM it JOIN referral.referral r ON r.referrer_id = ANY(it.referrers) AND r.id <= it.id
             ORDER BY r.id DESC LIMIT ${maxPeoplePerSignal}) r
     ), up AS (
       SELECT platform.current_account_of(r.referrer_id) AS user_id, 2 AS people
       FROM it JOIN referral.referral r ON r.referred_id = ANY(it.referrers)
       UNION ALL
       SELECT platform.current_account_of(r.referrer_id), up.people + 1
       FROM up CROSS JOIN LATERAL unnest(platform.all_accounts_of(up.user_id)) AS own_account (id)
       JOIN referral.referral r ON r.referred_id = own_account.id
       WHERE up.people < ${maxRingSize} AND up.user_id <> (SELECT newcomer[1] FROM it)
     ), chain AS (
       SELECT unnest(newcomer) AS user_id, NULL::text AS kind, NULL::bytea AS hash, 0 AS half FROM it
       UNION
       SELECT next.user_id, next.kind, next.hash, chain.half + 1 FROM chain CROSS JOIN LATERAL (
         (SELECT NULL::uuid AS user_id, s.kind, s.hash FROM referral.signal s
          WHERE s.user_id = chain.user_id AND s.kind IN ${strongKinds} LIMIT ${maxPeoplePerSignal})
         UNION ALL
         (SELECT s.user_id, NULL, NULL FROM referral.signal s
          WHERE s.kind = chain.kind AND s.hash = chain.hash ORDER BY s.seen_at DESC LIMIT ${maxPeoplePerSignal})) next
       WHERE chain.half < ${2 * (maxRingSize - 1)}
     ), chained AS (
       SELECT DISTINCT user_id FROM chain WHERE user_id IS NOT NULL
     ), invited AS (
       SELECT count(*) AS edges FROM referral.referral r
       WHERE r.referrer_id IN (SELECT user_id FROM chained) AND r.referred_id IN (SELECT user_id FROM chained)
     )
     SELECT it.id AS "referralId", it.domain_class AS "domainClass",
       (SELECT coalesce(json_agg(shared ORDER BY kind), '[]') FROM shared) AS "sharedSignals",
       (SELECT hour FROM recent) AS "signUpsLastHour", (SELECT day FROM recent) AS "signUpsLastDay",
       (SELECT min(people) FROM up WHERE user_id = it.newcomer[1]) AS "loopLength",
       (SELECT count(DISTINCT platform.current_account_of(user_id))::integer FROM chained WHERE (SELECT edges FROM invited) >= 2
          HAVING count(DISTINCT platform.current_account_of(user_id)) >= 3) AS "ringSize"
     FROM it`,
    [referralId],
  );
  return rows[0] ?? null;
}
