import { Injectable } from '@nestjs/common';
import { BillingService, Plans } from '../../billing/index.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { RewardNotices } from '../../referral/index.js';
import type { PricingPageModel } from './pricing-page.js';
import { noticeReader, PageContext } from '../page-context.js';

/** Gathers what the pricing page shows. */
@Injectable()
export class PricingPageLoader {
  constructor(
    private readonly pageContext: PageContext,
    private readonly plans: Plans,
    private readonly billing: BillingService,
    private readonly notices: RewardNotices,
  ) {}

  /** The page for a visitor. When Stripe does not answer, the page says so instead of failing. */
  async load(
    visitor: Principal | null,
    state: Pick<PricingPageModel, 'cancelled' | 'problem'>,
  ): Promise<PricingPageModel> {
    const [plans, subscription, reward, invitation] = await Promise.all([
      this.plans.list().catch(unreachableIsNull),
      visitor === null ? null : this.billing.findPayingSubscription(visitor.userId),
      this.pageContext.currentReward(),
      visitor === null ? null : this.notices.findInvitation(visitor.userId, noticeReader(visitor)),
    ]);
    return {
      viewer: this.pageContext.viewer(visitor),
      reward,
      plans,
      subscribed: subscription !== null,
      subscribedPriceId: subscription?.priceId ?? null,
      invitation,
      ...state,
    };
  }
}

function unreachableIsNull(error: unknown): null {
  if (error instanceof DomainError && error.status === 502) return null;
  throw error;
}
