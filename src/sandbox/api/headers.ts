import Stripe from 'stripe';
import { newId } from '../objects/stripe-objects.js';

/** The headers of every answer of the API, with a fresh request id. */
export function stripeHeaders() {
  return {
    'request-id': newId('req', 14),
    'stripe-version': Stripe.API_VERSION,
    'cache-control': 'no-store',
  };
}
