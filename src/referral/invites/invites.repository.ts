import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralList, lateralLookup, ListLoader, RowLoader } from '../../platform/database/row-loader.js';
import { erasedLabel } from '../attribution/referrals.repository.js';
import type { InviteCountRow, InviteGroupRow, InviteRow } from './invite.js';

const inviteColumns = `t.*, r.id, r.referrer_id, r.referred_id, r.label, r.origin, r.code, r.linked_at, r.email_unconfirmed, r.closed_at, r.rewarded_elsewhere_at, c.id AS conversion_id, c.paid_invoice_id, c.converted_at, c.credited_at, c.state, c.reasons,
    c.flags, c.holds, c.release_at, c.capped, v.outcome, v.decision`;
/**
 * What belongs to a referral is found by LATERAL and LIMIT, so that no plan reads the conversions
 * and reviews of everybody.
 */
const inviteSources = `FROM referral.referral r
  JOIN referral.terms t ON t.version = r.terms_version
  LEFT JOIN LATERAL (
    SELECT *, s.invoice_id AS paid_invoice_id FROM referral.conversion LEFT JOIN referral.reward_status s ON s.conversion_id = id
    WHERE referral_id = r.id LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT outcome, decision FROM referral.review WHERE referral_id = r.id LIMIT 1) v ON true`;

/** Reads {@link InviteRow}s; add a WHERE about `r`, the referral. */
const selectInvites = `SELECT ${inviteColumns} ${inviteSources}`;

/** Account by account, so that no plan reads the newest referrals of everybody. */
const pageOfReferrer = `WHERE r.id = ANY (ARRAY (
    SELECT page.id FROM unnest(platform.all_accounts_of($1)) AS own_account (id) CROSS JOIN LATERAL (
      SELECT id FROM referral.referral WHERE referrer_id = own_account.id AND ($2::uuid IS NULL
        OR (linked_at, id) < (SELECT linked_at, id FROM referral.referral WHERE id = $2))
      ORDER BY linked_at DESC, id DESC LIMIT $3) page))
  ORDER BY r.linked_at DESC, r.id DESC LIMIT $3`;

const inviteByReferred = lateralLookup(
  'uuid',
  `${selectInvites} WHERE r.referred_id = ANY(platform.all_accounts_of(asked.key))
   ORDER BY c.id IS NULL, r.rewarded_elsewhere_at IS NULL, r.closed_at IS NOT NULL, r.id`,
);

/** Without months, by which there would be more groups. */
const countsByReferrer = lateralList(
  'uuid',
  `SELECT invites, active, outcome, decision, rewarded_elsewhere_at, converted_at, credited_at, state, reasons, is_granted, held_ms
   FROM referral.invite_groups_of(asked.key, $2, '{}')`,
);

/** Referrals with their terms and their status. A person's are those of all their accounts. */
@Injectable()
export class InvitesRepository {
  private readonly countLoader = new ListLoader<InviteCountRow>(
    () => this.database.lookups,
    countsByReferrer,
    () => [this.clock.now()],
  );
  private readonly byReferred = new RowLoader((userIds) => this.findAllByReferred(userIds));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The invites of a person before an id, newest first. */
  findPage(referrerId: string, beforeId: string | null, limit: number): Promise<InviteRow[]> {
    return this.database.lookups.query<InviteRow>(`${selectInvites} ${pageOfReferrer}`, [
      referrerId,
      beforeId,
      limit,
    ]);
  }

  /** One invite of a person; null for another's. */
  findByReferrer(referrerId: string, id: string): Promise<InviteRow | null> {
    return this.findFirst(`r.referrer_id = ANY(platform.all_accounts_of($2)) AND r.id = $1`, [
      id,
      referrerId,
    ]);
  }

  /**
   * All invites of a person, together where the same decides what becomes of them. Those of people
   * with more than a thousand are up to an hour old, and by months of UTC; `months` are the
   * beginnings of those that others are counted by.
   */
  findGroups(referrerId: string, now: Date, months: readonly Date[]): Promise<InviteGroupRow[]> {
    return this.database.lookups.query<InviteGroupRow>(
      `SELECT t.*, g.* FROM referral.invite_groups_of($1, $2, $3) g JOIN referral.terms t ON t.version = g.terms_version`,
      [referrerId, now, months],
    );
  }

  /** As {@link findGroups}, by nothing but their status now. */
  findCounts(referrerId: string): Promise<InviteCountRow[]> {
    return this.countLoader.load(referrerId);
  }

  /** The invitation that counts for a person who came with one; null for a direct sign-up. */
  findByReferred(referredId: string): Promise<InviteRow | null> {
    return this.byReferred.load(referredId);
  }

  /** A referral by its id; null for an unknown one. */
  findById(id: string): Promise<InviteRow | null> {
    return this.findFirst(`r.id = $1`, [id]);
  }

  /** The newest referral of people who are not erased; null without one. */
  findNewest(): Promise<InviteRow | null> {
    return this.findFirst(`r.referrer_id IS NOT NULL AND r.label <> $1 ORDER BY r.id DESC LIMIT 1`, [
      erasedLabel,
    ]);
  }

  private async findAllByReferred(userIds: string[]): Promise<Map<string, InviteRow>> {
    const rows = await this.database.lookups.query<InviteRow & { askedFor: string }>(inviteByReferred, [
      JSON.stringify(userIds),
    ]);
    return new Map(rows.map(({ askedFor, ...row }) => [askedFor, row]));
  }

  private async findFirst(where: string, parameters: string[]): Promise<InviteRow | null> {
    const rows = await this.database.query<InviteRow>(`${selectInvites} WHERE ${where}`, parameters);
    return rows[0] ?? null;
  }
}
