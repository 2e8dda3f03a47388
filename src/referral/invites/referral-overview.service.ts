import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { ReferralOverviewDto } from './invite.dto.js';
import { InviteQueries } from './invite-queries.js';
import { ReferralCodes } from '../codes/referral-codes.js';
import { CreditService } from '../../credit/index.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';
import { rewardSentence } from '../terms/reward-text.js';
import { fallbackLocale, getTranslator, type Translate } from '../../platform/i18n/translations.js';

/** Puts together what the referral section of settings shows. */
@Injectable()
export class ReferralOverviewService {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly inviteQueries: InviteQueries,
    private readonly terms: ProgrammeTerms,
    private readonly credit: CreditService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The overview of `userId`, in the words of `t` (English without); assigns a code when they have
   * none.
   */
  async getForUser(
    userId: string,
    t: Translate = getTranslator(fallbackLocale),
  ): Promise<ReferralOverviewDto> {
    const [code, { counts, activeCredits }, terms, daysOnAccount] = await Promise.all([
      this.codes.findOrAssign(userId),
      this.inviteQueries.countByStatus(userId),
      this.terms.current(),
      this.credit.getDaysLeft(userId),
    ]);
    const isPaused = this.terms.isPaused();
    return {
      code,
      link: referralLink(this.config, code),
      creditDays: isPaused ? 0 : terms.referrerDays,
      friendCreditDays: isPaused ? 0 : terms.referredDays,
      activeCredits,
      daysOnAccount,
      counts,
      paused: isPaused,
      reward: isPaused ? t('share.paused') : rewardSentence(t, { ...terms, paused: false }),
    };
  }
}

/** The link that a person shares. */
export function referralLink({ linkTarget }: Pick<Config, 'linkTarget'>, code: string): string {
  return linkTarget.replace('{code}', () => encodeURIComponent(code));
}
