import { Injectable } from '@nestjs/common';
import { labelOf } from '../auth/index.js';
import { Origins } from '../platform/http/origins.js';
import type { Principal } from '../platform/http/principal.js';
import type { Viewer } from '../platform/pages/layout.js';
import { ReferralService, type Terms } from '../referral/index.js';
import type { RewardModel } from './pages/reward.js';

/** What every page of ours shows: who looks, and what the programme gives. */
@Injectable()
export class Viewers {
  constructor(
    private readonly origins: Origins,
    private readonly referrals: ReferralService,
  ) {}

  /** Who looks at a page; null for a stranger. */
  of(principal: Principal | null): Viewer | null {
    return principal === null ? null : this.ofSignedIn(principal);
  }

  /** Who looks at a page for people who are signed in. */
  ofSignedIn(me: Principal): Viewer {
    return { label: labelOf(me), role: me.role, csrf: this.origins.formToken(me) };
  }

  /** What the terms in force give. */
  async reward(): Promise<RewardModel> {
    return this.rewardOf(await this.referrals.currentTerms());
  }

  /** What was promised to somebody who was invited, whatever was published since. */
  async promisedTo(userId: string): Promise<RewardModel> {
    return this.rewardOf(await this.referrals.termsFor(userId));
  }

  private rewardOf({ referrerDays, referredDays, holdDays, minimumAmounts }: Terms): RewardModel {
    return { referrerDays, referredDays, holdDays, minimumAmounts, paused: this.referrals.isPaused() };
  }
}
