import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { errorText } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { AdminReferralsRepository } from '../referrals/admin-referrals.repository.js';
import type { ReferralDto } from '../referrals/referral.dto.js';
import { maxSelected, type BulkResult } from './bulk-review.js';
import { totalEffects, type EffectTotal, type ReviewAction } from './decision-effect.js';
import { ReviewQueueRepository, type ReasonGroup } from './review-queue.repository.js';

/** The choice of several that wait. `rule`: only those with this single strong reason. */
export interface BulkPageModel {
  viewer: StaffViewer;
  mayDecide: boolean;
  rule: string | null;
  groups: ReasonGroup[];
  referrals: ReferralDto[];
  selected: ReadonlySet<string>;
  reason: string;
  problem: string | null;
}

/** What deciding about a selection would bring about. */
export interface BulkPreviewModel {
  viewer: StaffViewer;
  action: ReviewAction;
  reason: string;
  referrals: ReferralDto[];
  totals: EffectTotal[];
  undoMinutes: number;
}

/** What became of each of a selection; `problem` null: it was done. */
export interface BulkResultModel {
  viewer: StaffViewer;
  action: ReviewAction | 'undo';
  results: { referral: ReferralDto; problem: string | null }[];
}

/** Gathers what the pages about several reviews at once show. */
@Injectable()
export class BulkPageLoader {
  constructor(
    private readonly queue: ReviewQueueRepository,
    private readonly referrals: AdminReferralsRepository,
    private readonly forms: AdminForms,
    private readonly database: Database,
  ) {}

  /** The oldest that wait, all or by their single strong reason; a form that came back stays. */
  async choice(me: Principal, fields: FormFields, problem: string | null = null): Promise<BulkPageModel> {
    const groups = await this.queue.groupBySingleReason();
    const rule = groups.find((own) => own.rule === textField(fields, 'rule'))?.rule ?? null;
    const places = await (rule === null
      ? this.queue.list(null, maxSelected)
      : this.queue.listBySingleReason(rule, maxSelected));
    const ids = places.map(({ id }) => id);
    const sent = [fields['referral'] ?? []].flat().filter((id) => typeof id === 'string');
    return {
      viewer: await this.forms.viewerFor(me),
      mayDecide: me.role === 'admin',
      ...{ rule, groups, problem, reason: textField(fields, 'reason') },
      referrals: await this.referrals.findInOrder(this.database, ids),
      selected: new Set(problem === null && rule !== null ? ids : sent),
    };
  }

  /** The selection with what a decision would bring about. */
  async preview(
    me: Principal,
    referralIds: readonly string[],
    decision: Pick<BulkPreviewModel, 'action' | 'reason' | 'undoMinutes'>,
  ): Promise<BulkPreviewModel> {
    const referrals = await this.referrals.findInOrder(this.database, referralIds);
    const viewer = await this.forms.viewerFor(me);
    return { ...decision, viewer, referrals, totals: totalEffects(referrals, decision.action) };
  }

  /** What became of each. */
  async results(
    me: Principal,
    results: readonly BulkResult[],
    action: BulkResultModel['action'],
  ): Promise<BulkResultModel> {
    const t = getTranslator(me.locale);
    const referrals = await this.referrals.findInOrder(
      this.database,
      results.map(({ referralId }) => referralId),
    );
    return {
      viewer: await this.forms.viewerFor(me),
      action,
      results: referrals.map((referral) => {
        const error = results.find(({ referralId }) => referralId === referral.id)?.error ?? null;
        return { referral, problem: error === null ? null : errorText(t, error) };
      }),
    };
  }
}
