import type Stripe from 'stripe';
import { askStripe } from './stripe-client.js';
import { isMissing } from './stripe-errors.js';

/**
 * Whether it was the customer that Stripe did not have. Its answer need not name what is missing, so the customer is asked for.
 * Errors: those of {@link askStripe}.
 */
export async function isCustomerGone(stripe: Stripe, customerId: string, error: unknown): Promise<boolean> {
  if (!isMissing(error)) return false;
  try {
    const found = await askStripe(() => stripe.customers.retrieve(customerId));
    return found.deleted === true;
  } catch (missing) {
    if (isMissing(missing)) return true;
    throw missing;
  }
}
