import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Principal } from '../../platform/security/principal.js';
import { RateLimits } from '../../platform/security/rate-limits.js';
import { STRIPE, callStripe } from '../stripe/stripe-client.js';
import { CheckoutCustomers } from './checkout-customers.js';
import { stripePageLimit } from './stripe-page-limit.js';

/** Stripe's page where users manage their subscription. No transaction is open while Stripe is asked. */
@Injectable()
export class CustomerPortal {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly customers: CheckoutCustomers,
    private readonly rateLimits: RateLimits,
  ) {}

  /**
   * The address of a page for `me`. Errors: `billing.no_customer` before the first checkout; `auth.too_many`; those of
   * {@link callStripe}.
   */
  async createUrl(me: Principal): Promise<string> {
    const returnUrl = `${this.config.baseUrl}/settings`;
    const session = await this.rateLimits.runLimited([stripePageLimit(me)], () =>
      this.customers.withManageableCustomer(me, (customer) =>
        callStripe(() => this.stripe.billingPortal.sessions.create({ customer, return_url: returnUrl })),
      ),
    );
    return session.url;
  }
}
