import type { default as Stripe } from 'stripe';
import { newCheckoutSession } from '../../objects/checkout-session.js';
import { expireCheckout, payOneTimeCheckout } from '../../operations/checkout.js';
import {
  getParamObject,
  lockOr404,
  retrieveEndpoint,
  type ApiCall,
  type Endpoint,
  equalFilters,
  listEndpoint,
  timeRangeFilters,
  getOr404,
} from '../endpoint.js';
import { invalidParamError, missingParamError, invalidStateError } from '../errors.js';
import { getPaymentMethod } from '../../operations/customers.js';

const DAY = 86_400;

/** Checkout sessions: one attempt to subscribe or to pay once, on a page of the sandbox. */
export const checkoutSessions: Endpoint[] = [
  { method: 'POST', path: '/v1/checkout/sessions', handle: createSession },
  retrieveEndpoint('/v1/checkout/sessions', 'checkout.session'),
  { method: 'POST', path: '/v1/checkout/sessions/:id/expire', handle: expireSession },
  listEndpoint('/v1/checkout/sessions', 'checkout.session', (params) => [
    ...equalFilters(params, 'customer', 'subscription', 'status'),
    ...timeRangeFilters(params),
  ]),
];

async function createSession(apiCall: ApiCall): Promise<Stripe.Checkout.Session> {
  const { params, unitOfWork } = apiCall;
  const mode = params.oneOf('mode', 'payment', 'subscription');
  if (mode === undefined) throw missingParamError('mode');
  const { price, quantity } = await readLineItem(apiCall, mode);
  const customerId = params.text('customer');
  const customer =
    customerId === undefined ? null : await getParamObject(apiCall, 'customer', customerId, 'customer');
  const successUrl = params.url('success_url');
  if (successUrl === undefined) throw missingParamError('success_url');
  const subscriptionData = params.child('subscription_data');
  const branding = params.child('branding_settings');
  const hidden = {
    price: price.id,
    quantity,
    subscriptionMetadata: subscriptionData.metadata(),
    trialDays: checkTrialDays(subscriptionData.integer('trial_period_days')),
  };
  params.oneOf('payment_method_collection', 'always');
  params.ignore('payment_method_types', 'payment_intent_data');
  const session = await unitOfWork.store.insert(
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
        cancelUrl: params.url('cancel_url') ?? null,
        displayName: branding.text('display_name') ?? null,
        buttonColour: branding.text('button_color') ?? null,
        expiresAt: readExpiry(params.integer('expires_at'), unitOfWork.now),
      },
      unitOfWork.origin,
      unitOfWork.now,
    ),
  );
  await unitOfWork.store.insertFulfilment(session.id, hidden);
  return session;
}

async function expireSession(apiCall: ApiCall): Promise<Stripe.Checkout.Session> {
  const session = await lockOr404(apiCall, 'checkout.session');
  if (session.status !== 'open')
    throw invalidStateError(
      `Only Checkout Sessions with a status in ["open"] can be expired. This one is ${session.status}.`,
    );
  return expireCheckout(apiCall.unitOfWork, session);
}

async function readLineItem(apiCall: ApiCall, mode: 'payment' | 'subscription') {
  const [line, ...more] = apiCall.params.objectList('line_items');
  if (line === undefined) throw missingParamError('line_items');
  if (more.length > 0) throw invalidParamError('line_items', 'This sandbox sells one price at a time.');
  const quantity = line.integer('quantity') ?? 1;
  if (quantity < 1 || (mode === 'subscription' && quantity !== 1))
    throw invalidParamError('line_items[0][quantity]', 'This sandbox subscribes to one of a price.');
  const price = await getParamObject(apiCall, 'price', line.required('price'), 'line_items[0][price]');
  if ((price.recurring === null) !== (mode === 'payment'))
    throw invalidParamError('line_items[0][price]', `This price does not fit mode=${mode}.`);
  return { price, quantity };
}

function checkTrialDays(days = 0): number {
  if (days < 0 || days > 730)
    throw invalidParamError('subscription_data[trial_period_days]', 'Must be between 1 and 730.');
  return days;
}

function readExpiry(requested: number | undefined, now: number): number {
  if (requested === undefined) return now + DAY;
  if (requested < now + 1_800 || requested > now + DAY)
    throw invalidParamError(
      'expires_at',
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from now.',
    );
  return requested;
}

/** What Stripe's own checkout page calls, undocumented; its CLI pays one-time checkouts with it. */
export const paymentPages: Endpoint[] = [
  { method: 'GET', path: '/v1/payment_pages/:id', handle: (call) => getOr404(call, 'checkout.session') },
  { method: 'POST', path: '/v1/payment_pages/:id/confirm', handle: confirmPaymentPage },
];

async function confirmPaymentPage(apiCall: ApiCall): Promise<Stripe.Checkout.Session> {
  const { params, unitOfWork } = apiCall;
  const session = await lockOr404(apiCall, 'checkout.session');
  if (session.status !== 'open') throw invalidStateError(`This checkout is ${session.status}.`);
  if (session.mode !== 'payment')
    throw invalidStateError('Only one-time checkouts are confirmed here; open its page.');
  if (params.integer('expected_amount') !== session.amount_total)
    throw invalidParamError('expected_amount', `The amount is ${session.amount_total}.`);
  const method = await getPaymentMethod(unitOfWork, params.required('payment_method'), 'payment_method');
  return payOneTimeCheckout(unitOfWork, session, null, method);
}
