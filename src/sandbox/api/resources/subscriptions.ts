import type { default as Stripe } from 'stripe';
import { subscriptionItemOf } from '../../objects/subscription.js';
import type { Filter } from '../../store/store.js';
import {
  cancelSubscription,
  withCancelAtPeriodEnd,
  startTrial,
  announceTrialEnd,
  subscribe,
} from '../../operations/subscriptions.js';
import { renewSubscription, resumeSubscription } from '../../operations/renewals.js';
import {
  getParamObject,
  lockOr404,
  retrieveEndpoint,
  type ApiCall,
  type Endpoint,
  equalFilters,
  listEndpoint,
  listEnvelope,
  pageOf,
  timeRangeFilters,
} from '../endpoint.js';
import { invalidParamError, invalidStateError, missingParamError } from '../errors.js';
import type { Params } from '../params.js';
import { testBehaviour } from '../../objects/payment-methods.js';
import { defaultMethodOf } from '../../operations/customers.js';
import { settleIfAutomatic } from '../../operations/collection.js';

const TWO_YEARS = 2 * 365.25 * 86_400;

/** Subscriptions. */
export const subscriptions: Endpoint[] = [
  { method: 'POST', path: '/v1/subscriptions', handle: createSubscription },
  retrieveEndpoint('/v1/subscriptions', 'subscription'),
  { method: 'POST', path: '/v1/subscriptions/:id', handle: updateSubscription },
  { method: 'POST', path: '/v1/subscriptions/:id/resume', handle: resumeById },
  { method: 'DELETE', path: '/v1/subscriptions/:id', handle: cancelById },
  listEndpoint('/v1/subscriptions', 'subscription', (params) => [
    ...equalFilters(params, 'customer'),
    ...statusFilter(params),
    ...priceFilter(params),
    ...timeRangeFilters(params),
  ]),
  { method: 'GET', path: '/v1/subscription_items', handle: listItems },
];

async function listItems(apiCall: ApiCall) {
  const id = apiCall.params.required('subscription');
  const { items } = await getParamObject(apiCall, 'subscription', id, 'subscription');
  return listEnvelope(pageOf(apiCall.params, items.data, 'subscription_item'), '/v1/subscription_items');
}

async function updateSubscription(apiCall: ApiCall): Promise<Stripe.Subscription> {
  const before = await lockLiveSubscription(apiCall);
  const { params, unitOfWork } = apiCall;
  let after = {
    ...before,
    metadata: params.metadata(before.metadata),
    ...(await readPaymentMethod(apiCall)),
  };
  const atPeriodEnd = params.flag('cancel_at_period_end');
  if (atPeriodEnd !== undefined) after = withCancelAtPeriodEnd(after, atPeriodEnd, unitOfWork.now);
  const proration = params.oneOf('proration_behavior', 'none', 'create_prorations', 'always_invoice');
  if (params.text('trial_end') === 'now') return endTrial(apiCall, await unitOfWork.store.save(after));
  const trialEnd = params.integer('trial_end');
  if (trialEnd !== undefined) {
    checkTrialEnd(trialEnd, proration, before, unitOfWork.now);
    after = await startTrial(unitOfWork, after, trialEnd);
    await announceTrialEnd(unitOfWork, after);
  }
  return unitOfWork.update('customer.subscription.updated', before, after);
}

/** The trial is over at once: its next period begins now. */
async function endTrial(
  { unitOfWork }: ApiCall,
  subscription: Stripe.Subscription,
): Promise<Stripe.Subscription> {
  if (subscription.status !== 'trialing') return subscription;
  const item = { ...subscriptionItemOf(subscription), current_period_end: unitOfWork.now };
  const items = { ...subscription.items, data: [item] };
  return renewSubscription(unitOfWork, {
    ...subscription,
    items,
    billing_cycle_anchor: unitOfWork.now,
    trial_end: unitOfWork.now,
  });
}

async function readPaymentMethod(apiCall: ApiCall): Promise<{ default_payment_method?: string }> {
  const id = apiCall.params.text('default_payment_method');
  if (id === undefined) return {};
  return {
    default_payment_method: (await getParamObject(apiCall, 'payment_method', id, 'default_payment_method'))
      .id,
  };
}

async function resumeById(apiCall: ApiCall): Promise<Stripe.Subscription> {
  apiCall.params.oneOf('proration_behavior', 'none', 'create_prorations', 'always_invoice');
  apiCall.params.child('billing_cycle_anchor').oneOf('type', 'now');
  return resumeSubscription(apiCall.unitOfWork, await lockOr404(apiCall, 'subscription'));
}

async function cancelById(apiCall: ApiCall): Promise<Stripe.Subscription> {
  const subscription = await lockLiveSubscription(apiCall);
  apiCall.params.oneOf('invoice_now', 'false');
  apiCall.params.oneOf('prorate', 'false');
  return cancelSubscription(apiCall.unitOfWork, subscription);
}

async function lockLiveSubscription(apiCall: ApiCall): Promise<Stripe.Subscription> {
  const subscription = await lockOr404(apiCall, 'subscription');
  if (subscription.status === 'canceled')
    throw invalidStateError(
      `No such subscription: '${subscription.id}' is canceled and can no longer change.`,
      'resource_missing',
    );
  return subscription;
}

function checkTrialEnd(
  trialEnd: number,
  proration: string | undefined,
  subscription: Stripe.Subscription,
  now: number,
): void {
  if (proration !== 'none')
    throw invalidParamError(
      'proration_behavior',
      'This sandbox moves a trial end with proration_behavior=none only.',
    );
  if (trialEnd <= now)
    throw invalidParamError(
      'trial_end',
      'Invalid timestamp: must be an integer Unix timestamp in the future.',
    );
  if (trialEnd > subscriptionItemOf(subscription).current_period_end + TWO_YEARS)
    throw invalidParamError(
      'trial_end',
      'The trial may end at most two years behind the billing cycle anchor.',
    );
}

function statusFilter(params: Params): Filter[] {
  const value = params.oneOf(
    'status',
    ...(['active', 'all', 'canceled', 'ended', 'incomplete', 'incomplete_expired'] as const),
    ...(['past_due', 'paused', 'trialing', 'unpaid'] as const),
  );
  if (value === 'all') return [];
  if (value === undefined) return [{ sql: `data->>'status' <> 'canceled'` }];
  if (value === 'ended') return [{ sql: `data->>'status' IN ('canceled', 'incomplete_expired')` }];
  return [{ sql: `data->>'status' = $`, value }];
}

function priceFilter(params: Params): Filter[] {
  const value = params.text('price');
  return value === undefined ? [] : [{ sql: `data->'items'->'data'->0->'price'->>'id' = $`, value }];
}

const DAY = 86_400;

/**
 * Starts a subscription without a checkout; one whose first payment fails starts `incomplete`.
 * *errors* nothing to charge
 */
export async function createSubscription(apiCall: ApiCall): Promise<Stripe.Subscription> {
  const { params, unitOfWork } = apiCall;
  const customer = await getParamObject(apiCall, 'customer', params.required('customer'), 'customer');
  const price = await readPrice(apiCall);
  const own = params.text('default_payment_method');
  if (own !== undefined) await getParamObject(apiCall, 'payment_method', own, 'default_payment_method');
  const method = await defaultMethodOf(unitOfWork, { customer: customer.id, default_payment_method: own });
  const trialEnd = readTrialEnd(apiCall);
  if (method === null && trialEnd === null)
    throw invalidStateError(
      'This customer has no attached payment source or default payment method.',
      'resource_missing',
    );
  const end = params.child('trial_settings').child('end_behavior');
  params.oneOf('payment_behavior', 'allow_incomplete', 'default_incomplete');
  params.ignore('off_session', 'collection_method');
  const { subscription, invoice } = await subscribe(unitOfWork, {
    customer,
    method,
    terms: {
      price,
      paymentMethod: own ?? null,
      metadata: params.metadata(),
      trialEnd,
      onMissingMethod:
        end.oneOf('missing_payment_method', 'create_invoice', 'pause', 'cancel') ?? 'create_invoice',
    },
    outcome: method === null ? 'succeeds' : testBehaviour(method).outcome,
  });
  await settleDebitsOf(apiCall, invoice);
  const now = await unitOfWork.store.find('subscription', subscription.id);
  return now?.data ?? subscription;
}

async function readPrice(apiCall: ApiCall): Promise<Stripe.Price> {
  const [item, ...more] = apiCall.params.objectList('items');
  if (item === undefined) throw missingParamError('items');
  if (more.length > 0) throw invalidParamError('items', 'This sandbox sells one price at a time.');
  if ((item.integer('quantity') ?? 1) !== 1)
    throw invalidParamError('items[0][quantity]', 'This sandbox sells one of a price.');
  const price = await getParamObject(apiCall, 'price', item.required('price'), 'items[0][price]');
  if (price.recurring === null)
    throw invalidParamError('items[0][price]', 'The price must be a recurring one.');
  return price;
}

function readTrialEnd({ params, unitOfWork }: ApiCall): number | null {
  const days = params.integer('trial_period_days') ?? 0;
  if (days < 0 || days > 730) throw invalidParamError('trial_period_days', 'Must be between 1 and 730.');
  const end = params.integer('trial_end');
  if (end !== undefined && end <= unitOfWork.now)
    throw invalidParamError(
      'trial_end',
      'Invalid timestamp: must be an integer Unix timestamp in the future.',
    );
  return end ?? (days === 0 ? null : unitOfWork.now + days * DAY);
}

/** A debit whose account number decides arrives, or comes back, at once. */
async function settleDebitsOf({ unitOfWork }: ApiCall, invoice: Stripe.Invoice): Promise<void> {
  const filters = [{ sql: `data->>'invoice' = $`, value: invoice.id }];
  const { data } = await unitOfWork.store.list('invoice_payment', { filters, limit: 10 });
  for (const { payment } of data) await settleIfAutomatic(unitOfWork, String(payment.payment_intent));
}
