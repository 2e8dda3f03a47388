import { Injectable } from '@nestjs/common';
import { AuthService, publicName } from '../../auth/index.js';
import { BillingService, Plans } from '../../billing/index.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { ReferralService } from '../../referral/index.js';
import type { PricingPageModel } from './pricing-page.js';
import { PageContext } from '../page-context.js';

/** Gathers what the pricing page shows. */
@Injectable()
export class PricingPageLoader {
  constructor(
    private readonly pageContext: PageContext,
    private readonly plans: Plans,
    private readonly billing: BillingService,
    private readonly referrals: ReferralService,
    private readonly auth: AuthService,
  ) {}

  /** The page for a visitor. When Stripe does not answer, the page says so instead of failing. */
  async load(
    visitor: Principal | null,
    state: Pick<PricingPageModel, 'cancelled' | 'problem'>,
  ): Promise<PricingPageModel> {
    const [plans, subscription, invitedBy] = await Promise.all([
      this.plans.list().catch(unreachableIsNull),
      visitor === null ? null : this.billing.findPayingSubscription(visitor.userId),
      visitor === null ? null : this.referrerName(visitor.userId),
    ]);
    const isInvited = visitor !== null && invitedBy !== null;
    return {
      viewer: this.pageContext.viewer(visitor),
      reward: isInvited
        ? await this.pageContext.promisedReward(visitor.userId)
        : await this.pageContext.currentReward(),
      plans,
      subscribed: subscription !== null,
      subscribedPriceId: subscription?.priceId ?? null,
      invitedBy,
      ...state,
    };
  }

  private async referrerName(userId: string): Promise<string | null> {
    const referrerId = await this.referrals.findPendingReferrer(userId);
    const referrer = referrerId === null ? null : await this.auth.findById(referrerId);
    return referrer === null ? null : publicName(referrer);
  }
}

function unreachableIsNull(error: unknown): null {
  if (error instanceof DomainError && error.status === 502) return null;
  throw error;
}
