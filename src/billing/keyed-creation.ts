import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { CheckoutRecords } from './checkout-records.js';
import { isCustomerGone } from './gone-customers.js';
import { STRIPE, askStripe } from './stripe-client.js';
import { isKeyTaken, isRepeated } from './stripe-errors.js';

/** Has Stripe create something once for a user, whatever is lost on the way. */
@Injectable()
export class KeyedCreation {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly records: CheckoutRecords,
  ) {}

  /**
   * Creates something under an idempotency key, so that two requests at once get the same object. Stripe repeats a failure to
   * the same key for a day, and refuses the key for another request: after either, the next try has another key. `key` names
   * the customer that the request names (`customerId`): one that is gone is no failure, the next try names another. Errors:
   * those of {@link askStripe}.
   */
  async create<Created>(
    userId: string,
    { key, customerId }: { key: string; customerId: string | null },
    call: (keyed: Stripe.RequestOptions) => Promise<Created>,
  ): Promise<Created> {
    const failures = await this.records.failures(userId);
    const idempotencyKey = failures === 0 ? key : `${key}-again-${failures}`;
    try {
      return await askStripe(() => call({ idempotencyKey }));
    } catch (error) {
      const isSpent = isKeyTaken(error) || isRepeated(error);
      if (isSpent && !(await this.isGone(customerId, error)))
        await this.records.noteFailure(userId, failures);
      throw error;
    }
  }

  private isGone(customerId: string | null, error: unknown): Promise<boolean> {
    return customerId === null ? Promise.resolve(false) : isCustomerGone(this.stripe, customerId, error);
  }
}
