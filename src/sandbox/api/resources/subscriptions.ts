import type Stripe from 'stripe';
import { itemOf } from '../../objects/subscription.js';
import type { Filter } from '../../store/page.js';
import { cancelNow, endingWithPeriod } from '../../verbs/cancel.js';
import { renew } from '../../verbs/renew.js';
import { resume } from '../../verbs/resume.js';
import { startTrial } from '../../verbs/start-trial.js';
import { tellTrialEnd } from '../../verbs/subscribe.js';
import { given, namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { invalid, refused } from '../errors.js';
import { equal, list, within } from '../listing.js';
import type { Params } from '../params.js';
import { createSubscription } from './new-subscriptions.js';

const TWO_YEARS = 2 * 365.25 * 86_400;

/** Subscriptions. */
export const subscriptions: Endpoint[] = [
  { method: 'POST', path: '/v1/subscriptions', answer: createSubscription },
  retrieve('/v1/subscriptions', 'subscription'),
  { method: 'POST', path: '/v1/subscriptions/:id', answer: update },
  { method: 'POST', path: '/v1/subscriptions/:id/resume', answer: resumeNamed },
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
  let after = { ...before, metadata: params.metadata(before.metadata), ...(await newMethod(call)) };
  const atPeriodEnd = params.flag('cancel_at_period_end');
  if (atPeriodEnd !== undefined) after = endingWithPeriod(after, atPeriodEnd, work.now);
  const proration = params.oneOf('proration_behavior', 'none', 'create_prorations', 'always_invoice');
  if (params.text('trial_end') === 'now') return endTrial(call, await work.store.save(after));
  const trialEnd = params.integer('trial_end');
  if (trialEnd !== undefined) {
    refuseTrialEnd(trialEnd, proration, before, work.now);
    after = await startTrial(work, after, trialEnd);
    await tellTrialEnd(work, after);
  }
  return work.update('customer.subscription.updated', before, after);
}

/** The trial is over at once: its next period begins now. */
async function endTrial({ work }: Call, subscription: Stripe.Subscription): Promise<Stripe.Subscription> {
  if (subscription.status !== 'trialing') return subscription;
  const item = { ...itemOf(subscription), current_period_end: work.now };
  const items = { ...subscription.items, data: [item] };
  return renew(work, { ...subscription, items, billing_cycle_anchor: work.now, trial_end: work.now });
}

async function newMethod(call: Call): Promise<{ default_payment_method?: string }> {
  const id = call.params.text('default_payment_method');
  if (id === undefined) return {};
  return {
    default_payment_method: (await given(call, 'payment_method', id, 'default_payment_method')).id,
  };
}

async function resumeNamed(call: Call): Promise<Stripe.Subscription> {
  call.params.oneOf('proration_behavior', 'none', 'create_prorations', 'always_invoice');
  call.params.inside('billing_cycle_anchor').oneOf('type', 'now');
  return resume(call.work, await namedForUpdate(call, 'subscription'));
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
    ...(['active', 'all', 'canceled', 'ended', 'incomplete', 'incomplete_expired'] as const),
    ...(['past_due', 'paused', 'trialing', 'unpaid'] as const),
  );
  if (value === 'all') return [];
  if (value === undefined) return [{ sql: `data->>'status' <> 'canceled'` }];
  if (value === 'ended') return [{ sql: `data->>'status' IN ('canceled', 'incomplete_expired')` }];
  return [{ sql: `data->>'status' = $`, value }];
}

function ofPrice(params: Params): Filter[] {
  const value = params.text('price');
  return value === undefined ? [] : [{ sql: `data->'items'->'data'->0->'price'->>'id' = $`, value }];
}
