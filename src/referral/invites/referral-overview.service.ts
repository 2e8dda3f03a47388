import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { ReferralOverviewDto } from './invite.dto.js';
import { InviteQueries } from './invite-queries.js';
import { ReferralCodes } from '../codes/referral-codes.js';
import { CreditService } from '../../credit/index.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';

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

  /** The overview of `userId`; assigns a code when they have none. */
  async getForUser(userId: string): Promise<ReferralOverviewDto> {
    const [code, { counts, activeCredits }, offered, daysOnAccount] = await Promise.all([
      this.codes.findOrAssign(userId),
      this.inviteQueries.countByStatus(userId),
      this.terms.offeredDays(),
      this.credit.getDaysLeft(userId),
    ]);
    return {
      code,
      link: referralLink(this.config, code),
      creditDays: offered.referrerDays,
      friendCreditDays: offered.referredDays,
      activeCredits,
      daysOnAccount,
      counts,
    };
  }
}

/** The link that a person shares. */
export function referralLink({ linkTarget }: Pick<Config, 'linkTarget'>, code: string): string {
  return linkTarget.replace('{code}', () => encodeURIComponent(code));
}
