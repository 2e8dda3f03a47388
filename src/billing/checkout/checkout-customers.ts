import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type Stripe from 'stripe';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { CheckoutRepository } from './checkout.repository.js';
import { isCustomerMissing, IdempotentCreation } from './idempotent-creation.js';
import { STRIPE } from '../stripe/stripe-client.js';

/** How many customers of one user may be missing at Stripe, or replaced, in one request. */
const maxMissingCustomers = 3;

/** Another request has given the user another customer meanwhile: `billing.busy`. */
export class CustomerReplaced extends DomainError {
  constructor() {
    super('billing.busy');
  }
}

/**
 * Which Stripe customer a person pays as. One that is gone at Stripe is noted, and another takes
 * its place.
 */
@Injectable()
export class CheckoutCustomers {
  private readonly log = new Logger('billing');

  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly checkouts: CheckoutRepository,
    private readonly creation: IdempotentCreation,
  ) {}

  /**
   * Does `use` with the customer of a user, who gets one if they have none. Errors: those of `use`
   * and of {@link callStripe}.
   */
  withCheckoutCustomer<T>(me: Principal, use: (customerId: string) => Promise<T>): Promise<T> {
    return this.retryWhenMissing(() => this.findOrCreate(me), use);
  }

  /**
   * Does `use` with a customer whose subscriptions a user can manage. Errors:
   * `billing.no_customer`, and as {@link withCheckoutCustomer}.
   */
  withManageableCustomer<T>(me: Principal, use: (customerId: string) => Promise<T>): Promise<T> {
    return this.retryWhenMissing(async () => {
      const customerId = await this.checkouts.findManageableCustomer(me.userId);
      if (customerId !== null) return customerId;
      throw new DomainError('billing.no_customer', {
        detail: 'You find your invoices here after you subscribe.',
      });
    }, use);
  }

  private async retryWhenMissing<T>(
    find: () => Promise<string>,
    use: (customerId: string) => Promise<T>,
  ): Promise<T> {
    for (let missing = 0; ; missing++) {
      const customerId = await find();
      try {
        return await use(customerId);
      } catch (error) {
        if (missing === maxMissingCustomers) throw error;
        if (error instanceof CustomerReplaced) continue;
        if (!(await isCustomerMissing(this.stripe, customerId, error))) throw error;
        await this.checkouts.markCustomerMissing(customerId);
        this.log.warn({ msg: 'billing.customer_missing', customerId });
      }
    }
  }

  /**
   * Two requests at once send the same idempotency key, so Stripe makes one customer; another one
   * after a deletion.
   */
  private async findOrCreate(me: Principal): Promise<string> {
    const { id: known, deleted } = await this.checkouts.findCheckoutCustomer(me.userId);
    if (known !== null) return known;
    const email = createHash('sha256').update(me.email).digest('hex').slice(0, 16);
    const key = `twofold-customer-${me.userId}-${email}${deleted === 0 ? '' : `-${deleted}`}`;
    const made = await this.creation.create(me.userId, { key, customerId: null }, (keyed) =>
      this.stripe.customers.create({ email: me.email, metadata: { twofold_user_id: me.userId } }, keyed),
    );
    return this.checkouts.linkCreatedCustomer(made.id, me.userId);
  }
}
