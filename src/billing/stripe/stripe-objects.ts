import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { STRIPE, callStripe } from './stripe-client.js';
import { isStripeObjectMissing } from './stripe-errors.js';
import { pageSize, fetchWholeList } from './stripe-lists.js';
import type { SignedEvent } from '../webhooks/stripe-signatures.js';

/** Whether a Stripe id names a payment: an intent, or a charge that has none. */
export function isPaymentId(id: string): boolean {
  return /^(pi|ch|py)_/.test(id);
}

type FetchObject = (stripe: Stripe, id: string) => Promise<unknown>;

/** How the object of an event is read, by how the event's type begins; the first that fits counts. */
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

/** Objects as Stripe has them now, in our API version, with all entries of the lists that we read. Never with a transaction open. */
@Injectable()
export class StripeObjects {
  constructor(@Inject(STRIPE) private readonly stripe: Stripe) {}

  /**
   * The object that an event is about; as the event has it when Stripe gives no such object by itself, or has it no more.
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
