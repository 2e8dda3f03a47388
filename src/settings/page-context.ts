import { Injectable } from '@nestjs/common';
import { publicName } from '../auth/index.js';
import { CsrfProtection } from '../platform/security/csrf-protection.js';
import type { Principal } from '../platform/security/principal.js';
import type { Viewer } from '../platform/ui/layout.js';
import { ProgrammeTerms, type Terms } from '../referral/index.js';
import type { RewardModel } from './public-pages/reward.js';

/** What every page shows: who views it, and what the programme gives. */
@Injectable()
export class PageContext {
  constructor(
    private readonly csrfProtection: CsrfProtection,
    private readonly terms: ProgrammeTerms,
  ) {}

  /** Who views a page; null for an anonymous visitor. */
  viewer(principal: Principal | null): Viewer | null {
    return principal === null ? null : this.signedInViewer(principal);
  }

  /** Who views a page for people who are signed in. */
  signedInViewer(me: Principal): Viewer {
    return { label: publicName(me), role: me.role, csrf: this.csrfProtection.csrfToken(me) };
  }

  /** What the terms in force give. */
  async currentReward(): Promise<RewardModel> {
    return this.toReward(await this.terms.current());
  }

  /** What was promised to a person who was invited, whatever was published since. */
  async promisedReward(userId: string): Promise<RewardModel> {
    return this.toReward(await this.terms.findForUser(userId));
  }

  private toReward({ referrerDays, referredDays, holdDays, minimumAmounts }: Terms): RewardModel {
    return { referrerDays, referredDays, holdDays, minimumAmounts, paused: this.terms.isPaused() };
  }
}
