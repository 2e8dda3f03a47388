import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { SignedEvent } from '../webhooks/stripe-signatures.js';
import { STRIPE, callStripe } from './stripe-client.js';
import { isStripeObjectMissing } from './stripe-errors.js';
import { parseSubscription, type SubscriptionSnapshot } from './stripe-parsers.js';

/** Whether a Stripe id names a payment: an intent, or a charge that has none. */
export function isPaymentId(id: string): boolean {
  return /^(pi|ch|py)_/.test(id);
}

type FetchObject = (stripe: Stripe, id: string) => Promise<unknown>;

/**
 * How the object of an event is read, by how the event's type begins; the first that fits counts.
 */
const fetchers: readonly (readonly [prefix: string, read: FetchObject])[] = [
  ['invoice.', async (stripe, id) => withAllLines(stripe, await stripe.invoices.retrieve(id))],
  ['invoice_payment.', (stripe, id) => stripe.invoicePayments.retrieve(id)],
  [
    'customer.subscription.',
    async (stripe, id) => withAllItems(stripe, await stripe.subscriptions.retrieve(id)),
  ],
  ['charge.dispute.', (stripe, id) => stripe.disputes.retrieve(id)],
  ['charge.refund.', (stripe, id) => stripe.refunds.retrieve(id)],
  ['charge.', (stripe, id) => stripe.charges.retrieve(id)],
  ['refund.', (stripe, id) => stripe.refunds.retrieve(id)],
  ['credit_note.', (stripe, id) => stripe.creditNotes.retrieve(id)],
  ['radar.early_fraud_warning.', (stripe, id) => stripe.radar.earlyFraudWarnings.retrieve(id)],
];

/**
 * Objects as Stripe has them now, in our API version, with all entries of the lists that we read.
 * Never with a transaction open.
 */
@Injectable()
export class StripeObjects {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * A subscription; null for one that Stripe does not have. Errors: those of {@link callStripe}; a
   * shape that is not known.
   */
  async findSubscription(id: string): Promise<SubscriptionSnapshot | null> {
    const subscription = await this.retrieveSubscription(id);
    if (subscription === null) return null;
    const snapshot = parseSubscription(subscription, this.config.stripePaidPrices);
    if ('ignored' in snapshot) throw new Error(`Stripe returned ${id} in an unknown shape`);
    return snapshot;
  }

  private async retrieveSubscription(id: string): Promise<Stripe.Subscription | null> {
    try {
      return await callStripe(async () =>
        withAllItems(this.stripe, await this.stripe.subscriptions.retrieve(id)),
      );
    } catch (error) {
      if (isStripeObjectMissing(error)) return null;
      throw error;
    }
  }

  /**
   * The object that an event is about; as the event has it when Stripe gives no such object by
   * itself, or has it no more.
   * Errors: `billing.stripe_unreachable`.
   */
  async refetch(event: SignedEvent): Promise<unknown> {
    const { id } = event.object as { id: string };
    const read = fetchers.find(([prefix]) => event.type.startsWith(prefix))?.[1];
    if (read === undefined) return event.object;
    try {
      return await callStripe(() => read(this.stripe, id));
    } catch (error) {
      if (isStripeObjectMissing(error)) return event.object;
      throw error;
    }
  }
}

/** An invoice with all of its lines: Stripe sends ten of them with it. Errors: Stripe's. */
export async function withAllLines(stripe: Stripe, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  if (!invoice.lines?.has_more) return invoice;
  const data = await fetchWholeList(stripe.invoices.listLineItems(invoice.id, { limit: pageSize }));
  return { ...invoice, lines: { ...invoice.lines, data, has_more: false } };
}

/** A subscription with all of its items: Stripe sends ten of them with it. Errors: Stripe's. */
export async function withAllItems(
  stripe: Stripe,
  subscription: Stripe.Subscription,
): Promise<Stripe.Subscription> {
  if (!subscription.items?.has_more) return subscription;
  const list = stripe.subscriptionItems.list({ subscription: subscription.id, limit: pageSize });
  const data = await fetchWholeList(list);
  return { ...subscription, items: { ...subscription.items, data, has_more: false } };
}

/** What Stripe gives on a page at most. */
export const pageSize = 100;

/** Stripe's condition that something was made between two moments. */
export function createdBetween({ since, until }: { since: Date; until: Date }): Stripe.RangeQueryParam {
  return { gte: Math.floor(since.getTime() / 1000), lt: Math.ceil(until.getTime() / 1000) };
}

/**
 * A list of Stripe's a page at a time, so that what is known of them is asked of the database at
 * once.
 */
export async function* paginate<T>(list: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const one of list) {
    page.push(one);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** More than any list that is read into memory as a whole has. */
const maxEntries = 10_000;

/**
 * All entries of a list of Stripe's, page after page. Errors: Stripe's; a list too long to be held
 * is never cut in silence.
 */
export async function fetchWholeList<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of list) {
    if (all.length === maxEntries) throw new Error(`A list at Stripe has more than ${maxEntries} entries`);
    all.push(one);
  }
  return all;
}

/**
 * What Stripe answers; null when it has no such thing, as after test data were deleted there: then
 * there is nothing to compare with. Errors: Stripe's others.
 */
export async function nullIfMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing')
      return null;
    throw error;
  }
}
