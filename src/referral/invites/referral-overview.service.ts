import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { daysUntil } from '../../platform/durations.js';
import type { ReferralOverviewDto } from './invite.dto.js';
import { InviteQueries } from './invite-queries.js';
import { ReferralCodes } from '../codes/referral-codes.js';
import { CreditService } from '../../credit/index.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';

/** The reads behind an overview, all at once. */
@Injectable()
export class OverviewParts {
  constructor(
    private readonly inviteQueries: InviteQueries,
    private readonly terms: ProgrammeTerms,
    private readonly credit: CreditService,
  ) {}

  async load(userId: string) {
    const [summary, offered, until] = await Promise.all([
      this.inviteQueries.countByStatus(userId),
      this.terms.offeredDays(),
      this.credit.getCreditUntil(userId),
    ]);
    return { summary, offered, until };
  }
}

/** Puts together what the referral section of settings shows. */
@Injectable()
export class ReferralOverviewService {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly parts: OverviewParts,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The overview of `userId`; makes their code when it is missing. */
  async getForUser(userId: string): Promise<ReferralOverviewDto> {
    const [code, { summary, offered, until }] = await Promise.all([
      this.findOrAssignCode(userId),
      this.parts.load(userId),
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

  private async findOrAssignCode(userId: string): Promise<string> {
    const known = await this.codes.findCode(this.database.lookups, userId);
    return known ?? this.database.transaction((tx) => this.codes.assignIfMissing(tx, userId));
  }
}
