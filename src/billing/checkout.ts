import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Config } from '../platform/config.js';
import { hourMs } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';
import { RateLimits } from '../platform/rate-limits.js';
import { CONFIG } from '../platform/tokens.js';
import { BillingService } from './billing.service.js';
import { CheckoutCustomers } from './checkout-customers.js';
import { CheckoutPages } from './checkout-pages.js';
import { CheckoutRecords } from './checkout-records.js';
import { Plans } from './plans.js';
import type { Plan } from './price-catalog.js';
import { STRIPE, askStripe } from './stripe-client.js';

/** How often a person may be led to Stripe. */
const visits = { hits: 60, windowMs: hourMs };

/** Sends people to Stripe, to subscribe or to manage what they have. No transaction is open while Stripe is asked. */
@Injectable()
export class Checkout {
  // eslint-disable-next-line max-params -- both ways to Stripe, each of few steps
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly billing: BillingService,
    private readonly plans: Plans,
    private readonly customers: CheckoutCustomers,
    private readonly pages: CheckoutPages,
    private readonly records: CheckoutRecords,
    private readonly rates: RateLimits,
  ) {}

  /**
   * A page where `me` can pay for `priceId`. Asked twice at once: the same customer and the same page.
   * Errors: `billing.already_subscribed`, `billing.unknown_price`, `billing.busy`, `auth.too_many`, and those of {@link askStripe}.
   */
  begin(me: Principal, priceId: string): Promise<string> {
    return this.asOneVisit(me, () => this.find(me, priceId));
  }

  /**
   * Stripe's page where `me` manages their subscription. Errors: `billing.no_customer` before the first checkout, and
   * those of {@link begin}.
   */
  portal(me: Principal): Promise<string> {
    return this.asOneVisit(me, () => this.manage(me));
  }

  /** Stripe bounds what one account asks: a single person may not use that up for everybody. */
  private asOneVisit(me: Principal, work: () => Promise<string>): Promise<string> {
    return this.rates.within([{ key: `stripe-pages:${me.userId}`, ...visits }], work);
  }

  private async find(me: Principal, priceId: string): Promise<string> {
    await this.refuseSubscribed(me);
    const plan = await this.plans.find(priceId);
    if (plan === null) throw new DomainError('billing.unknown_price');
    return this.customers.withOwn(me, (customerId) => this.page(me, customerId, plan));
  }

  private async manage(me: Principal): Promise<string> {
    const session = await this.customers.withAny(me, (customer) =>
      askStripe(() =>
        this.stripe.billingPortal.sessions.create({
          customer,
          return_url: `${this.config.baseUrl}/settings`,
        }),
      ),
    );
    return session.url;
  }

  private async page(me: Principal, customerId: string, plan: Plan): Promise<string> {
    const request = this.pages.requestOf(me, customerId, plan);
    const made = await this.records.pagesMade(me.userId);
    const reusable = await this.pages.reusable(me.userId, request);
    if (reusable !== null) return reusable;
    await this.refuseSubscribed(me); // a stored page may just have turned out to be paid
    return this.pages.create(me.userId, request, made);
  }

  private async refuseSubscribed({ userId }: Principal): Promise<void> {
    if ((await this.billing.payingSubscriptionOf(userId)) === null) return;
    throw new DomainError('billing.already_subscribed', {
      detail: 'Change or cancel it in the billing portal instead of paying twice.',
      facts: { portal: `${this.config.baseUrl}/api/v1/billing/portal` },
    });
  }
}
