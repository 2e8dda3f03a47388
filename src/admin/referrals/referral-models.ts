import { Injectable } from '@nestjs/common';
import type { PaidInvoiceView } from '../../billing/index.js';
import type { EntryView } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { wordsIn } from '../../platform/locale/words.js';
import { Explanations, whatIsFlagged } from '../../referral/index.js';
import { referralStatuses } from '../admin.dto.js';
import { auditModels } from '../audit-models.js';
import { ConsoleDesk, momentOf, nextHref } from '../console-desk.js';
import type {
  ReferralEntryModel,
  ReferralListModel,
  ReferralPageModel,
  ReferralPaymentModel,
  ReferralRowModel,
} from '../pages/referral-model.js';
import { referralDeeds } from './referral-decisions.js';
import { ReferralFiles } from './referral-files.js';
import { ReferralRows, type ReferralRow } from './referral-rows.js';

const shownAtOnce = 25;

/** Gathers what the console's pages about referrals show. */
@Injectable()
export class ReferralModels {
  constructor(
    private readonly rows: ReferralRows,
    private readonly files: ReferralFiles,
    private readonly explanations: Explanations,
    private readonly desk: ConsoleDesk,
    private readonly database: Database,
  ) {}

  /** The list of referrals. */
  async list(me: Principal, filters: Fields): Promise<ReferralListModel> {
    const status = referralStatuses.find((own) => own === textOf(filters, 'status')) ?? null;
    const isQueue = textOf(filters, 'review') === 'waiting';
    const cursor = textOf(filters, 'cursor');
    const page = await this.rows.page(this.database, {
      limit: shownAtOnce,
      ...(status === null ? {} : { status }),
      ...(isQueue ? { review: 'waiting' as const } : {}),
      ...(cursor === '' ? {} : { cursor }),
    });
    return {
      viewer: this.desk.viewer(me),
      status,
      isQueue,
      referrals: page.items.map(rowModel),
      nextHref: nextHref(
        '/admin/referrals',
        { status: status ?? '', review: isQueue ? 'waiting' : '' },
        page.nextCursor,
      ),
    };
  }

  /** One referral. `done` names what was just done, `problem` what would not do. */
  async one(
    me: Principal,
    id: string,
    { done, problem }: { done?: string; problem?: string },
  ): Promise<ReferralPageModel> {
    const [{ referral, payment, entries, audit }, { rules, findings }] = await Promise.all([
      this.files.of(id),
      this.explanations.ofReferral(id, wordsIn(me.locale)),
    ]);
    return {
      viewer: this.desk.viewer(me),
      mayChange: me.role === 'admin',
      referral: rowModel(referral),
      code: referral.code,
      days: referral.days,
      creditedAt: momentOf(referral.creditedAt),
      next: referral.next,
      flags: whatIsFlagged(referral.flags) || null,
      byHand: referral.reasons.includes('by_hand'),
      converted: referral.conversionId !== null,
      payment: payment && paymentModel(payment),
      entries: [
        ...entries.referrer.map((entry) => entryModel(entry, 'Referrer')),
        ...entries.referred.map((entry) => entryModel(entry, 'Friend')),
      ].sort((one, other) => other.effectiveAt.getTime() - one.effectiveAt.getTime()),
      audit: auditModels(audit),
      rules: rules.map((rule) => ({ ...rule, at: momentOf(rule.at), by: momentOf(rule.by) })),
      findings: findings.map((own) => ({ ...own, at: new Date(own.at) })),
      review: referral.review,
      waits: referral.holds.includes('review'),
      arrivesAt: momentOf(referral.holds.includes('refund_window') ? referral.arrivesAt : null),
      notice: referralDeeds.find((own) => own === done) ?? null,
      problem: problem ?? null,
    };
  }
}

function rowModel(row: ReferralRow): ReferralRowModel {
  const { id, status, referrer, referred, why } = row;
  return {
    ...{ id, status, referrer, referred, why },
    linkedAt: new Date(row.linkedAt),
    convertedAt: momentOf(row.convertedAt),
  };
}

function entryModel(entry: EntryView, side: ReferralEntryModel['side']): ReferralEntryModel {
  const { id, kind, days } = entry;
  return { id, side, kind, days, effectiveAt: new Date(entry.effectiveAt) };
}

function paymentModel(payment: PaidInvoiceView): ReferralPaymentModel {
  const { period } = payment;
  return {
    ...payment,
    paidAt: new Date(payment.paidAt),
    period: period && { start: new Date(period.start), end: new Date(period.end) },
    reversals: payment.reversals.map((own) => ({ ...own, at: new Date(own.at) })),
  };
}
