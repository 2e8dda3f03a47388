import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.js';
import { DomainError, errorText } from '../../../platform/errors.js';
import { textField, type FormFields } from '../../../platform/http/form-fields.js';
import { getTranslator } from '../../../platform/i18n/translations.js';
import type { Principal } from '../../../platform/security/principal.js';
import { AdminForms, type StaffViewer } from '../../admin-forms.js';
import { effectOf, type Effect } from '../../review/decision-effect.js';
import { AdminReferralsRepository } from '../admin-referrals.repository.js';
import type { ReferralAction } from '../referral-decisions.js';
import type { ReferralDto } from '../referral.dto.js';
import { ReferralPreview, type SideEffect } from './referral-preview.service.js';

/**
 * A page on which staff see what an action does before it is done. `sides` is null where it cannot
 * be done; `decision` says what a review brings about, and for how long it can be undone.
 */
export interface ReferralActionModel {
  viewer: StaffViewer;
  mayChange: boolean;
  referral: ReferralDto;
  action: ReferralAction;
  sides: SideEffect[] | null;
  decision: { effect: Effect; undoMinutes: number } | null;
  reason: string;
  problem: string | null;
}

/** What a page of an action is opened with; `problem` is why it was refused. */
export interface ReferralActionRequest {
  me: Principal;
  referralId: string;
  action: ReferralAction;
  fields: FormFields;
  problem?: string;
}

/** Gathers what the pages of actions about a referral show. */
@Injectable()
export class ReferralActionPageLoader {
  constructor(
    private readonly referrals: AdminReferralsRepository,
    private readonly preview: ReferralPreview,
    private readonly forms: AdminForms,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The page of an action. Errors: `request.not_found`. */
  async load({
    me,
    referralId,
    action,
    fields,
    problem,
  }: ReferralActionRequest): Promise<ReferralActionModel> {
    const referral = await this.referrals.find(this.database, referralId);
    if (referral === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.referralUnknown' } });
    const { sides, refusal } = await this.findEffect(me, referral, action);
    const { reviewUndoMinutes: undoMinutes } = this.config;
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      ...{ referral, action, sides, reason: textField(fields, 'reason') },
      decision:
        action === 'approve' || action === 'reject'
          ? { effect: effectOf(referral, action), undoMinutes }
          : null,
      problem: problem ?? refusal,
    };
  }

  private async findEffect(me: Principal, referral: ReferralDto, action: ReferralAction) {
    try {
      return { sides: await this.preview.run(me, referral, action), refusal: null };
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      return { sides: null, refusal: errorText(getTranslator(me.locale), error) };
    }
  }
}
