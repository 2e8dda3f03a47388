import type Stripe from 'stripe';
import { newCharge, newChargeId } from '../objects/charge.js';
import { newInvoice, paidInvoice } from '../objects/invoice.js';
import type { InvoiceTerms } from '../objects/invoice-terms.js';
import { newInvoicePayment, newPaymentIntent } from '../objects/payment.js';
import type { Work } from '../work.js';

/** Writes a subscription's next invoice and counts it on the customer, whose next one gets the next number. */
export async function issueInvoice(work: Work, terms: InvoiceTerms): Promise<Stripe.Invoice> {
  const invoice = await work.store.insert(newInvoice(terms, work.now));
  const next = (terms.customer.next_invoice_sequence ?? 1) + 1;
  await work.store.save({ ...terms.customer, currency: invoice.currency, next_invoice_sequence: next });
  await work.emit('invoice.finalized', invoice);
  return invoice;
}

/** Collects an open invoice with a card and tells so in Stripe's several ways; one of nothing is paid without a payment. */
export async function collect(
  work: Work,
  open: Stripe.Invoice,
  method: Stripe.PaymentMethod,
): Promise<Stripe.Invoice> {
  const invoice = await work.store.save(paidInvoice(open, work.now));
  if (invoice.amount_due > 0) {
    const { intent, charge } = await attempt(work, open, method, true);
    const payment = await work.store.insert(newInvoicePayment(invoice, intent.id, true, work.now));
    await work.emit('payment_intent.succeeded', intent);
    await work.emit('charge.succeeded', charge);
    await work.emit('invoice_payment.paid', payment);
  }
  await work.emit('invoice.paid', invoice);
  await work.emit('invoice.payment_succeeded', invoice);
  return invoice;
}

/** Tries to collect an open invoice with a card that declines: the invoice stays open. */
export async function failToCollect(
  work: Work,
  open: Stripe.Invoice,
  method: Stripe.PaymentMethod,
): Promise<Stripe.Invoice> {
  const { intent, charge } = await attempt(work, open, method, false);
  const invoice = await work.store.save({ ...open, attempt_count: open.attempt_count + 1, attempted: true });
  await work.emit('payment_intent.payment_failed', intent);
  await work.emit('charge.failed', charge);
  await work.emit('invoice.payment_failed', invoice);
  return invoice;
}

async function attempt(
  work: Work,
  invoice: Stripe.Invoice,
  method: Stripe.PaymentMethod,
  succeeded: boolean,
) {
  const chargeId = newChargeId();
  const intent = await work.store.insert(newPaymentIntent(invoice, method, chargeId, succeeded, work.now));
  const charge = await work.store.insert(newCharge(chargeId, intent, method, work.now));
  return { intent, charge };
}
