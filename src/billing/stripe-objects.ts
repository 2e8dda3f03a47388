import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { STRIPE, askStripe } from './stripe-client.js';
import { isMissing } from './stripe-errors.js';
import { pageSize, wholeList } from './stripe-lists.js';
import type { SignedEvent } from './stripe-signature.js';

/** Whether a Stripe id names a payment: an intent, or a charge that has none. */
export function isPaymentId(id: string): boolean {
  return /^(pi|ch|py)_/.test(id);
}

type Read = (stripe: Stripe, id: string) => Promise<unknown>;

/** How the object of an event is read, by how the event's type begins; the first that fits counts. */
const readers: readonly (readonly [prefix: string, read: Read])[] = [
  ['invoice.', async (stripe, id) => wholeInvoice(stripe, await stripe.invoices.retrieve(id))],
  ['invoice_payment.', (stripe, id) => stripe.invoicePayments.retrieve(id)],
  [
    'customer.subscription.',
    async (stripe, id) => wholeSubscription(stripe, await stripe.subscriptions.retrieve(id)),
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
  async fresh(event: SignedEvent): Promise<unknown> {
    const { id } = event.object as { id: string };
    const read = readers.find(([prefix]) => event.type.startsWith(prefix))?.[1];
    if (read === undefined) return event.object;
    try {
      return await askStripe(() => read(this.stripe, id));
    } catch (error) {
      if (isMissing(error)) return event.object;
      throw error;
    }
  }
}

/** An invoice with all of its lines: Stripe sends ten of them with it. Errors: Stripe's. */
export async function wholeInvoice(stripe: Stripe, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  if (!invoice.lines?.has_more) return invoice;
  const data = await wholeList(stripe.invoices.listLineItems(invoice.id, { limit: pageSize }));
  return { ...invoice, lines: { ...invoice.lines, data, has_more: false } };
}

/** A subscription with all of its items: Stripe sends ten of them with it. Errors: Stripe's. */
export async function wholeSubscription(
  stripe: Stripe,
  subscription: Stripe.Subscription,
): Promise<Stripe.Subscription> {
  if (!subscription.items?.has_more) return subscription;
  const list = stripe.subscriptionItems.list({ subscription: subscription.id, limit: pageSize });
  const data = await wholeList(list);
  return { ...subscription, items: { ...subscription.items, data, has_more: false } };
}
