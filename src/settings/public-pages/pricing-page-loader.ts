import { Inject, Injectable } from '@nestjs/common';
import { BillingService, Plans } from '../../billing/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Principal } from '../../platform/security/principal.js';
import { RewardNotices, type RewardNoticeDto } from '../../referral/index.js';
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
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The page for a visitor. When Stripe does not answer, the page says so instead of failing. */
  async load(
    visitor: Principal | null,
    state: Pick<PricingPageModel, 'cancelled' | 'problem'>,
  ): Promise<PricingPageModel> {
    const [plans, subscription, reward, invitation] = await Promise.all([
      this.plans.listIfReachable(),
      visitor === null ? null : this.billing.findPayingSubscription(visitor.userId),
      this.pageContext.currentReward(visitor),
      visitor === null ? null : this.notices.findInvitation(visitor.userId, noticeReader(visitor)),
    ]);
    const promised =
      subscription === null && invitation?.reward.status === 'promised' ? invitation.reward : null;
    return {
      viewer: this.pageContext.viewer(visitor),
      reward,
      plans:
        plans?.map((plan) => ({
          ...plan,
          usefulDays: promised && usefulDaysWith(plan, promised),
        })) ?? null,
      delivery: this.config.creditDelivery,
      subscribed: subscription !== null,
      otherProvider: subscription?.provider ?? null,
      subscribedPriceId: subscription?.priceId ?? null,
      invitation,
      ...state,
    };
  }
}

/** Null for a plan that the promise does not hold for. */
function usefulDaysWith({ priceId }: { priceId: string }, { usefulDays }: RewardNoticeDto): number | null {
  return usefulDays.find(({ priceIds }) => priceIds.includes(priceId))?.days ?? null;
}
