import type Stripe from 'stripe';
import { truncatedList, unknownShape } from '../webhooks/webhook-handler.js';

/**
 * What an invoice says about a payment; see {@link parseQualifyingPayment}. Stripe's always has a
 * subscription and a period.
 */
export interface QualifyingPayment {
  invoiceId: string;
  subscriptionId: string | null;
  customerId: string | null;
  userIdInMetadata: string | null;
  /** The paid prices among its lines. */
  priceIds: string[];
  amountPaid: number;
  currency: string;
  paidAt: Date;
  periodStart: Date | null;
  periodEnd: Date | null;
}

/**
 * Why an object is not used. `unknown_shape`: it is of another API version, and is not guessed at.
 * `truncated_list`: one of its lists is not whole, so nothing follows from it.
 */
export interface IgnoredObject {
  ignored: string;
}

/** What a subscription's snapshot says. */
export interface SubscriptionSnapshot {
  id: string;
  customerId: string | null;
  userIdInMetadata: string | null;
  status: string;
  priceId: string | null;
  grantsPaidTier: boolean;
  currentPeriodStart: Date | null;
  currentPeriodEnd: Date | null;
  /** When it is planned to end, which may be many periods ahead. */
  cancelAt: Date | null;
  /** Nothing is charged again: the present period is the last one. */
  cancelAtPeriodEnd: boolean;
  /** Its invoices are voided or written off for now, so that no period is paid for. */
  collectionVoided: boolean;
  endedAt: Date | null;
}

/**
 * Reads an invoice as a qualifying payment: of a subscription, paid, with money that went through
 * Stripe, for a price that makes a user paid. Trials, full discounts and invoices paid elsewhere
 * are none. `paidPrices` empty: any price of the subscription does. `billing_reason` says nothing
 * reliable.
 */
export function parseQualifyingPayment(
  invoice: Stripe.Invoice,
  paidPrices: readonly string[],
): QualifyingPayment | IgnoredObject {
  if (invoice.parent === undefined) return { ignored: unknownShape };
  const details = invoice.parent?.subscription_details;
  if (invoice.parent?.type !== 'subscription_details' || !details?.subscription)
    return { ignored: 'no_subscription' };
  if (invoice.status !== 'paid') return { ignored: 'not_paid' };
  const amountPaid = invoice.amount_paid - (invoice.amount_paid_off_stripe ?? 0);
  if (!(amountPaid > 0)) return { ignored: 'nothing_paid_through_stripe' };
  if (invoice.lines?.has_more) return { ignored: truncatedList };
  const own = (invoice.lines?.data ?? []).filter((line) => isPaidPriceLine(line, paidPrices));
  // what an upgrade takes off, and discounts, leave no money for the subscription: then something
  // else was paid
  const lines = netAmountOf(...own) > 0 ? own.filter((line) => netAmountOf(line) > 0) : [];
  const priceIds = [...new Set(lines.flatMap((line) => priceIdOf(line) ?? []))];
  if (priceIds.length === 0) return { ignored: 'no_paid_price' };
  const paidAt = fromUnix(invoice.status_transitions?.paid_at ?? invoice.created);
  const periodEnd = latestTime(lines.map((line) => line.period?.end));
  if (
    paidAt === null ||
    periodEnd === null ||
    !Number.isInteger(amountPaid) ||
    typeof invoice.currency !== 'string'
  )
    return { ignored: unknownShape };
  return {
    invoiceId: invoice.id,
    subscriptionId: idOf(details.subscription),
    customerId: idOrNull(invoice.customer),
    userIdInMetadata: details.metadata?.twofold_user_id ?? null,
    priceIds,
    amountPaid,
    currency: invoice.currency,
    paidAt,
    periodStart: earliestTime(lines.map((line) => line.period?.start)) ?? paidAt,
    periodEnd,
  };
}

/**
 * Reads a subscription's snapshot. Of the items that make paid the one with the longest period
 * counts; else of all.
 */
export function parseSubscription(
  subscription: Stripe.Subscription,
  paidPrices: readonly string[],
): SubscriptionSnapshot | IgnoredObject {
  if (subscription.items?.has_more) return { ignored: truncatedList };
  const items = subscription.items?.data ?? [];
  const paying = items.filter((item) => grantsPaidTier(item.price, paidPrices));
  const counted = paying.length > 0 ? paying : items;
  const currentPeriodEnd = latestTime(counted.map((item) => item.current_period_end));
  const longest = counted.find((item) => isSameTime(fromUnix(item.current_period_end), currentPeriodEnd));
  if (longest === undefined || typeof subscription.status !== 'string') return { ignored: unknownShape };
  return {
    id: subscription.id,
    customerId: idOrNull(subscription.customer),
    userIdInMetadata: subscription.metadata?.twofold_user_id ?? null,
    status: subscription.status,
    priceId: longest.price?.id ?? null,
    grantsPaidTier: paying.length > 0,
    currentPeriodStart: fromUnix(longest.current_period_start),
    currentPeriodEnd,
    cancelAt: fromUnix(subscription.cancel_at),
    cancelAtPeriodEnd: isLastPeriod(subscription, items),
    collectionVoided: neverCollected.has(subscription.pause_collection?.behavior),
    endedAt: fromUnix(subscription.ended_at),
  };
}

/**
 * What becomes of invoices while collection is paused, where they will never be paid. Drafts are
 * collected later.
 */
const neverCollected = new Set<unknown>(['void', 'mark_uncollectible']);

/** Every item charges: none of them may begin another period before the end. */
function isLastPeriod(
  { cancel_at, cancel_at_period_end }: Stripe.Subscription,
  items: Stripe.SubscriptionItem[],
): boolean {
  if (!fromUnix(cancel_at)) return Boolean(cancel_at_period_end);
  return items.every((item) => item.current_period_end >= Number(cancel_at));
}

/** Without a list, every recurring price does that costs something. */
function grantsPaidTier(price: Stripe.Price | null | undefined, paidPrices: readonly string[]): boolean {
  if (!price) return false;
  return paidPrices.length === 0 ? Boolean(price.recurring) && !isFree(price) : paidPrices.includes(price.id);
}

/** Parts of cents are reported in the decimal only; with tiers, neither is reported. */
function isFree({ unit_amount, unit_amount_decimal }: Stripe.Price): boolean {
  if (typeof unit_amount === 'number') return unit_amount === 0;
  return unit_amount_decimal != null && Number(String(unit_amount_decimal)) === 0;
}

/** A line of the subscription itself, a change of plan or seats included; a set-up fee is none. */
function isPaidPriceLine(line: Stripe.InvoiceLineItem, paidPrices: readonly string[]): boolean {
  const price = priceIdOf(line);
  if (price === null) return false;
  if (paidPrices.length > 0) return paidPrices.includes(price);
  const { type, invoice_item_details: details } = line.parent ?? {};
  return type === 'subscription_item_details' || Boolean(details?.proration && details.subscription);
}

/** What lines cost together, less their discounts. */
function netAmountOf(...lines: Stripe.InvoiceLineItem[]): number {
  const discounts = lines.flatMap((line) => line.discount_amounts ?? []);
  const sum = (parts: { amount: number }[]) => parts.reduce((total, { amount }) => total + amount, 0);
  return sum(lines) - sum(discounts);
}

function priceIdOf(line: Stripe.InvoiceLineItem): string | null {
  return idOrNull(line.pricing?.price_details?.price);
}

/** The earliest of what are moments among them; null when none is. */
function earliestTime(unix: unknown[]): Date | null {
  const times = unix.flatMap((value) => fromUnix(value) ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times.map((found) => found.getTime())));
}

/** The latest of what are moments among them; null when none is. */
function latestTime(unix: unknown[]): Date | null {
  const times = unix.flatMap((value) => fromUnix(value) ?? []);
  return times.length === 0 ? null : new Date(Math.max(...times.map((found) => found.getTime())));
}

function isSameTime(one: Date | null, other: Date | null): boolean {
  return one !== null && one.getTime() === other?.getTime();
}

/** Stripe gives an id, or the whole object where it was expanded. */
export function idOf(reference: string | { id: string }): string {
  return typeof reference === 'string' ? reference : reference.id;
}

/** As {@link idOf}; null where Stripe says nothing. */
export function idOrNull(reference: string | { id: string } | null | undefined): string | null {
  return reference === null || reference === undefined ? null : idOf(reference);
}

/** Stripe's whole seconds as a moment; null for anything else. */
export function fromUnix(unix: unknown): Date | null {
  return Number.isInteger(unix) ? new Date((unix as number) * 1000) : null;
}
