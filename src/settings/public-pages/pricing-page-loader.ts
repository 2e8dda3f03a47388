import { Inject, Injectable } from '@nestjs/common';
import { BillingService, Plans } from '../../billing/index.js';
import { CreditService } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { RewardNotices, type RewardNoticeDto } from '../../referral/index.js';
import type { PlanModel, PricingPageModel } from './pricing-page.js';
import { noticeReader, PageContext } from '../page-context.js';
import { usefulDaysOf } from './useful-days.js';

/** Gathers what the pricing page shows. */
@Injectable()
export class PricingPageLoader {
  // eslint-disable-next-line max-params -- one page, and what it takes to show it
  constructor(
    private readonly pageContext: PageContext,
    private readonly plans: Plans,
    private readonly billing: BillingService,
    private readonly notices: RewardNotices,
    private readonly credit: CreditService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The page for a visitor. When Stripe does not answer, the page says so instead of failing. */
  async load(
    visitor: Principal | null,
    state: Pick<PricingPageModel, 'cancelled' | 'problem'>,
  ): Promise<PricingPageModel> {
    const [plans, subscription, reward, invitation, creditUntil] = await Promise.all([
      this.plans.list().catch(unreachableIsNull),
      visitor === null ? null : this.billing.findPayingSubscription(visitor.userId),
      this.pageContext.currentReward(visitor),
      visitor === null ? null : this.notices.findInvitation(visitor.userId, noticeReader(visitor)),
      visitor === null ? null : this.credit.getCreditUntil(visitor.userId),
    ]);
    const promised =
      subscription === null && invitation?.reward.status === 'promised' ? invitation.reward : null;
    return {
      viewer: this.pageContext.viewer(visitor),
      reward,
      plans:
        plans?.map((plan) => ({
          ...plan,
          usefulDays: promised && this.usefulDays(plan, promised, creditUntil),
        })) ?? null,
      delivery: this.config.creditDelivery,
      subscribed: subscription !== null,
      subscribedPriceId: subscription?.priceId ?? null,
      invitation,
      ...state,
    };
  }

  private usefulDays(
    period: Pick<PlanModel, 'interval' | 'intervalCount'>,
    { days, holdDays }: RewardNoticeDto,
    creditUntil: Date | null,
  ): number {
    const isOverlay = this.config.creditDelivery === 'overlay';
    return usefulDaysOf({ isOverlay, days, holdDays, period, creditUntil, now: this.clock.now() });
  }
}

function unreachableIsNull(error: unknown): null {
  if (error instanceof DomainError && error.status === 502) return null;
  throw error;
}
