import type Stripe from 'stripe';
import { finalizedInvoice, invoiceAfterPayment, newDraft, subscriptionParent } from '../objects/invoice.js';
import { subscriptionLine } from '../objects/invoice-line.js';
import type { DraftTerms, InvoiceTerms } from '../objects/invoice-terms.js';
import { itemOf } from '../objects/subscription.js';
import type { Work } from '../work.js';
import { changeBalance } from './customer-balance.js';
import { lockedHeld } from './held.js';

/** Writes a subscription's next invoice, and finalizes it at once: Stripe would wait an hour. */
export async function issueInvoice(work: Work, terms: InvoiceTerms): Promise<Stripe.Invoice> {
  const draft = await draftInvoice(work, {
    customer: terms.customer,
    parent: subscriptionParent(terms.subscription),
    reason: terms.reason,
    currency: itemOf(terms.subscription).price.currency,
    description: null,
    metadata: {},
    lines: (id) => [subscriptionLine(id, terms)],
  });
  return finalize(work, draft);
}

/** Writes an invoice that may still change. */
export async function draftInvoice(work: Work, terms: DraftTerms): Promise<Stripe.Invoice> {
  const draft = await work.store.insert(newDraft(terms, work.now));
  await work.emit('invoice.created', draft);
  return draft;
}

/** Finalizes a draft: it gets its customer's next number, and what he has on his balance is used up. */
export async function finalize(work: Work, draft: Stripe.Invoice): Promise<Stripe.Invoice> {
  const customer = await lockedHeld(work, 'customer', draft.customer);
  const invoice = await work.store.save(finalizedInvoice(draft, customer, work.now));
  const numbered = await work.store.save({
    ...customer,
    currency: invoice.currency,
    next_invoice_sequence: (customer.next_invoice_sequence ?? 1) + 1,
  });
  const used = (invoice.ending_balance ?? 0) - (invoice.starting_balance ?? 0);
  if (used !== 0) {
    const change = { amount: used, type: 'applied_to_invoice', invoice: invoice.id };
    await changeBalance(work, numbered, change, invoice.currency);
  }
  await work.emit('invoice.finalized', invoice);
  return invoice;
}

/** Notes that nothing is left to pay of an invoice, in Stripe's two ways. *unit* `amount` last paid, in cents */
export async function markPaid(work: Work, open: Stripe.Invoice, amount = 0): Promise<Stripe.Invoice> {
  const invoice = await work.store.save(invoiceAfterPayment(open, amount, work.now));
  await work.emit('invoice.paid', invoice);
  await work.emit('invoice.payment_succeeded', invoice);
  return invoice;
}

/** Notes that all that was left of an invoice came outside of Stripe; told once, as no payment succeeded. */
export async function markPaidOffStripe(work: Work, open: Stripe.Invoice): Promise<Stripe.Invoice> {
  const amount = open.amount_remaining;
  const paid = { ...invoiceAfterPayment(open, amount, work.now), amount_paid_off_stripe: amount };
  const invoice = await work.store.save<Stripe.Invoice>(paid);
  await work.emit('invoice.paid', invoice);
  return invoice;
}
