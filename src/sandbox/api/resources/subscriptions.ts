import type Stripe from 'stripe';
import { itemOf } from '../../objects/subscription.js';
import { cancelNow, endingWithPeriod } from '../../verbs/cancel.js';
import { startTrial } from '../../verbs/start-trial.js';
import type { Filter } from '../../store/page.js';
import { namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { invalid, refused } from '../errors.js';
import { equal, list, within } from '../listing.js';
import type { Params } from '../params.js';

const TWO_YEARS = 2 * 365.25 * 86_400;

/** Subscriptions; they start in a checkout only. */
export const subscriptions: Endpoint[] = [
  retrieve('/v1/subscriptions', 'subscription'),
  { method: 'POST', path: '/v1/subscriptions/:id', answer: update },
  { method: 'DELETE', path: '/v1/subscriptions/:id', answer: cancel },
  list('/v1/subscriptions', 'subscription', (params) => [
    ...equal(params, 'customer'),
    ...inStatus(params),
    ...ofPrice(params),
    ...within(params),
  ]),
];

async function update(call: Call): Promise<Stripe.Subscription> {
  const before = await live(call);
  const { params, work } = call;
  let after = { ...before, metadata: params.metadata(before.metadata) };
  const atPeriodEnd = params.flag('cancel_at_period_end');
  if (atPeriodEnd !== undefined) after = endingWithPeriod(after, atPeriodEnd, work.now);
  const proration = params.oneOf('proration_behavior', 'none', 'create_prorations', 'always_invoice');
  const trialEnd = params.integer('trial_end');
  if (trialEnd !== undefined) {
    refuseTrialEnd(trialEnd, proration, before, work.now);
    after = await startTrial(work, after, trialEnd);
  }
  return work.update('customer.subscription.updated', before, after);
}

async function cancel(call: Call): Promise<Stripe.Subscription> {
  const subscription = await live(call);
  call.params.oneOf('invoice_now', 'false');
  call.params.oneOf('prorate', 'false');
  return cancelNow(call.work, subscription);
}

async function live(call: Call): Promise<Stripe.Subscription> {
  const subscription = await namedForUpdate(call, 'subscription');
  if (subscription.status === 'canceled')
    throw refused(
      `No such subscription: '${subscription.id}' is canceled and can no longer change.`,
      'resource_missing',
    );
  return subscription;
}

function refuseTrialEnd(
  trialEnd: number,
  proration: string | undefined,
  subscription: Stripe.Subscription,
  now: number,
): void {
  if (proration !== 'none')
    throw invalid('proration_behavior', 'This sandbox moves a trial end with proration_behavior=none only.');
  if (trialEnd <= now)
    throw invalid('trial_end', 'Invalid timestamp: must be an integer Unix timestamp in the future.');
  if (trialEnd > itemOf(subscription).current_period_end + TWO_YEARS)
    throw invalid('trial_end', 'The trial may end at most two years behind the billing cycle anchor.');
}

function inStatus(params: Params): Filter[] {
  const value = params.oneOf(
    'status',
    'active',
    'all',
    'canceled',
    'ended',
    'incomplete',
    'incomplete_expired',
    'past_due',
    'paused',
    'trialing',
    'unpaid',
  );
  if (value === 'all') return [];
  if (value === undefined) return [{ sql: `data->>'status' <> 'canceled'` }];
  return [{ sql: `data->>'status' = $`, value: value === 'ended' ? 'canceled' : value }];
}

function ofPrice(params: Params): Filter[] {
  const value = params.text('price');
  return value === undefined ? [] : [{ sql: `data->'items'->'data'->0->'price'->>'id' = $`, value }];
}
