import type Stripe from 'stripe';
import { newCheckoutSession } from '../../objects/checkout-session.js';
import { expireCheckout } from '../../verbs/expire-checkout.js';
import { hideTerms } from '../../verbs/checkout-terms.js';
import { given, namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { invalid, missing, refused } from '../errors.js';
import { equal, list, within } from '../listing.js';

const DAY = 86_400;

/** Checkout sessions: one attempt to subscribe or to pay once, on a page of the sandbox. */
export const checkoutSessions: Endpoint[] = [
  { method: 'POST', path: '/v1/checkout/sessions', answer: create },
  retrieve('/v1/checkout/sessions', 'checkout.session'),
  { method: 'POST', path: '/v1/checkout/sessions/:id/expire', answer: expire },
  list('/v1/checkout/sessions', 'checkout.session', (params) => [
    ...equal(params, 'customer', 'subscription', 'status'),
    ...within(params),
  ]),
];

async function create(call: Call): Promise<Stripe.Checkout.Session> {
  const { params, work } = call;
  const mode = params.oneOf('mode', 'payment', 'subscription');
  if (mode === undefined) throw missing('mode');
  const { price, quantity } = await ordered(call, mode);
  const customerId = params.text('customer');
  const customer = customerId === undefined ? null : await given(call, 'customer', customerId, 'customer');
  const successUrl = params.webAddress('success_url');
  if (successUrl === undefined) throw missing('success_url');
  const started = params.inside('subscription_data');
  const hidden = {
    price: price.id,
    quantity,
    subscriptionMetadata: started.metadata(),
    trialDays: trialDays(started.integer('trial_period_days')),
  };
  params.oneOf('payment_method_collection', 'always');
  params.ignore('payment_method_types', 'payment_intent_data');
  const session = await work.store.insert(
    newCheckoutSession(
      {
        mode,
        price,
        quantity,
        customer,
        customerEmail: params.text('customer_email') ?? null,
        clientReferenceId: params.text('client_reference_id') ?? null,
        metadata: params.metadata(),
        successUrl,
        cancelUrl: params.webAddress('cancel_url') ?? null,
        expiresAt: expiry(params.integer('expires_at'), work.now),
      },
      work.origin,
      work.now,
    ),
  );
  await hideTerms(work, session, hidden);
  return session;
}

async function expire(call: Call): Promise<Stripe.Checkout.Session> {
  const session = await namedForUpdate(call, 'checkout.session');
  if (session.status !== 'open')
    throw refused(
      `Only Checkout Sessions with a status in ["open"] can be expired. This one is ${session.status}.`,
    );
  return expireCheckout(call.work, session);
}

async function ordered(call: Call, mode: 'payment' | 'subscription') {
  const [line, ...more] = call.params.each('line_items');
  if (line === undefined) throw missing('line_items');
  if (more.length > 0) throw invalid('line_items', 'This sandbox sells one price at a time.');
  const quantity = line.integer('quantity') ?? 1;
  if (quantity < 1 || (mode === 'subscription' && quantity !== 1))
    throw invalid('line_items[0][quantity]', 'This sandbox subscribes to one of a price.');
  const price = await given(call, 'price', line.required('price'), 'line_items[0][price]');
  if ((price.recurring === null) !== (mode === 'payment'))
    throw invalid('line_items[0][price]', `This price does not fit mode=${mode}.`);
  return { price, quantity };
}

function trialDays(days = 0): number {
  if (days < 0 || days > 730)
    throw invalid('subscription_data[trial_period_days]', 'Must be between 1 and 730.');
  return days;
}

function expiry(wish: number | undefined, now: number): number {
  if (wish === undefined) return now + DAY;
  if (wish < now + 1_800 || wish > now + DAY)
    throw invalid(
      'expires_at',
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from now.',
    );
  return wish;
}
