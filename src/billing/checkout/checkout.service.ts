import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { RateLimits } from '../../platform/security/rate-limits.js';
import { BillingService } from '../billing.service.js';
import { CheckoutCustomers } from './checkout-customers.js';
import { CheckoutSessions } from './checkout-sessions.js';
import { Plans } from './plans.js';
import { stripePageLimit } from './stripe-page-limit.js';

/** Stripe's pages where users subscribe. No transaction is open while Stripe is asked. */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly billing: BillingService,
    private readonly plans: Plans,
    private readonly customers: CheckoutCustomers,
    private readonly sessions: CheckoutSessions,
    private readonly rateLimits: RateLimits,
  ) {}

  /**
   * The address of a page where `me` can pay for `priceId`. Concurrent calls: the same customer and the same page.
   * Errors: `billing.already_subscribed`, `billing.unknown_price`, `billing.busy`, `auth.too_many`, and those of {@link callStripe}.
   */
  createUrl(me: Principal, priceId: string): Promise<string> {
    return this.rateLimits.runLimited([stripePageLimit(me)], async () => {
      await this.billing.requireNotSubscribed(me.userId);
      const plan = await this.plans.find(priceId);
      if (plan === null) throw new DomainError('billing.unknown_price');
      return this.customers.withCheckoutCustomer(me, (customerId) =>
        this.sessions.findOrCreateUrl({ me, customerId, plan }, () =>
          this.billing.requireNotSubscribed(me.userId),
        ),
      );
    });
  }
}
