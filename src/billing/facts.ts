import type Stripe from 'stripe';
import { idOf, idOrNull, moment } from './stripe-fields.js';

/** What an invoice says about a payment; see {@link paymentOf}. Times have whole seconds. */
export interface Payment {
  invoiceId: string;
  subscriptionId: string;
  customerId: string | null;
  userIdInMetadata: string | null;
  /** The paid prices among its lines. */
  priceIds: string[];
  amountPaid: number;
  currency: string;
  paidAt: Date;
  periodStart: Date;
  periodEnd: Date;
}

/** Why an object says nothing to us. `unknown_shape`: it is of another API version, and is not guessed at. */
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
  if (invoice.parent === undefined) return { ignored: 'unknown_shape' };
  const details = invoice.parent?.subscription_details;
  if (invoice.parent?.type !== 'subscription_details' || !details?.subscription)
    return { ignored: 'not_of_a_subscription' };
  if (invoice.status !== 'paid') return { ignored: 'not_paid' };
  const amountPaid = invoice.amount_paid - (invoice.amount_paid_off_stripe ?? 0);
  if (!(amountPaid > 0)) return { ignored: 'no_money' };
  const lines = (invoice.lines?.data ?? []).filter((line) => paysForAPaidPrice(line, paidPrices));
  const priceIds = [...new Set(lines.flatMap((line) => priceOf(line) ?? []))];
  if (priceIds.length === 0) return { ignored: 'no_paid_price' };
  const paidAt = moment(invoice.status_transitions?.paid_at ?? invoice.created);
  const periodEnd = latest(lines.map((line) => line.period?.end));
  if (
    paidAt === null ||
    periodEnd === null ||
    !Number.isInteger(amountPaid) ||
    typeof invoice.currency !== 'string'
  )
    return { ignored: 'unknown_shape' };
  return {
    invoiceId: invoice.id,
    subscriptionId: idOf(details.subscription),
    customerId: idOrNull(invoice.customer),
    userIdInMetadata: details.metadata?.twofold_user_id ?? null,
    priceIds,
    amountPaid,
    currency: invoice.currency,
    paidAt,
    periodStart: earliest(lines.map((line) => line.period?.start)) ?? paidAt,
    periodEnd,
  };
}

/** Reads a subscription's snapshot. With several items, the longest period counts. */
export function snapshotOf(
  subscription: Stripe.Subscription,
  paidPrices: readonly string[],
): SubscriptionSnapshot | NoPayment {
  const items = subscription.items?.data ?? [];
  const currentPeriodEnd = latest(items.map((item) => item.current_period_end));
  if (currentPeriodEnd === null || typeof subscription.status !== 'string')
    return { ignored: 'unknown_shape' };
  const paying = items.filter((item) => makesPaid(item.price, paidPrices));
  return {
    id: subscription.id,
    customerId: idOrNull(subscription.customer),
    userIdInMetadata: subscription.metadata?.twofold_user_id ?? null,
    status: subscription.status,
    priceId: (paying[0] ?? items[0])?.price?.id ?? null,
    makesPaid: paying.length > 0,
    currentPeriodStart: latest(items.map((item) => item.current_period_start)),
    currentPeriodEnd,
    cancelAtPeriodEnd: Boolean(subscription.cancel_at_period_end) || Boolean(subscription.cancel_at),
    endedAt: moment(subscription.ended_at),
  };
}

function makesPaid(price: Stripe.Price | null | undefined, paidPrices: readonly string[]): boolean {
  if (!price) return false;
  return paidPrices.length === 0 ? Boolean(price.recurring) : paidPrices.includes(price.id);
}

/** A line of the subscription itself; a set-up fee beside a free trial is none. */
function paysForAPaidPrice(line: Stripe.InvoiceLineItem, paidPrices: readonly string[]): boolean {
  const price = priceOf(line);
  if (price === null || !(line.amount > 0)) return false;
  return paidPrices.length === 0
    ? line.parent?.type === 'subscription_item_details'
    : paidPrices.includes(price);
}

function priceOf(line: Stripe.InvoiceLineItem): string | null {
  return idOrNull(line.pricing?.price_details?.price);
}

/** The earliest of what are moments among them; null when none is. */
function earliest(unix: unknown[]): Date | null {
  const moments = unix.flatMap((value) => moment(value) ?? []);
  return moments.length === 0 ? null : new Date(Math.min(...moments.map((found) => found.getTime())));
}

/** The latest of what are moments among them; null when none is. */
function latest(unix: unknown[]): Date | null {
  const moments = unix.flatMap((value) => moment(value) ?? []);
  return moments.length === 0 ? null : new Date(Math.max(...moments.map((found) => found.getTime())));
}
