import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { circumstantialRules } from '../../referral/index.js';

/** A place in the queue: the oldest first, and by id where several are equally old. */
export interface QueuePlace {
  id: string;
  openedAt: Date;
}

/** How many that wait have one strong reason alone. */
export interface ReasonGroup {
  rule: string;
  count: number;
}

/** Waiting referrals are counted up to here. */
export const maxWaiting = 1_000;

const behindSql = `($1::timestamptz IS NULL OR (opened_at, referral_id) > ($1, $2::uuid))`;
/** The rules, circumstances aside, that hit each of the oldest who wait. */
const strongReasonsSql = `SELECT w.referral_id, w.opened_at,
    array(SELECT DISTINCT h.rule FROM admin.fraud_rule_hit h
          WHERE h.referral_id = w.referral_id AND h.mode = 'live' AND h.rule <> ALL ($1)) AS rules
  FROM (SELECT referral_id, opened_at FROM admin.waiting_review ORDER BY opened_at, referral_id LIMIT ${maxWaiting}) w`;

/** The referrals that wait for a person, the oldest first. */
@Injectable()
export class ReviewQueueRepository {
  constructor(private readonly database: Database) {}

  /** How many wait behind a place, or in all; counted up to {@link maxWaiting}. */
  async count(after: QueuePlace | null = null): Promise<number> {
    const [row] = await this.database.query<{ n: number }>(
      `SELECT count(*)::integer AS n FROM (
         SELECT FROM admin.waiting_review WHERE ${behindSql} LIMIT ${maxWaiting}) found`,
      placeParameters(after),
    );
    return row?.n ?? 0;
  }

  /** Those that wait behind a place, or from the start. */
  list(after: QueuePlace | null, limit: number): Promise<QueuePlace[]> {
    return this.database.query<QueuePlace>(
      `SELECT referral_id AS id, opened_at AS "openedAt" FROM admin.waiting_review
       WHERE ${behindSql} ORDER BY opened_at, referral_id LIMIT $3`,
      [...placeParameters(after), limit],
    );
  }

  /** One that waits; null when it does not. */
  async find(id: string): Promise<QueuePlace | null> {
    const rows = await this.database.query<QueuePlace>(
      `SELECT referral_id AS id, opened_at AS "openedAt" FROM admin.waiting_review WHERE referral_id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /**
   * The strong reasons that stand alone, among the oldest {@link maxWaiting}, the most common
   * first.
   */
  groupBySingleReason(): Promise<ReasonGroup[]> {
    return this.database.query<ReasonGroup>(
      `SELECT rules[1] AS rule, count(*)::integer AS count FROM (${strongReasonsSql}) found
       WHERE cardinality(rules) = 1 GROUP BY 1 ORDER BY 2 DESC, 1`,
      [circumstantialRules],
    );
  }

  /** Those of the oldest {@link maxWaiting} for which `rule` is the only strong reason. */
  listBySingleReason(rule: string, limit: number): Promise<QueuePlace[]> {
    return this.database.query<QueuePlace>(
      `SELECT referral_id AS id, opened_at AS "openedAt" FROM (${strongReasonsSql}) found
       WHERE rules = ARRAY[$2] ORDER BY opened_at, referral_id LIMIT $3`,
      [circumstantialRules, rule, limit],
    );
  }

  /** The rules that hit each of these, circumstances too, those in shadow aside. */
  async findRules(referralIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.database.query<{ id: string; rules: string[] }>(
      `SELECT referral_id AS id, array_agg(DISTINCT rule ORDER BY rule) AS rules FROM admin.fraud_rule_hit
       WHERE referral_id = ANY($1) AND mode = 'live' GROUP BY 1`,
      [referralIds],
    );
    return new Map(rows.map(({ id, rules }) => [id, rules]));
  }

  /** The latest decisions that have not taken effect, by the ids of their referrals. */
  async listScheduled(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT referral_id AS id FROM admin.scheduled_decision ORDER BY takes_effect_at DESC, referral_id DESC LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }
}

function placeParameters(after: QueuePlace | null): [Date | null, string | null] {
  return [after?.openedAt ?? null, after?.id ?? null];
}
