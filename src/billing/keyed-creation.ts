import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { CheckoutRecords } from './checkout-records.js';
import { askStripe } from './stripe-client.js';
import { isMissing, isRepeated } from './stripe-errors.js';

/** Has Stripe create something once for a user, whatever is lost on the way. */
@Injectable()
export class KeyedCreation {
  constructor(private readonly records: CheckoutRecords) {}

  /**
   * Creates something under an idempotency key, so that two requests at once get the same object. Stripe repeats a failure to
   * the same key for a day: after one, the next try has another key. `key` names the customer that the request names, since
   * one that is gone is no failure: the next try names another. Errors: those of {@link askStripe}.
   */
  async create<Created>(
    userId: string,
    key: string,
    call: (keyed: Stripe.RequestOptions) => Promise<Created>,
  ): Promise<Created> {
    const failures = await this.records.failures(userId);
    const idempotencyKey = failures === 0 ? key : `${key}-again-${failures}`;
    try {
      return await askStripe(() => call({ idempotencyKey }));
    } catch (error) {
      if (isRepeated(error) && !isMissing(error)) await this.records.noteFailure(userId, failures);
      throw error;
    }
  }
}
