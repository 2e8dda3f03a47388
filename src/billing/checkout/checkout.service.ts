import { Injectable, Inject } from '@nestjs/common';
import type Stripe from 'stripe';
import { hourMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { RateLimits } from '../../platform/security/rate-limits.js';
import type { RateLimit } from '../../platform/security/rate-limits.repository.js';
import { BillingService } from '../billing.service.js';
import { STRIPE, callStripe } from '../stripe/stripe-client.js';
import { CheckoutCustomers } from './checkout-customers.js';
import { CheckoutSessions } from './checkout-sessions.js';
import { Plans } from './plans.js';
import { ReturnUrls, type CheckoutReturn } from './return-urls.js';

/** Stripe's pages where users subscribe. No transaction is open while Stripe is asked. */
@Injectable()
export class CheckoutService {
  // eslint-disable-next-line max-params -- a purchase concerns prices, customers and pages
  constructor(
    private readonly billing: BillingService,
    private readonly plans: Plans,
    private readonly customers: CheckoutCustomers,
    private readonly sessions: CheckoutSessions,
    private readonly returnUrls: ReturnUrls,
    private readonly rateLimits: RateLimits,
  ) {}

  /**
   * The address of a page where `me` can pay for `priceId`. Concurrent calls: the same customer and
   * the same page.
   * Errors: `request.invalid` for an address to return to that is elsewhere;
   * `billing.already_subscribed`, `billing.unknown_price`, `billing.busy`, `auth.too_many`,
   * and those of {@link callStripe}.
   */
  async createUrl(me: Principal, priceId: string, back: CheckoutReturn = {}): Promise<string> {
    const returnTo = this.returnUrls.ofCheckout(back);
    return this.rateLimits.runLimited([stripePageLimit(me)], async () => {
      await this.billing.requireNotSubscribed(me.userId);
      const plan = await this.plans.find(priceId);
      if (plan === null) throw new DomainError('billing.unknown_price');
      return this.customers.withCheckoutCustomer(me, (customerId) =>
        this.sessions.findOrCreateUrl({ me, customerId, plan, returnTo }, () =>
          this.billing.requireNotSubscribed(me.userId),
        ),
      );
    });
  }
}

/**
 * How often a user may be led to a page at Stripe, which limits what all users together may ask.
 */
function stripePageLimit({ userId }: Principal): RateLimit {
  return { key: `stripe-pages:${userId}`, hits: 60, windowMs: hourMs };
}

/**
 * Stripe's page where users manage their subscription. No transaction is open while Stripe is
 * asked.
 */
@Injectable()
export class CustomerPortal {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly returnUrls: ReturnUrls,
    private readonly customers: CheckoutCustomers,
    private readonly rateLimits: RateLimits,
  ) {}

  /**
   * The address of a page for `me`, which leads back to `back`. Errors: `request.invalid` for an
   * address elsewhere; `billing.no_customer` before the first checkout;
   * `auth.too_many`; those of {@link callStripe}.
   */
  async createUrl(me: Principal, back?: string): Promise<string> {
    const returnUrl = this.returnUrls.ofPortal(back);
    const session = await this.rateLimits.runLimited([stripePageLimit(me)], () =>
      this.customers.withManageableCustomer(me, (customer) =>
        callStripe(() => this.stripe.billingPortal.sessions.create({ customer, return_url: returnUrl })),
      ),
    );
    return session.url;
  }
}
