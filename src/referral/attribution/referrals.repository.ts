import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import { enqueueWrite, type Queryable, type Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import type { AccountReferralState } from '../merging/referral-merge-plan.js';
import type { ReferralSummaryDto } from '../referral.dto.js';
import type { DomainClass } from '../fraud/email-domain-class.js';
import type { CampaignParams } from './referral.entity.js';

/** What others see of a person who was erased. */
export const erasedLabel = 'deleted account';

/** A referral to insert. */
export interface NewReferralRow {
  referrerId: string;
  referredId: string;
  code: string;
  termsVersion: number;
  origin: 'sign_up' | 'claim' | 'admin';
  label: string;
  domainClass: DomainClass;
  campaign: CampaignParams | null;
  linkedAt: Date;
  emailUnconfirmed: boolean;
}

/** How many a person referred who came by the same source and channel. */
export interface SignUpCount {
  source: string | null;
  channel: string | null;
  signUps: number;
  conversions: number;
}

/** So many of a person's sign-ups are counted for one answer. */
export const maxSignUps = 10_000;

const pendingReferralSql = lateralLookup(
  'uuid',
  `SELECT r.id FROM referral.referral r WHERE r.referred_id = asked.key AND r.rewarded_elsewhere_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id)`,
);

/**
 * A referral as either of its people may see it: what was promised, whether it converted, and its
 * reward status.
 */
const exportedColumns = `r.id, r.code, r.origin, r.linked_at AS "linkedAt", r.closed_at AS "closedAt", r.rewarded_elsewhere_at AS "rewardedElsewhereAt", r.terms_version AS "termsVersion",
  c.id AS "conversionId", c.converted_at AS "convertedAt", s.state, s.reasons, s.holds,
  s.release_at AS "releaseAt", s.credited_at AS "creditedAt", s.capped, v.outcome, v.decision, v.decided_at AS "decidedAt"
  FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
  LEFT JOIN referral.reward_status s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id`;

/** Who referred whom, and the hashes that remember erased people. */
@Injectable()
export class ReferralsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Inserts a referral and answers its id; null when the user has one already. */
  async insert(tx: Tx, row: NewReferralRow): Promise<string | null> {
    const id = newId(this.clock);
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at, domain_class, campaign, email_unconfirmed)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (referred_id) DO NOTHING RETURNING id`,
      [
        ...[id, row.referrerId, row.referredId, row.code, row.termsVersion, row.origin, row.label],
        ...[row.linkedAt, row.domainClass, row.campaign === null ? null : JSON.stringify(row.campaign)],
        row.emailUnconfirmed,
      ],
    );
    return rows.length === 0 ? null : id;
  }

  /** Whether a person, with any of their accounts, has an invitation. */
  async isLinked(tx: Tx, userId: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `SELECT 1 FROM referral.referral WHERE referred_id = ANY(platform.all_accounts_of($1)) LIMIT 1`,
      [userId],
    );
    return rows.length > 0;
  }

  /**
   * A referrer who was merged while we waited for their row is known by now, and merged no more
   * before we commit.
   */
  pointToMergedAccount(tx: Tx, referralId: string): void {
    enqueueWrite(
      tx,
      `UPDATE referral.referral SET referrer_id = platform.current_account_of(referrer_id)
       WHERE id = $1 AND referrer_id <> platform.current_account_of(referrer_id)`,
      [referralId],
    );
  }

  /** Whether one of these hashes is that of a person who was invited or rewarded, and erased. */
  async isRemembered(tx: Tx, emailHashes: readonly Buffer[]): Promise<boolean> {
    const tombstones: unknown[] = await tx.query(
      `SELECT 1 FROM referral.tombstone WHERE email_hash = ANY($1)`,
      [emailHashes],
    );
    return tombstones.length > 0;
  }

  /** The referrer of a user whose first payment is still to come; null without one. */
  async findPendingReferrer(userId: string): Promise<string | null> {
    const rows = await this.database.query<{ referrer_id: string | null }>(
      `SELECT r.referrer_id FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
       WHERE r.referred_id = $1 AND c.id IS NULL AND r.rewarded_elsewhere_at IS NULL`,
      [userId],
    );
    return rows[0]?.referrer_id ?? null;
  }

  /** Those of `userIds` whose referral waits for a first payment. */
  async filterPending(userIds: string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ askedFor: string }>(pendingReferralSql, [
      JSON.stringify(userIds),
    ]);
    return new Set(rows.map(({ askedFor }) => askedFor));
  }

  /**
   * The referral of this user (`isOwn`) and of those whom they referred, newest first; at most 200.
   */
  summarize(userId: string): Promise<(ReferralSummaryDto & { isOwn: boolean })[]> {
    return this.database.lookups.query<ReferralSummaryDto & { isOwn: boolean }>(
      `WITH own AS (SELECT platform.all_accounts_of($1) AS ids)
       SELECT r.id, r.referred_id = ANY(own.ids) AS "isOwn",
         CASE WHEN r.referred_id = ANY(own.ids) THEN r.referrer_id ELSE r.referred_id END AS "userId", r.label, r.linked_at AS "linkedAt",
         coalesce(c.converted_at, r.rewarded_elsewhere_at) AS "convertedAt",
         CASE WHEN r.rewarded_elsewhere_at IS NULL THEN c.state ELSE 'granted' END AS state
       FROM own CROSS JOIN LATERAL (
         SELECT id FROM (
           SELECT id, linked_at FROM referral.referral WHERE referred_id = ANY(own.ids)
           UNION SELECT page.id, page.linked_at FROM unnest(own.ids) AS account (id) CROSS JOIN LATERAL (
             SELECT id, linked_at FROM referral.referral WHERE referrer_id = account.id
             ORDER BY linked_at DESC, id DESC LIMIT 200) page) found
         ORDER BY linked_at DESC, id DESC LIMIT 200) newest
       JOIN referral.referral r ON r.id = newest.id
       LEFT JOIN LATERAL (
         SELECT converted_at, state FROM referral.conversion LEFT JOIN referral.reward_status ON conversion_id = id
         WHERE referral_id = r.id LIMIT 1) c ON true
       ORDER BY r.linked_at DESC, r.id DESC LIMIT 200`,
      [userId],
    );
  }

  /**
   * How many a person referred since a time, by campaign source and channel, and how many of them
   * converted. Of very many, the newest {@link maxSignUps} are counted.
   */
  countSince(userId: string, since: Date): Promise<SignUpCount[]> {
    return this.database.lookups.query<SignUpCount>(
      // a subquery, not a join, whose plan may read all conversions until there are statistics
      `SELECT campaign ->> 'source' AS source, campaign ->> 'channel' AS channel, count(*)::integer AS "signUps",
           count((SELECT c.id FROM referral.conversion c WHERE c.referral_id = newest.id))::integer AS conversions
         FROM (
           SELECT r.id, r.campaign FROM unnest(platform.all_accounts_of($1)) AS own (id) CROSS JOIN LATERAL (
             SELECT id, campaign, linked_at FROM referral.referral WHERE referrer_id = own.id AND linked_at >= $2
             ORDER BY linked_at DESC, id DESC LIMIT ${maxSignUps}) r
           ORDER BY r.linked_at DESC, r.id DESC LIMIT ${maxSignUps}) newest
         GROUP BY 1, 2`,
      [userId, since],
    );
  }

  /** Locks the referrals that these accounts came with, sorted. */
  async lockOfReferred(tx: Tx, userIds: readonly string[]): Promise<void> {
    await tx.query(
      `SELECT 1 FROM referral.referral WHERE referred_id = ANY($1) ORDER BY id FOR NO KEY UPDATE`,
      [userIds],
    );
  }

  /** The referral that counts for a person, with all accounts that were merged into theirs. */
  async findOwn(db: Queryable, userId: string): Promise<AccountReferralState['ownReferral']> {
    const ownReferrals = await db.query<NonNullable<AccountReferralState['ownReferral']>>(
      `SELECT r.id, r.referrer_id AS "referrerId", c.id IS NOT NULL OR r.rewarded_elsewhere_at IS NOT NULL AS "isConverted", r.closed_at IS NOT NULL AS "isClosed"
         FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
         WHERE r.referred_id = ANY(platform.all_accounts_of($1))
         ORDER BY c.id IS NULL, r.rewarded_elsewhere_at IS NULL, r.closed_at IS NOT NULL, r.referred_id <> $1, r.id LIMIT 1`,
      [userId],
    );
    return ownReferrals[0] ?? null;
  }

  /** How many a person referred. */
  async countInvited(db: Queryable, userId: string): Promise<number> {
    const invited = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM referral.referral WHERE referrer_id = ANY(platform.all_accounts_of($1))`,
      [userId],
    );
    return invited[0]?.n ?? 0;
  }

  /** Moves a referral (null: none) to another account of the person who came with it. */
  async moveTo(tx: Tx, referralId: string | null, referredId: string): Promise<void> {
    await tx.query(`UPDATE referral.referral SET referred_id = $2 WHERE id = $1`, [referralId, referredId]);
  }

  /** Closes referrals, so that they never convert; answers when. */
  async close(tx: Tx, referralIds: readonly string[]): Promise<Date> {
    const now = this.clock.now();
    await tx.query(`UPDATE referral.referral SET closed_at = $2 WHERE id = ANY($1)`, [referralIds, now]);
    return now;
  }

  /** Takes {@link close} back. */
  async reopen(tx: Tx, referralIds: readonly string[]): Promise<void> {
    await tx.query(`UPDATE referral.referral SET closed_at = NULL WHERE id = ANY($1)`, [referralIds]);
  }

  /** Erases what the referrer sees of an account. */
  async eraseLabel(tx: Tx, userId: string): Promise<void> {
    await tx.query(`UPDATE referral.referral SET label = $2 WHERE referred_id = $1`, [userId, erasedLabel]);
  }

  /** Locks the referrals that a person made, sorted. */
  async lockOfReferrer(tx: Tx, userId: string): Promise<void> {
    await tx.query(`SELECT 1 FROM referral.referral WHERE referrer_id = $1 ORDER BY id FOR NO KEY UPDATE`, [
      userId,
    ]);
  }

  /** Erases the codes that a person chose from the referrals that they made. */
  async eraseVanityCodes(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `UPDATE referral.referral SET code = 'erased'
       WHERE referrer_id = $1 AND code IN (SELECT c.code FROM referral.code c WHERE c.user_id = $1 AND c.kind = 'vanity')`,
      [userId],
    );
  }

  /** Takes a person from the referrals of theirs that have not converted. */
  async forgetReferrer(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `UPDATE referral.referral r SET referrer_id = NULL
       WHERE referrer_id = $1 AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id)`,
      [userId],
    );
  }

  /** Remembers the hashes of a person who was invited or rewarded. */
  async addTombstones(
    tx: Tx,
    userId: string,
    { emailHashes, wasRewarded, at }: { emailHashes: readonly Buffer[]; wasRewarded: boolean; at: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO referral.tombstone (email_hash, created_at)
       SELECT hash, $3 FROM unnest($2::bytea[]) AS hash
       WHERE $4 OR EXISTS (SELECT 1 FROM referral.referral WHERE referred_id = $1) ON CONFLICT DO NOTHING`,
      [userId, emailHashes, at, wasRewarded],
    );
  }

  /** The referral that an account came with, and those that it made, as its owner may see them. */
  exportUser(userId: string): Promise<[invitedWith: unknown[], invited: unknown[]]> {
    return Promise.all([
      this.database.query(`SELECT c.invoice_id AS "invoiceId", ${exportedColumns} WHERE r.referred_id = $1`, [
        userId,
      ]),
      this.database.query(
        `SELECT r.label, (SELECT text FROM referral.invite_note WHERE referral_id = r.id) AS note, ${exportedColumns}
           WHERE r.referrer_id = $1 ORDER BY r.id`,
        [userId],
      ),
    ]);
  }
}
