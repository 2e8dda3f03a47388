import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Config } from '../../platform/config.js';
import { Database } from '../../platform/database/database.js';
import { daysUntil } from '../../platform/durations.js';
import { CONFIG } from '../../platform/tokens.js';
import type { InviteCounts } from './invites.js';
import { OverviewParts } from './overview-parts.js';
import { ReferralCodes } from '../codes/referral-codes.js';

/** Somebody's part in the programme. Days are what an invitation brings now, mine and my friend's: none while it is paused. */
export interface ReferralOverview {
  code: string;
  link: string;
  creditDays: number;
  friendCreditDays: number;
  activeCredits: number;
  daysOnAccount: number;
  counts: InviteCounts;
}

/** Puts together what the referral section of settings shows. */
@Injectable()
export class ReferralOverviews {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly parts: OverviewParts,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The overview of `userId`; makes their code when it is missing. */
  async of(userId: string): Promise<ReferralOverview> {
    const [code, { summary, offered, until }] = await Promise.all([
      this.codeOf(userId),
      this.parts.of(userId),
    ]);
    return {
      code,
      link: `${this.config.baseUrl}/login?ref=${code}`,
      creditDays: offered.referrerDays,
      friendCreditDays: offered.referredDays,
      activeCredits: summary.activeCredits,
      daysOnAccount: daysUntil(until, this.clock.now()),
      counts: summary.counts,
    };
  }

  private async codeOf(userId: string): Promise<string> {
    const known = await this.codes.codeOf(this.database.lookUps, userId);
    return known ?? this.database.transaction((tx) => this.codes.assignIfMissing(tx, userId));
  }
}
