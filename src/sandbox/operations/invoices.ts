import type { default as Stripe } from 'stripe';
import { finalizedInvoice, invoiceAfterPayment, newDraft, subscriptionParent } from '../objects/invoice.js';
import {
  subscriptionLine,
  type DraftTerms,
  type InvoiceTerms,
  invoiceItemLine,
} from '../objects/invoice-lines.js';
import { subscriptionItemOf } from '../objects/subscription.js';
import { type UnitOfWork, mustLock, mustGet } from '../unit-of-work.js';
import { invalidStateError } from '../api/errors.js';
import { oneIntervalAfter } from '../objects/catalog.js';
import { newBalanceTransaction, type BalanceChange } from '../objects/customer.js';

/** Writes a subscription's next invoice, and finalizes it at once: Stripe would wait an hour. */
export async function issueInvoice(unitOfWork: UnitOfWork, terms: InvoiceTerms): Promise<Stripe.Invoice> {
  const draft = await draftInvoice(unitOfWork, {
    customer: terms.customer,
    parent: subscriptionParent(terms.subscription),
    reason: terms.reason,
    currency: subscriptionItemOf(terms.subscription).price.currency,
    description: null,
    metadata: {},
    lines: (id) => [subscriptionLine(id, terms)],
  });
  return finalizeInvoice(unitOfWork, draft);
}

/** Writes an invoice that may still change. */
export async function draftInvoice(unitOfWork: UnitOfWork, terms: DraftTerms): Promise<Stripe.Invoice> {
  const draft = await unitOfWork.store.insert(newDraft(terms, unitOfWork.now));
  await unitOfWork.emit('invoice.created', draft);
  return draft;
}

/** Finalizes a draft: it gets its customer's next number, and their balance is used up. */
export async function finalizeInvoice(
  unitOfWork: UnitOfWork,
  draft: Stripe.Invoice,
): Promise<Stripe.Invoice> {
  const customer = await mustLock(unitOfWork, 'customer', draft.customer);
  const invoice = await unitOfWork.store.save(finalizedInvoice(draft, customer, unitOfWork.now));
  const numbered = await unitOfWork.store.save({
    ...customer,
    currency: invoice.currency,
    next_invoice_sequence: (customer.next_invoice_sequence ?? 1) + 1,
  });
  const usedBalance = (invoice.ending_balance ?? 0) - (invoice.starting_balance ?? 0);
  if (usedBalance !== 0) {
    const change = { amount: usedBalance, type: 'applied_to_invoice', invoice: invoice.id };
    await changeBalance(unitOfWork, numbered, change, invoice.currency);
  }
  await unitOfWork.emit('invoice.finalized', invoice);
  return invoice;
}

/**
 * Notes that nothing is left to pay of an invoice, in Stripe's two ways. *unit* `amount` last paid,
 * in cents
 */
export async function markPaid(
  unitOfWork: UnitOfWork,
  open: Stripe.Invoice,
  amount = 0,
): Promise<Stripe.Invoice> {
  const invoice = await unitOfWork.store.save(invoiceAfterPayment(open, amount, unitOfWork.now));
  await unitOfWork.emit('invoice.paid', invoice);
  await unitOfWork.emit('invoice.payment_succeeded', invoice);
  return invoice;
}

/**
 * Notes that all that was left of an invoice came outside of Stripe; reported once, as no payment
 * succeeded.
 */
export async function markPaidOffStripe(
  unitOfWork: UnitOfWork,
  open: Stripe.Invoice,
): Promise<Stripe.Invoice> {
  const amount = open.amount_remaining;
  const paid = { ...invoiceAfterPayment(open, amount, unitOfWork.now), amount_paid_off_stripe: amount };
  const invoice = await unitOfWork.store.save<Stripe.Invoice>(paid);
  await unitOfWork.emit('invoice.paid', invoice);
  return invoice;
}

/**
 * Gives up on an invoice: `void`, as if it never was, or `uncollectible`, as a loss. *errors* one
 * that is neither open nor (to void) uncollectible
 */
export async function closeInvoice(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
  status: 'void' | 'uncollectible',
): Promise<Stripe.Invoice> {
  const from = status === 'void' ? ['open', 'uncollectible'] : ['open'];
  if (!from.includes(invoice.status ?? ''))
    throw invalidStateError(`Invoice ${invoice.id} is ${invoice.status}.`);
  const transitions =
    status === 'void' ? { voided_at: unitOfWork.now } : { marked_uncollectible_at: unitOfWork.now };
  const closed = await unitOfWork.store.save<Stripe.Invoice>({
    ...invoice,
    auto_advance: false,
    next_payment_attempt: null,
    status: status,
    status_transitions: { ...invoice.status_transitions, ...transitions },
  });
  await unitOfWork.emit(status === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', closed);
  return closed;
}

/** What a draft manually is made of. */
export interface DraftRequest {
  description: string | null;
  metadata: Stripe.Metadata;
  includeItems: boolean;
  currency: string;
}

/** Writes a draft for no subscription, which takes up what waits to be billed to the customer. */
export async function draftFromItems(
  unitOfWork: UnitOfWork,
  customer: Stripe.Customer,
  { includeItems, ...wish }: DraftRequest,
): Promise<Stripe.Invoice> {
  const items = includeItems ? await pendingItems(unitOfWork, customer) : [];
  const draft = await draftInvoice(unitOfWork, {
    ...wish,
    customer,
    parent: null,
    reason: 'manual',
    currency: items[0]?.currency ?? wish.currency,
    lines: (id) => items.map((item) => invoiceItemLine(id, item)),
  });
  for (const item of items) await unitOfWork.store.save({ ...item, invoice: draft.id });
  return draft;
}

async function pendingItems(unitOfWork: UnitOfWork, { id }: Stripe.Customer): Promise<Stripe.InvoiceItem[]> {
  const filters = [{ sql: `data->>'customer' = $`, value: id }, { sql: `data->>'invoice' IS NULL` }];
  return (await unitOfWork.store.list('invoiceitem', { filters, limit: 100 })).data;
}

/**
 * The invoice that a subscription would get, without writing it: with `trialEnd`, the one of
 * nothing that follows at once; else the one of its next period. *unit* seconds since 1970
 */
export async function previewInvoice(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
  trialEnd: number | undefined,
): Promise<Stripe.Invoice> {
  const customer = await mustGet(unitOfWork, 'customer', subscription.customer);
  const { price, current_period_end: next } = subscriptionItemOf(subscription);
  const period =
    trialEnd === undefined
      ? { start: next, end: oneIntervalAfter(next, price, subscription.billing_cycle_anchor) }
      : { start: unitOfWork.now, end: trialEnd };
  const amount = trialEnd === undefined ? (price.unit_amount ?? 0) : 0;
  const reason = trialEnd === undefined ? 'upcoming' : 'subscription_update';
  const draft = newDraft(
    {
      customer,
      parent: subscriptionParent(subscription),
      reason,
      currency: price.currency,
      description: null,
      metadata: {},
      lines: (id) => [subscriptionLine(id, { subscription, customer, reason, amount, period })],
    },
    unitOfWork.now,
  );
  const { status_transitions, number, status } = draft;
  const due = finalizedInvoice(draft, customer, unitOfWork.now);
  const id = draft.id.replace('in_', 'upcoming_in_');
  return { ...due, id, number, status, status_transitions, effective_at: null };
}

/** Changes what a customer has in store with the seller, and sends an event. */
export async function changeBalance(
  unitOfWork: UnitOfWork,
  customer: Stripe.Customer,
  change: BalanceChange,
  currency: string,
): Promise<Stripe.CustomerBalanceTransaction> {
  const line = await unitOfWork.store.insert(
    newBalanceTransaction(customer, change, currency, unitOfWork.now),
  );
  const balance = line.ending_balance;
  await unitOfWork.update('customer.updated', customer, { ...customer, balance, currency });
  return line;
}
