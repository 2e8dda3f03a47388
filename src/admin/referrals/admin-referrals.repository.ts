import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable } from '../../platform/database/tx.js';
import { fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';
import { idPattern } from '../../platform/ids.js';
import {
  countList,
  daysSql,
  readList,
  type ListRows,
  type ListSql,
} from '../../platform/lists/keyset-list.js';
import type { ListDefinition, ListRequest } from '../../platform/lists/list-request.js';
import { nextStepText, reasonText } from '../../referral/index.js';
import { referralStatuses, type ReferralStatus } from '../admin.dto.js';
import type { ListSource } from '../lists/list-view.js';
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

/** A referral of another tool counts as converted, whatever its reward is. */
const hasRewardState = (state: string) => `reward_state = '${state}' AND rewarded_elsewhere_at IS NULL`;

/** What the list of referrals can be asked. */
const referralList = {
  filters: [
    { name: 'status', kind: 'choice', values: referralStatuses },
    { name: 'review', kind: 'choice', values: ['waiting'] },
    { name: 'paid', kind: 'choice', values: ['yes'] },
    { name: 'from', kind: 'day' },
    { name: 'until', kind: 'day' },
  ],
  sorts: [{ name: 'linked' }, { name: 'paid', needs: { filter: 'paid', value: 'yes' } }],
} as const satisfies ListDefinition;

const referralListSql: ListSql = {
  columns: '*',
  rows: 'admin.referral_row',
  keys: 'admin.referral_key',
  counted: 'admin.referral_key',
  filters: {
    // a status that few have is found by an index; of one that many have PostgreSQL must expect
    // many, and of a computed one it expects few: half of all for `coalesce`
    status: {
      pending: `coalesce(status = 'pending', false)`,
      held: hasRewardState('held'),
      converted: `(reward_state = 'granted' OR rewarded_elsewhere_at IS NOT NULL)`,
      suspended: hasRewardState('suspended'),
      reversed: `${hasRewardState('reversed')} AND (credited_at IS NOT NULL OR NOT coalesce(reasons && '{fraud,rejected,budget_exhausted}', false))`,
      rejected: `status = 'rejected' AND id IN (SELECT referral_id FROM admin.rejection)`,
    },
    // as an array: what waits is few, and PostgreSQL starts there whatever it expects
    review: { waiting: `id = ANY (ARRAY (SELECT referral_id FROM admin.waiting_review))` },
    paid: { yes: 'conversion_id IS NOT NULL' },
    ...daysSql('linked_at'),
  },
  sorts: { linked: { at: 'linked_at', id: 'id' }, paid: { at: 'converted_at', id: 'conversion_id' } },
  idPattern,
};

/** Lists referrals for staff. */
@Injectable()
export class AdminReferralsRepository implements ListSource<ReferralDto> {
  readonly name = 'referrals';
  readonly definition = referralList;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** One page of referrals, as {@link referralList} can be asked. Errors: `request.invalid`. */
  async list(request: ListRequest, limit: number): Promise<ListRows<ReferralDto>> {
    const now = this.clock.now();
    const page = await readList<Row>(this.database, referralListSql, { request, limit, now });
    return { ...page, rows: await this.toDtos(this.database, page.rows) };
  }

  /** How many referrals the filters leave, up to `max`. */
  count(request: ListRequest, max: number): Promise<number> {
    return countList(this.database, referralListSql, { request, now: this.clock.now() }, max);
  }

  /** These referrals, in the order of their ids. */
  async findMany(db: Queryable, ids: readonly string[]): Promise<ReferralDto[]> {
    const rows = await db.query<Row>(`SELECT * FROM admin.referral_row WHERE id = ANY($1) ORDER BY id`, [
      ids,
    ]);
    return this.toDtos(db, rows);
  }

  /** These referrals, in the order of `ids`; those that do not exist are left out. */
  async findInOrder(db: Queryable, ids: readonly string[]): Promise<ReferralDto[]> {
    const found = new Map((await this.findMany(db, ids)).map((own) => [own.id, own]));
    return ids.flatMap((id) => found.get(id) ?? []);
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
    next: reasons.includes('manual')
      ? manualReversalNextStep
      : nextStepText({ reasons, creditedAt: row.credited_at }) || null,
    invoiceId: row.invoice_id,
    holds: row.holds ?? [],
    arrivesAt: row.release_at,
    capped: row.capped ?? false,
    termsVersion: row.terms_version,
    review: { outcome: row.review_outcome ?? 'allow', decision: row.review_decision, scheduled },
  };
}
