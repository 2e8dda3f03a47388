import { Injectable } from '@nestjs/common';
import type { PaidInvoice } from '../../billing/index.js';
import type { CreditEntryDto } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { InviteExplanationService, flagText } from '../../referral/index.js';
import { referralStatuses } from '../admin.dto.js';
import { toAuditRows } from '../audit/pages/audit-section.js';
import { AdminForms, toDate, nextHref } from '../admin-forms.js';
import type {
  ReferralEntryModel,
  ReferralListModel,
  ReferralPageModel,
  ReferralPaymentModel,
  ReferralRowModel,
} from './pages/referral-page-model.js';
import { referralActions } from './referral-decisions.js';
import { ReferralDetailsService } from './referral-details.service.js';
import { ReferralQueries, type ReferralDto } from './referral-queries.js';

const pageSize = 25;

/** Gathers what the console's pages about referrals show. */
@Injectable()
export class ReferralPageLoader {
  constructor(
    private readonly queries: ReferralQueries,
    private readonly details: ReferralDetailsService,
    private readonly inviteExplanationService: InviteExplanationService,
    private readonly forms: AdminForms,
    private readonly database: Database,
  ) {}

  /** The list of referrals. */
  async listPage(me: Principal, filters: FormFields): Promise<ReferralListModel> {
    const status = referralStatuses.find((own) => own === textField(filters, 'status')) ?? null;
    const isQueue = textField(filters, 'review') === 'waiting';
    const cursor = textField(filters, 'cursor');
    const page = await this.queries.list(this.database, {
      limit: pageSize,
      ...(status === null ? {} : { status }),
      ...(isQueue ? { review: 'waiting' as const } : {}),
      ...(cursor === '' ? {} : { cursor }),
    });
    return {
      viewer: this.forms.viewerFor(me),
      status,
      isQueue,
      referrals: page.items.map(toReferralRow),
      nextHref: nextHref(
        '/admin/referrals',
        { status: status ?? '', review: isQueue ? 'waiting' : '' },
        page.nextCursor,
      ),
    };
  }

  /** One referral. `done` names what was just done, `problem` what would not do. */
  async referralPage(
    me: Principal,
    id: string,
    { done, problem }: { done?: string; problem?: string },
  ): Promise<ReferralPageModel> {
    const [{ referral, payment, entries, audit }, { rules, findings }] = await Promise.all([
      this.details.get(id),
      this.inviteExplanationService.explainReferral(id, getTranslator(me.locale)),
    ]);
    return {
      viewer: this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      referral: toReferralRow(referral),
      code: referral.code,
      days: referral.days,
      creditedAt: toDate(referral.creditedAt),
      nextStep: referral.next,
      flags: flagText(referral.flags) || null,
      isManuallyReversed: referral.reasons.includes('manual'),
      isConverted: referral.conversionId !== null,
      payment: payment && toPaymentModel(payment),
      entries: [
        ...entries.referrer.map((entry) => toEntryModel(entry, 'Referrer')),
        ...entries.referred.map((entry) => toEntryModel(entry, 'Friend')),
      ].sort((one, other) => other.effectiveAt.getTime() - one.effectiveAt.getTime()),
      audit: toAuditRows(audit),
      rules: rules.map((rule) => ({ ...rule, at: toDate(rule.at), by: toDate(rule.by) })),
      findings: findings.map((own) => ({ ...own, at: new Date(own.at) })),
      review: referral.review,
      awaitsReview: referral.holds.includes('review'),
      arrivesAt: toDate(referral.holds.includes('refund_window') ? referral.arrivesAt : null),
      notice: referralActions.find((own) => own === done) ?? null,
      problem: problem ?? null,
    };
  }
}

function toReferralRow(row: ReferralDto): ReferralRowModel {
  const { id, status, referrer, referred, why } = row;
  return {
    ...{ id, status, referrer, referred, why },
    linkedAt: new Date(row.linkedAt),
    convertedAt: toDate(row.convertedAt),
  };
}

function toEntryModel(entry: CreditEntryDto, side: ReferralEntryModel['side']): ReferralEntryModel {
  const { id, kind, days } = entry;
  return { id, side, kind, days, effectiveAt: new Date(entry.effectiveAt) };
}

function toPaymentModel(payment: PaidInvoice): ReferralPaymentModel {
  const { period } = payment;
  return {
    ...payment,
    paidAt: new Date(payment.paidAt),
    period: period && { start: new Date(period.start), end: new Date(period.end) },
    reversals: payment.reversals.map((own) => ({ ...own, at: new Date(own.at) })),
  };
}
