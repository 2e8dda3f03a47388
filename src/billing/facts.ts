import type Stripe from 'stripe';

/** What an invoice says about a payment; see {@link paymentOf}. Times have whole seconds. */
export interface Payment {
  invoiceId: string;
  subscriptionId: string;
  customerId: string | null;
  userIdInMetadata: string | null;
  priceId: string;
  amountPaid: number;
  currency: string;
  paidAt: Date;
  periodEnd: Date;
}

/** Why an invoice is no qualifying payment. */
export type NoPayment = { ignored: string };

/** What a subscription's snapshot says. */
export interface SubscriptionSnapshot {
  id: string;
  customerId: string | null;
  userIdInMetadata: string | null;
  status: string;
  priceId: string | null;
  makesPaid: boolean;
  currentPeriodStart: Date | null;
  currentPeriodEnd: Date | null;
  cancelAtPeriodEnd: boolean;
  endedAt: Date | null;
}

/**
 * Reads an invoice as a qualifying payment: of a subscription, paid, with money that went through Stripe, for
 * a price that makes a user paid. Trials, full discounts and invoices settled elsewhere are none.
 * `paidPrices` empty: any price of a subscription line does. `billing_reason` says nothing reliable.
 */
export function paymentOf(invoice: Stripe.Invoice, paidPrices: readonly string[]): Payment | NoPayment {
  const details = invoice.parent?.subscription_details;
  if (invoice.parent?.type !== 'subscription_details' || !details)
    return { ignored: 'not_of_a_subscription' };
  if (invoice.status !== 'paid') return { ignored: 'not_paid' };
  const amountPaid = invoice.amount_paid - (invoice.amount_paid_off_stripe ?? 0);
  if (!(amountPaid > 0)) return { ignored: 'no_money' };
  const lines = (invoice.lines?.data ?? []).filter((line) => paysForAPaidPrice(line, paidPrices));
  const priceId = lines.map(priceOf).find((price) => price !== null);
  if (!priceId) return { ignored: 'no_paid_price' };
  const paidAt = invoice.status_transitions?.paid_at ?? invoice.created;
  return {
    invoiceId: invoice.id,
    subscriptionId: idOf(details.subscription),
    customerId: idOrNull(invoice.customer),
    userIdInMetadata: details.metadata?.twofold_user_id ?? null,
    priceId,
    amountPaid,
    currency: invoice.currency,
    paidAt: seconds(paidAt),
    periodEnd: seconds(Math.max(...lines.map((line) => line.period.end))),
  };
}

/** Reads a subscription's snapshot. With several items, the longest period counts. */
export function snapshotOf(
  subscription: Stripe.Subscription,
  paidPrices: readonly string[],
): SubscriptionSnapshot {
  const items = subscription.items.data;
  const paying = items.filter((item) =>
    paidPrices.length === 0 ? item.price.recurring !== null : paidPrices.includes(item.price.id),
  );
  const leading = paying[0] ?? items[0];
  return {
    id: subscription.id,
    customerId: idOrNull(subscription.customer),
    userIdInMetadata: subscription.metadata?.twofold_user_id ?? null,
    status: subscription.status,
    priceId: leading?.price.id ?? null,
    makesPaid: paying.length > 0,
    currentPeriodStart: latest(items.map((item) => item.current_period_start)),
    currentPeriodEnd: latest(items.map((item) => item.current_period_end)),
    cancelAtPeriodEnd: subscription.cancel_at_period_end || subscription.cancel_at !== null,
    endedAt: subscription.ended_at === null ? null : seconds(subscription.ended_at),
  };
}

function paysForAPaidPrice(line: Stripe.InvoiceLineItem, paidPrices: readonly string[]): boolean {
  const price = priceOf(line);
  return price !== null && line.amount > 0 && (paidPrices.length === 0 || paidPrices.includes(price));
}

function priceOf(line: Stripe.InvoiceLineItem): string | null {
  return idOrNull(line.pricing?.price_details?.price);
}

/** Stripe gives an id, or the whole object where it was expanded. */
function idOf(reference: string | { id: string }): string {
  return typeof reference === 'string' ? reference : reference.id;
}

function idOrNull(reference: string | { id: string } | null | undefined): string | null {
  return reference === null || reference === undefined ? null : idOf(reference);
}

function latest(moments: number[]): Date | null {
  return moments.length === 0 ? null : seconds(Math.max(...moments));
}

function seconds(unix: number): Date {
  return new Date(unix * 1000);
}
