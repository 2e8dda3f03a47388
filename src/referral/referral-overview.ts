import { Inject, Injectable } from '@nestjs/common';
import { CreditService } from '../credit/index.js';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { Database } from '../platform/database/database.js';
import { daysUntil } from '../platform/durations.js';
import { CONFIG } from '../platform/tokens.js';
import { Invites, type InviteCounts } from './invites.js';
import { ReferralCodes } from './referral-codes.js';
import { ProgrammeTerms } from './terms.js';

/** Somebody's part in the programme. Days are those of the terms in force: mine and my friend's. */
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
    const [code, { summary, terms, until }] = await Promise.all([this.codeOf(userId), this.parts.of(userId)]);
    return {
      code,
      link: `${this.config.baseUrl}/login?ref=${code}`,
      creditDays: terms.referrerDays,
      friendCreditDays: terms.referredDays,
      activeCredits: summary.activeCredits,
      daysOnAccount: daysUntil(until, this.clock.now()),
      counts: summary.counts,
    };
  }

  private async codeOf(userId: string): Promise<string> {
    const known = await this.codes.codeOf(this.database, userId);
    return known ?? this.database.transaction((tx) => this.codes.assignIfMissing(tx, userId));
  }
}

/** The reads behind an overview, all at once. */
@Injectable()
export class OverviewParts {
  constructor(
    private readonly invites: Invites,
    private readonly terms: ProgrammeTerms,
    private readonly credit: CreditService,
  ) {}

  async of(userId: string) {
    const [summary, terms, until] = await Promise.all([
      this.invites.summary(userId),
      this.terms.current(),
      this.credit.creditUntil(userId),
    ]);
    return { summary, terms, until };
  }
}
