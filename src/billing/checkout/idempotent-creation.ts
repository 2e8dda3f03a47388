import { Inject, Injectable } from '@nestjs/common';
import type { default as Stripe } from 'stripe';
import { CheckoutRepository } from './checkout.repository.js';
import { STRIPE, callStripe } from '../stripe/stripe-client.js';
import {
  isIdempotencyKeyReused,
  isCachedForIdempotencyKey,
  isStripeObjectMissing,
} from '../stripe/stripe-errors.js';

/** Creates an object at Stripe once for a user, also when requests or answers are lost. */
@Injectable()
export class IdempotentCreation {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly checkouts: CheckoutRepository,
  ) {}

  /**
   * Creates something under an idempotency key, so that two requests at once get the same object.
   * Stripe repeats a failure to the same key for a day, and refuses the key for another request:
   * after either, the next try has another key. `key` names the customer that the request names
   * (`customerId`): one that is gone is no failure, the next try names another. Errors: those of
   * {@link callStripe}.
   */
  async create<Created>(
    userId: string,
    { key, customerId }: { key: string; customerId: string | null },
    call: (options: Stripe.RequestOptions) => Promise<Created>,
  ): Promise<Created> {
    const failures = await this.checkouts.countStripeFailures(userId);
    const idempotencyKey = failures === 0 ? key : `${key}-again-${failures}`;
    try {
      return await callStripe(() => call({ idempotencyKey }));
    } catch (error) {
      const isSpent = isIdempotencyKeyReused(error) || isCachedForIdempotencyKey(error);
      if (isSpent && !(await this.isMissing(customerId, error)))
        await this.checkouts.recordStripeFailure(userId, failures);
      throw error;
    }
  }

  private isMissing(customerId: string | null, error: unknown): Promise<boolean> {
    return customerId === null ? Promise.resolve(false) : isCustomerMissing(this.stripe, customerId, error);
  }
}

/**
 * Whether it was the customer that Stripe did not have. Its answer need not name what is missing,
 * so the customer is asked for.
 * Errors: those of {@link callStripe}.
 */
export async function isCustomerMissing(
  stripe: Stripe,
  customerId: string,
  error: unknown,
): Promise<boolean> {
  if (!isStripeObjectMissing(error)) return false;
  try {
    const found = await callStripe(() => stripe.customers.retrieve(customerId));
    return found.deleted === true;
  } catch (missing) {
    if (isStripeObjectMissing(missing)) return true;
    throw missing;
  }
}
