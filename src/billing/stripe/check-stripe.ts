import Stripe from 'stripe';
import {
  problem,
  ok,
  warning,
  type CheckName,
  type CheckResult,
  type Phrase,
} from '../../platform/check-result.js';
import type { Config } from '../../platform/config/config.js';
import type { Queryable } from '../../platform/database/tx.js';
import { dayMs, secondMs } from '../../platform/durations.js';
import { whyNotOnOffer } from '../checkout/plans.js';
import { handledEventTypeGroups } from '../webhooks/stripe-event-types.js';
import { checkWebhookEndpoints, webhookUrl } from './check-webhook-endpoints.js';
import { fetchAccountOfKey, isSameAccount } from './stripe-account.js';
import { findStoredAccount, type AccountAndMode } from './stripe-account.repository.js';
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
      ok('stripeKey', 'stripeKeyAccepted', { account: account.id }),
      checkClock(date, options.now()),
      ...(await withPermission('stripePrices', () => checkPrices(stripe, options.config))),
      ...(await withPermission('stripeEndpoint', () => checkEndpoint(stripe, options))),
      ...(await withPermission('stripeDeliveries', () => checkDeliveries(stripe, options))),
    ];
  } catch (error) {
    return [unreachableFinding(error, options)];
  }
}

function checkClock(date: string | undefined, now: Date): CheckResult {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return warning('stripeClock', 'noStripeDate');
  const seconds = Math.round((now.getTime() - theirs) / secondMs);
  const skew = Math.abs(seconds);
  const level = skew > skewProblemSeconds ? problem : skew > skewWarningSeconds ? warning : ok;
  return level('stripeClock', 'stripeClock', {
    seconds: skew,
    direction: seconds < 0 ? 'behind' : 'ahead',
  });
}

async function checkPrices(stripe: Stripe, { stripePaidPrices }: Config): Promise<CheckResult[]> {
  if (stripePaidPrices.length === 0) return [ok('stripePrices', 'anyPricePays')];
  return Promise.all(stripePaidPrices.map((price) => checkPrice(stripe, price)));
}

async function checkPrice(stripe: Stripe, id: string): Promise<CheckResult> {
  try {
    const price = await stripe.prices.retrieve(id, { expand: ['product'] });
    if (price.recurring === null) return problem('stripePrices', 'priceNotRecurring', { id });
    const reason = whyNotOnOffer(price);
    return reason === null
      ? ok('stripePrices', 'pricePays', { id })
      : ok('stripePrices', 'priceNotForSale', { id, reason });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    return problem('stripePrices', 'priceMissing', { id });
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
  if (missed.length === 0) return [ok('stripeDeliveries', 'deliveriesSucceeded')];
  const types = [...new Set(missed.map(({ type }) => type))].sort().join(', ');
  const more = String(lists.some((list) => list.has_more));
  return [warning('stripeDeliveries', 'deliveriesFailed', { count: missed.length, more, types })];
}

/** A restricted key may lack one right: the other checks still help. */
async function withPermission(check: CheckName, run: () => Promise<CheckResult[]>): Promise<CheckResult[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripePermissionError)) throw error;
    return [warning(check, 'noPermission')];
  }
}

function unreachableFinding(error: unknown, { config, isSandbox }: CheckStripeOptions): CheckResult {
  const where = config.stripeApiBase ?? 'https://api.stripe.com';
  if (isSandbox) return warning('stripe', 'noSandbox', { where });
  if (error instanceof Stripe.errors.StripeAuthenticationError)
    return problem('stripeKey', 'stripeKeyRejected');
  const reason = error instanceof Error ? error.message : String(error);
  return problem('stripe', 'stripeUnreachable', { where, reason });
}

const check = 'stripeAccount';

/**
 * Whether the key still opens the account that everything stored here belongs to. No finding where
 * Stripe does not say.
 */
export async function checkStripeAccount(db: Queryable, config: Config): Promise<CheckResult[]> {
  const [known, present] = await Promise.all([findStoredAccount(db), fetchAccountOfKey(config)]);
  if (present === null) return [];
  if (known === null) return [ok(check, 'unrecordedAccount', { account: accountPhrase(present) })];
  if (isSameAccount(known, present)) {
    const since = known.since.toISOString().slice(0, 10);
    return [ok(check, 'recordedAccount', { account: accountPhrase(known), since })];
  }
  return [
    problem(check, 'otherAccount', {
      present: accountPhrase(present),
      known: accountPhrase(known),
      id: present.accountId,
    }),
  ];
}

function accountPhrase({ accountId, livemode }: AccountAndMode): Phrase {
  return { key: `findings.account.${livemode ? 'live' : 'test'}`, values: { id: accountId } };
}
