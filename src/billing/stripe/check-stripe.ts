import Stripe from 'stripe';
import { problem, ok, warning, type CheckResult } from '../../platform/check-result.js';
import type { Config } from '../../platform/config/config.js';
import type { Queryable } from '../../platform/database/tx.js';
import { dayMs, secondMs } from '../../platform/durations.js';
import { whyNotOnOffer } from '../checkout/plans.js';
import { handledEventTypeGroups } from '../webhooks/stripe-event-types.js';
import { checkWebhookEndpoints, webhookUrl } from './check-webhook-endpoints.js';
import { fetchAccountOfKey, formatAccount, isSameAccount } from './stripe-account.js';
import { findStoredAccount } from './stripe-account.repository.js';
import { createStripeClient } from './stripe-client.js';
import { pageSize, fetchWholeList } from './stripe-objects.js';

/**
 * Signatures older than 300 s are refused, so a clock that is off by nearly that much refuses
 * everything.
 */
const skewProblemSeconds = 240;
const skewWarningSeconds = 60;
const failedDeliveriesWithinMs = 3 * dayMs;

/** Which API to check, and the local time. `isSandbox`: the built-in sandbox replaces Stripe. */
export interface CheckStripeOptions {
  config: Config;
  isSandbox: boolean;
  now: () => Date;
}

/**
 * Asks Stripe whether the key works, the clocks agree, the endpoint is right, and deliveries
 * arrive. Errors: none, they are findings.
 */
export async function checkStripe(options: CheckStripeOptions): Promise<CheckResult[]> {
  const stripe = createStripeClient(options.config);
  try {
    const account = await stripe.accounts.retrieveCurrent();
    const { date } = account.lastResponse.headers;
    return [
      ok('Stripe key', `it belongs to account ${account.id}`),
      checkClock(date, options.now()),
      ...(await withPermission('Stripe prices', () => checkPrices(stripe, options.config))),
      ...(await withPermission('Stripe endpoint', () => checkEndpoint(stripe, options))),
      ...(await withPermission('Stripe deliveries', () => checkDeliveries(stripe, options))),
    ];
  } catch (error) {
    return [unreachableFinding(error, options)];
  }
}

function checkClock(date: string | undefined, now: Date): CheckResult {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return warning('Stripe clock', 'Stripe’s response has no date', 'Check proxies.');
  const seconds = Math.round((now.getTime() - theirs) / secondMs);
  const seen = `this machine is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} Stripe`;
  const advice = 'Synchronise the clock (NTP): from 300 s on, every signature is rejected.';
  if (Math.abs(seconds) > skewProblemSeconds) return problem('Stripe clock', seen, advice);
  return Math.abs(seconds) > skewWarningSeconds
    ? warning('Stripe clock', seen, advice)
    : ok('Stripe clock', seen);
}

async function checkPrices(stripe: Stripe, { stripePaidPrices }: Config): Promise<CheckResult[]> {
  if (stripePaidPrices.length === 0)
    return [ok('Stripe prices', 'any recurring price makes a user paid (STRIPE_PAID_PRICES is unset)')];
  return Promise.all(stripePaidPrices.map((price) => checkPrice(stripe, price)));
}

async function checkPrice(stripe: Stripe, id: string): Promise<CheckResult> {
  try {
    const price = await stripe.prices.retrieve(id, { expand: ['product'] });
    if (price.recurring === null)
      return problem('Stripe prices', `${id} is not a recurring price`, 'Remove it from STRIPE_PAID_PRICES.');
    const reason = whyNotOnOffer(price);
    const note = reason === null ? '' : `, but is not for sale: ${reason}`;
    return ok('Stripe prices', `${id} makes a user paid${note}`);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const advice = 'Correct STRIPE_PAID_PRICES: prices of test mode do not exist in live mode.';
    return problem('Stripe prices', `${id} does not exist in this account and mode`, advice);
  }
}

async function checkEndpoint(
  stripe: Stripe,
  { config, isSandbox }: CheckStripeOptions,
): Promise<CheckResult[]> {
  const found = await fetchWholeList(stripe.webhookEndpoints.list({ limit: pageSize }));
  return checkWebhookEndpoints(found, { url: webhookUrl(config), isSandbox });
}

async function checkDeliveries(stripe: Stripe, { now }: CheckStripeOptions): Promise<CheckResult[]> {
  const since = Math.floor((now().getTime() - failedDeliveriesWithinMs) / secondMs);
  const lists = await Promise.all(
    handledEventTypeGroups.map((types) =>
      stripe.events.list({ types, delivery_success: false, created: { gte: since }, limit: pageSize }),
    ),
  );
  const missed = lists.flatMap((list) => list.data);
  if (missed.length === 0) return [ok('Stripe deliveries', 'none failed in the last three days')];
  const more = lists.some((list) => list.has_more) ? ' or more' : '';
  const types = [...new Set(missed.map(({ type }) => type))].sort().join(', ');
  return [
    warning(
      'Stripe deliveries',
      `${missed.length}${more} have not succeeded in the last three days: ${types}`,
      'Fetch the missing events: npx twofold reconcile. Then check the responses of the endpoint in Stripe’s dashboard.',
    ),
  ];
}

/** A restricted key may lack one right: the other checks still help. */
async function withPermission(check: string, run: () => Promise<CheckResult[]>): Promise<CheckResult[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripePermissionError)) throw error;
    const advice = 'Give the restricted key permission to read this, or check it in Stripe’s dashboard.';
    return [warning(check, 'the key has no permission to read this', advice)];
  }
}

function unreachableFinding(error: unknown, { config, isSandbox }: CheckStripeOptions): CheckResult {
  const where = config.stripeApiBase ?? 'https://api.stripe.com';
  if (isSandbox)
    return warning('Stripe', `no sandbox responds at ${where}`, 'It runs with the application: npm start.');
  if (error instanceof Stripe.errors.StripeAuthenticationError)
    return problem('Stripe key', 'Stripe rejects it', 'Set STRIPE_SECRET_KEY to a valid key.');
  const words = error instanceof Error ? error.message : String(error);
  return problem('Stripe', `${where} returned an error: ${words}`, 'Check the network and STRIPE_API_BASE.');
}

const check = 'Stripe account';

/**
 * Whether the key still opens the account that everything stored here belongs to. No finding where
 * Stripe does not say.
 */
export async function checkStripeAccount(db: Queryable, config: Config): Promise<CheckResult[]> {
  const [known, present] = await Promise.all([findStoredAccount(db), fetchAccountOfKey(config)]);
  if (present === null) return [];
  if (known === null)
    return [ok(check, `${formatAccount(present)}; it is recorded when the application starts`)];
  if (isSameAccount(known, present))
    return [ok(check, `${formatAccount(known)}, since ${known.since.toISOString().slice(0, 10)}`)];
  return [
    problem(
      check,
      `the key belongs to ${formatAccount(present)}, but the stored data belongs to ${formatAccount(known)}`,
      `Set a key of that account. If you want to change the account: npx twofold stripe-account accept ${present.accountId}`,
    ),
  ];
}
