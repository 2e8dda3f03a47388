import type { RuleRow } from '../../platform/ui/rules-table.js';
import type { PaidInvoiceDto } from '../../billing/index.js';
import {
  type FraudFindingDto,
  InviteExplanationService,
  flagText,
  nextStepText,
  reasonText,
} from '../../referral/index.js';
import type { ReferralDto } from './referral.dto.js';
import { type AuditRowModel, toAuditRows } from '../audit/pages/audit-section.js';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type { CreditEntryDto } from '../../credit/index.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { loadList, type ListView } from '../lists/list-view.js';
import { stripeDashboardUrl } from '../pages/stripe-object.js';
import { referralActions, type ReferralAction } from './referral-decisions.js';
import { ReferralDetailsService } from './referral-details.service.js';
import { AdminReferralsRepository } from './admin-referrals.repository.js';

/** A referral in the list. */
export type ReferralRowModel = Pick<
  ReferralDto,
  'id' | 'status' | 'referrer' | 'referred' | 'linkedAt' | 'convertedAt' | 'why'
>;

/** The list of referrals. */
export interface ReferralListModel {
  viewer: StaffViewer;
  list: ListView<ReferralRowModel>;
}

/** A ledger entry on one side of a referral. */
export interface ReferralEntryModel {
  id: string;
  side: 'referrer' | 'friend';
  kind: string;
  days: number;
  effectiveAt: Date;
}

/**
 * One referral. `nextStep` says what would change its status, `flags` what is doubtful;
 * `isManuallyReversed` whether staff reversed it; `isConverted` whether there is anything to
 * reverse.
 */
export interface ReferralPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  referral: ReferralRowModel;
  code: string;
  days: { referrer: number; referred: number };
  creditedAt: Date | null;
  nextStep: string | null;
  flags: string | null;
  isManuallyReversed: boolean;
  isConverted: boolean;
  payment: PaidInvoiceDto | null;
  /** The address of Stripe's dashboard; null where Stripe is not used. */
  stripeDashboard: string | null;
  entries: ReferralEntryModel[];
  audit: AuditRowModel[];
  rules: RuleRow[];
  findings: FraudFindingDto[];
  review: ReferralDto['review'];
  /** A reward waits for a person. */
  awaitsReview: boolean;
  /** When a reward arrives that waits for its refund window; null otherwise. */
  arrivesAt: Date | null;
  notice: ReferralAction | null;
}

/** Gathers what the console's pages about referrals show. */
@Injectable()
export class ReferralPageLoader {
  constructor(
    private readonly queries: AdminReferralsRepository,
    private readonly details: ReferralDetailsService,
    private readonly inviteExplanationService: InviteExplanationService,
    private readonly forms: AdminForms,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The list of referrals. */
  async listPage(me: Principal, filters: FormFields): Promise<ReferralListModel> {
    const t = getTranslator(me.locale);
    const list = await loadList(this.queries, filters, me);
    const rows = list.rows.map((own) => ({ ...own, why: reasonText(own.reasons, t) || null }));
    return { viewer: await this.forms.viewerFor(me), list: { ...list, rows } };
  }

  /** One referral. `done` names what was just done. */
  async referralPage(me: Principal, id: string, done: string): Promise<ReferralPageModel> {
    const t = getTranslator(me.locale);
    const [{ referral, payment, entries, audit }, { rules, findings }] = await Promise.all([
      this.details.get(id),
      this.inviteExplanationService.explainReferral(id, { t }),
    ]);
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      referral: { ...referral, why: reasonText(referral.reasons, t) || null },
      code: referral.code,
      days: referral.days,
      creditedAt: referral.creditedAt,
      nextStep: referral.reasons.includes('manual')
        ? t('console.referral.restoreNextStep')
        : nextStepText(referral, t) || null,
      flags: flagText(referral.flags, t) || null,
      isManuallyReversed: referral.reasons.includes('manual'),
      isConverted: referral.conversionId !== null,
      payment,
      stripeDashboard: stripeDashboardUrl(this.config),
      entries: [
        ...entries.referrer.map((entry) => toEntryModel(entry, 'referrer')),
        ...entries.referred.map((entry) => toEntryModel(entry, 'friend')),
      ].sort((one, other) => other.effectiveAt.getTime() - one.effectiveAt.getTime()),
      audit: toAuditRows(t, audit),
      rules,
      findings,
      review: referral.review,
      awaitsReview: referral.holds.includes('review') && referral.review.scheduled === null,
      arrivesAt: referral.holds.includes('refund_window') ? referral.arrivesAt : null,
      notice: referralActions.find((own) => own === done) ?? null,
    };
  }
}

function toEntryModel(entry: CreditEntryDto, side: ReferralEntryModel['side']): ReferralEntryModel {
  const { id, kind, days, effectiveAt } = entry;
  return { id, side, kind, days, effectiveAt };
}
