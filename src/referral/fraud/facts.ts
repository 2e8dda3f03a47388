import type { Queryable } from '../../platform/database/tx.js';
import type { DomainClass, SignalKind } from './signals.js';

/** Who shares one thing with the newcomer: how many other people, and whether the referrer is one of them. */
export interface Shared {
  kind: SignalKind;
  people: number;
  withReferrer: boolean;
  /** Those of them whom the same referrer brought. */
  broughtBySame: number;
}

/**
 * What the rules look at. `lastHour` and `lastDay`: sign-ups through the same referrer up to this one, itself included.
 * `loop`: how many invitations lead from the referrer back to the newcomer; `ring`: how many people are chained to the
 * newcomer by cards, customers or mailboxes, while invitations lead through them; null where there is none.
 */
export interface Facts {
  referralId: string;
  domainClass: DomainClass | null;
  shared: Shared[];
  lastHour: number;
  lastDay: number;
  loop: number | null;
  ring: number | null;
}

const longestRing = 6;

/** Gathers the facts of a referral in one statement; null for an unknown one. */
export async function factsOf(db: Queryable, referralId: string): Promise<Facts | null> {
  const rows = await db.query<Facts>(
    `WITH RECURSIVE it AS (
       SELECT id, referrer_id, referred_id, linked_at, domain_class FROM referral.referral WHERE id = $1
     ), others AS (
       SELECT own.kind, own.hash, o.user_id, o.user_id = it.referrer_id AS is_referrer,
         EXISTS (SELECT 1 FROM referral.referral r WHERE r.referred_id = o.user_id AND r.referrer_id = it.referrer_id) AS is_brought
       FROM it JOIN referral.signal own ON own.user_id = it.referred_id
       JOIN referral.signal o ON o.kind = own.kind AND o.hash = own.hash AND o.user_id <> it.referred_id
     ), shared AS (
       SELECT kind, count(DISTINCT user_id)::integer AS people, coalesce(bool_or(is_referrer), false) AS "withReferrer",
         count(DISTINCT user_id) FILTER (WHERE is_brought)::integer AS "broughtBySame"
       FROM others GROUP BY kind
     ), up AS (
       SELECT r.referrer_id AS user_id, 2 AS people FROM it JOIN referral.referral r ON r.referred_id = it.referrer_id
       UNION ALL
       SELECT r.referrer_id, up.people + 1 FROM up JOIN referral.referral r ON r.referred_id = up.user_id
       WHERE up.people < ${longestRing} AND up.user_id <> (SELECT referred_id FROM it)
     ), chain AS (
       SELECT DISTINCT user_id, 1 AS steps FROM others WHERE kind IN ('mailbox', 'customer', 'card')
       UNION
       SELECT next.user_id, chain.steps + 1 FROM chain
       JOIN referral.signal own ON own.user_id = chain.user_id AND own.kind IN ('mailbox', 'customer', 'card')
       JOIN referral.signal next ON next.kind = own.kind AND next.hash = own.hash AND next.user_id <> own.user_id
       WHERE chain.steps < ${longestRing - 1}
     ), chained AS (
       SELECT user_id FROM chain UNION SELECT referred_id FROM it
     ), invited AS (
       SELECT count(*) AS edges FROM referral.referral r
       WHERE r.referrer_id IN (SELECT user_id FROM chained) AND r.referred_id IN (SELECT user_id FROM chained)
     )
     SELECT it.id AS "referralId", it.domain_class AS "domainClass",
       (SELECT coalesce(json_agg(shared ORDER BY kind), '[]') FROM shared) AS shared,
       (SELECT count(*)::integer FROM referral.referral r WHERE r.referrer_id = it.referrer_id
          AND r.linked_at <= it.linked_at AND r.linked_at > it.linked_at - interval '1 hour') AS "lastHour",
       (SELECT count(*)::integer FROM referral.referral r WHERE r.referrer_id = it.referrer_id
          AND r.linked_at <= it.linked_at AND r.linked_at > it.linked_at - interval '24 hours') AS "lastDay",
       (SELECT min(people) FROM up WHERE user_id = it.referred_id) AS loop,
       (SELECT count(*)::integer FROM chained WHERE (SELECT edges FROM invited) >= 2 HAVING count(*) >= 3) AS ring
     FROM it`,
    [referralId],
  );
  return rows[0] ?? null;
}
