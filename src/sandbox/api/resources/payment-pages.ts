import type Stripe from 'stripe';
import { methodNamed } from '../../verbs/methods.js';
import { payOnce } from '../../verbs/pay-once.js';
import { named, namedForUpdate, type Call, type Endpoint } from '../endpoint.js';
import { invalid, refused } from '../errors.js';

/** What Stripe's own checkout page calls, undocumented; its CLI pays one-time checkouts with it. */
export const paymentPages: Endpoint[] = [
  { method: 'GET', path: '/v1/payment_pages/:id', answer: (call) => named(call, 'checkout.session') },
  { method: 'POST', path: '/v1/payment_pages/:id/confirm', answer: confirm },
];

async function confirm(call: Call): Promise<Stripe.Checkout.Session> {
  const { params, work } = call;
  const session = await namedForUpdate(call, 'checkout.session');
  if (session.status !== 'open') throw refused(`This checkout is ${session.status}.`);
  if (session.mode !== 'payment') throw refused('Only one-time checkouts are confirmed here; open its page.');
  if (params.integer('expected_amount') !== session.amount_total)
    throw invalid('expected_amount', `The amount is ${session.amount_total}.`);
  const method = await methodNamed(work, params.required('payment_method'), 'payment_method');
  return payOnce(work, session, null, method);
}
