import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { hourMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { RateLimits } from '../../platform/security/rate-limits.js';
import { BillingService } from '../billing.service.js';
import { CheckoutCustomers } from './checkout-customers.js';
import { CheckoutSessions } from './checkout-sessions.js';
import { CheckoutRepository } from './checkout.repository.js';
import { Plans } from './plans.js';
import type { PlanDto } from '../billing.dto.js';
import { STRIPE, callStripe } from '../stripe/stripe-client.js';

/** How often a person may be led to Stripe. */
const stripePageLimit = { hits: 60, windowMs: hourMs };

/** Sends people to Stripe, to subscribe or to manage what they have. No transaction is open while Stripe is asked. */
@Injectable()
export class CheckoutService {
  // eslint-disable-next-line max-params -- both ways to Stripe, each of few steps
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly billing: BillingService,
    private readonly plans: Plans,
    private readonly customers: CheckoutCustomers,
    private readonly sessions: CheckoutSessions,
    private readonly checkouts: CheckoutRepository,
    private readonly rateLimits: RateLimits,
  ) {}

  /**
   * A page where `me` can pay for `priceId`. Asked twice at once: the same customer and the same page.
   * Errors: `billing.already_subscribed`, `billing.unknown_price`, `billing.busy`, `auth.too_many`, and those of {@link callStripe}.
   */
  createCheckoutUrl(me: Principal, priceId: string): Promise<string> {
    return this.limitRate(me, () => this.findOrCreateSession(me, priceId));
  }

  /**
   * Stripe's page where `me` manages their subscription. Errors: `billing.no_customer` before the first checkout, and
   * those of {@link createCheckoutUrl}.
   */
  createPortalUrl(me: Principal): Promise<string> {
    return this.limitRate(me, () => this.createPortalSession(me));
  }

  /** Stripe bounds what one account asks: a single person may not use that up for everybody. */
  private limitRate(me: Principal, work: () => Promise<string>): Promise<string> {
    return this.rateLimits.runLimited([{ key: `stripe-pages:${me.userId}`, ...stripePageLimit }], work);
  }

  private async findOrCreateSession(me: Principal, priceId: string): Promise<string> {
    await this.requireNotSubscribed(me);
    const plan = await this.plans.find(priceId);
    if (plan === null) throw new DomainError('billing.unknown_price');
    return this.customers.withCheckoutCustomer(me, (customerId) => this.sessionFor(me, customerId, plan));
  }

  private async createPortalSession(me: Principal): Promise<string> {
    const session = await this.customers.withManageableCustomer(me, (customer) =>
      callStripe(() =>
        this.stripe.billingPortal.sessions.create({
          customer,
          return_url: `${this.config.baseUrl}/settings`,
        }),
      ),
    );
    return session.url;
  }

  private async sessionFor(me: Principal, customerId: string, plan: PlanDto): Promise<string> {
    const request = this.sessions.buildRequest(me, customerId, plan);
    const sessionCount = await this.checkouts.countSessions(me.userId);
    const reusable = await this.sessions.findReusableUrl(me.userId, request);
    if (reusable !== null) return reusable;
    await this.requireNotSubscribed(me); // a stored page may just have turned out to be paid
    return this.sessions.create(me.userId, request, sessionCount);
  }

  private async requireNotSubscribed({ userId }: Principal): Promise<void> {
    if ((await this.billing.findPayingSubscription(userId)) === null) return;
    throw new DomainError('billing.already_subscribed', {
      detail: 'Change or cancel it in the billing portal instead of paying twice.',
      extensions: { portal: `${this.config.baseUrl}/api/v1/billing/portal` },
    });
  }
}
