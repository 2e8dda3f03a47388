import { Injectable } from '@nestjs/common';
import { AuthService, labelOf } from '../auth/index.js';
import { BillingService, Plans } from '../billing/index.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';
import { ReferralService } from '../referral/index.js';
import type { PricingModel } from './pages/pricing-page.js';
import { Viewers } from './viewers.js';

/** Gathers what the pricing page shows. */
@Injectable()
export class PricingModels {
  constructor(
    private readonly viewers: Viewers,
    private readonly plans: Plans,
    private readonly billing: BillingService,
    private readonly referrals: ReferralService,
    private readonly auth: AuthService,
  ) {}

  /** The page for a visitor. Without an answer from Stripe it says so instead of failing. */
  async of(visitor: Principal | null): Promise<PricingModel> {
    const [plans, subscription, invitedBy] = await Promise.all([
      this.plans.offered().catch(unreachableIsNull),
      visitor === null ? null : this.billing.payingSubscriptionOf(visitor.userId),
      visitor === null ? null : this.inviterOf(visitor.userId),
    ]);
    const isInvited = visitor !== null && invitedBy !== null;
    return {
      viewer: this.viewers.of(visitor),
      reward: isInvited ? await this.viewers.promisedTo(visitor.userId) : await this.viewers.reward(),
      plans,
      subscribed: subscription !== null,
      subscribedPriceId: subscription?.priceId ?? null,
      invitedBy,
    };
  }

  private async inviterOf(userId: string): Promise<string | null> {
    const referrerId = await this.referrals.waitingReferrerOf(userId);
    const referrer = referrerId === null ? null : await this.auth.userOf(referrerId);
    return referrer === null ? null : labelOf(referrer);
  }
}

function unreachableIsNull(error: unknown): null {
  if (error instanceof DomainError && error.status === 502) return null;
  throw error;
}
