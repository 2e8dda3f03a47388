import { Injectable } from '@nestjs/common';
import type { Queryable } from '../../platform/database/tx.js';
import { decodeCursor, toPage, type Page } from '../../platform/http/page.dto.js';
import { fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';
import { idPattern } from '../../platform/ids.js';
import { nextStepText, reasonText } from '../../referral/index.js';
import type { ReferralQuery, ReferralStatus } from '../admin.dto.js';
import type { ReferralDto, ScheduledDecisionDto } from './referral.dto.js';

interface Row {
  id: string;
  referrer_id: string | null;
  referred_id: string;
  code: string;
  origin: string;
  linked_at: Date;
  referrer_days: number;
  referred_days: number;
  referrer_email: string | null;
  referred_email: string | null;
  conversion_id: string | null;
  converted_at: Date | null;
  reasons: string[] | null;
  flags: string[] | null;
  invoice_id: string | null;
  credited_at: Date | null;
  changed_at: Date | null;
  status: ReferralStatus;
  holds: string[] | null;
  release_at: Date | null;
  capped: boolean | null;
  terms_version: number;
  review_outcome: ReferralDto['review']['outcome'] | null;
  review_decision: ReferralDto['review']['decision'];
}

type ScheduledRow = ScheduledDecisionDto & { referralId: string };

const waitsForReview = `id IN (SELECT referral_id FROM admin.waiting_review)`;
const hasRewardState = (state: string) =>
  `conversion_id IN (SELECT conversion_id FROM admin.ungranted_reward WHERE state = '${state}')`;
/**
 * Finds the referrals of a status that few have, by an index. Literals, so that PostgreSQL knows
 * how few.
 */
const rareStatusConditions: Partial<Record<ReferralStatus, [string]>> = {
  held: [hasRewardState('held')],
  suspended: [hasRewardState('suspended')],
  reversed: [hasRewardState('reversed')],
  rejected: [`id IN (SELECT referral_id FROM admin.rejection)`],
};

/** Lists referrals for staff. */
@Injectable()
export class AdminReferralsRepository {
  /** Referrals, those linked last first. Errors: `request.invalid` for a foreign cursor. */
  async list(db: Queryable, { status, review, cursor, limit }: ReferralQuery): Promise<Page<ReferralDto>> {
    const conditions = [
      '($1::uuid IS NULL OR (linked_at, id) < (SELECT linked_at, id FROM admin.referral_row WHERE id = $1))',
      ...(status === undefined ? [] : [`status = '${status}'`, ...(rareStatusConditions[status] ?? [])]),
      ...(review === undefined ? [] : [waitsForReview]),
    ];
    const rows = await db.query<Row>(
      `SELECT * FROM admin.referral_row WHERE ${conditions.join(' AND ')} ORDER BY linked_at DESC, id DESC LIMIT $2`,
      [decodeCursor(cursor, idPattern), limit + 1],
    );
    const page = toPage(
      rows,
      limit,
      (row) => row.id,
      (row) => row,
    );
    return { ...page, items: await this.toDtos(db, page.items) };
  }

  /** These referrals, in the order of their ids. */
  async findMany(db: Queryable, ids: readonly string[]): Promise<ReferralDto[]> {
    const rows = await db.query<Row>(`SELECT * FROM admin.referral_row WHERE id = ANY($1) ORDER BY id`, [
      ids,
    ]);
    return this.toDtos(db, rows);
  }

  /** One referral, or null. */
  async find(db: Queryable, id: string): Promise<ReferralDto | null> {
    const rows = await db.query<Row>(`SELECT * FROM admin.referral_row WHERE id = $1`, [id]);
    return (await this.toDtos(db, rows))[0] ?? null;
  }

  /** Scheduled decisions are read apart: one more join would keep the view from its indexes. */
  private async toDtos(db: Queryable, rows: readonly Row[]): Promise<ReferralDto[]> {
    if (rows.length === 0) return [];
    const scheduled = await db.query<ScheduledRow>(
      `SELECT referral_id AS "referralId", decision, takes_effect_at AS "takesEffectAt", decided_by AS "decidedBy"
       FROM admin.scheduled_decision WHERE referral_id = ANY($1)`,
      [rows.map(({ id }) => id)],
    );
    const byReferral = new Map(scheduled.map(({ referralId, ...decision }) => [referralId, decision]));
    return rows.map((row) => toReferralDto(row, byReferral.get(row.id) ?? null));
  }
}

const manualReversalNextStep = getTranslator(fallbackLocale)('console.referral.restoreNextStep');

function toReferralDto(row: Row, scheduled: ScheduledDecisionDto | null): ReferralDto {
  const reasons = row.reasons ?? [];
  return {
    id: row.id,
    status: row.status,
    code: row.code,
    origin: row.origin,
    referrer: row.referrer_id === null ? null : { userId: row.referrer_id, email: row.referrer_email },
    referred: { userId: row.referred_id, email: row.referred_email },
    days: { referrer: row.referrer_days, referred: row.referred_days },
    linkedAt: row.linked_at,
    conversionId: row.conversion_id,
    convertedAt: row.converted_at,
    creditedAt: row.credited_at,
    changedAt: row.changed_at,
    reasons,
    flags: row.flags ?? [],
    why: reasonText(reasons) || null,
    next: reasons.includes('manual') ? manualReversalNextStep : nextStepText(reasons) || null,
    invoiceId: row.invoice_id,
    holds: row.holds ?? [],
    arrivesAt: row.release_at,
    capped: row.capped ?? false,
    termsVersion: row.terms_version,
    review: { outcome: row.review_outcome ?? 'allow', decision: row.review_decision, scheduled },
  };
}
