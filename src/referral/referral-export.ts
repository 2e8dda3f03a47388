import { Injectable } from '@nestjs/common';
import { ReferralsRepository } from './attribution/referrals.repository.js';
import { ReferralCodesRepository } from './codes/referral-codes.repository.js';
import { SignalsRepository } from './fraud/signals.repository.js';
import { LimitsRepository } from './limits/limits.repository.js';

/** What referral stores about a person, for themselves. */
@Injectable()
export class ReferralExport {
  constructor(
    private readonly codes: ReferralCodesRepository,
    private readonly referrals: ReferralsRepository,
    private readonly limits: LimitsRepository,
    private readonly signals: SignalsRepository,
  ) {}

  /** Codes, the invitation they came with, whom they invited (by the label they see), milestones, and what they are recognised by. */
  async exportUser(userId: string): Promise<Record<string, unknown>> {
    const [codes, [invitedWith, invited], [milestones, places], signals] = await Promise.all([
      this.codes.exportUser(userId),
      this.referrals.exportUser(userId),
      this.limits.exportUser(userId),
      this.signals.exportUser(userId),
    ]);
    return { codes, invitedWith: invitedWith[0] ?? null, invited, milestones, places, signals };
  }
}
