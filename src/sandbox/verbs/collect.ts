import type Stripe from 'stripe';
import { invoiceAfterPayment } from '../objects/invoice.js';
import { newInvoicePayment } from '../objects/payment.js';
import { idOf, idOrNull } from '../objects/reference.js';
import { behaviourOf, type Outcome } from '../objects/test-methods.js';
import type { Work } from '../work.js';
import { attempt, startPayment } from './attempt.js';
import { markPaid } from './bill.js';
import { held, lockedHeld } from './held.js';
import { afterFailure, afterPayment } from './subscription-follows.js';

/** How to collect. Without `outcome` the payment method decides, without `amount` all that remains is collected. *unit* cents */
export interface CollectWish {
  outcome?: Outcome | undefined;
  amount?: number | undefined;
}

/** Collects an open invoice, or a part of it, and tells how that went; where nothing is left to pay it is paid without a payment. */
export async function collect(
  work: Work,
  invoice: Stripe.Invoice,
  method: Stripe.PaymentMethod | null,
  wish: CollectWish = {},
): Promise<Stripe.Invoice> {
  if (invoice.amount_remaining === 0) return afterPayment(work, await markPaid(work, invoice));
  if (method === null) return failed(work, invoice, false);
  const outcome = wish.outcome ?? behaviourOf(method).outcome;
  const intent = await intentFor(work, invoice, wish.amount ?? invoice.amount_remaining);
  const tried = await attempt(work, intent, method, outcome);
  if (outcome === 'succeeds') return received(work, invoice, tried);
  if (outcome !== 'processes') return failed(work, invoice, outcome === 'needs_action');
  const waiting = { ...invoice, attempt_count: invoice.attempt_count + 1, attempted: true };
  return work.store.save(waiting);
}

/** Notes on the invoice that a payment has come, and on its subscription that all is well once nothing is left. */
export async function received(
  work: Work,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
): Promise<Stripe.Invoice> {
  const open = await openPayment(work, intent);
  if (open === null) throw new Error(`payment intent ${intent.id} pays no invoice`);
  const payment = await work.store.save<Stripe.InvoicePayment>({
    ...open,
    amount_paid: intent.amount_received,
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: work.now },
  });
  await work.emit('invoice_payment.paid', payment);
  const amount = intent.amount_received;
  if (amount < invoice.amount_remaining)
    return work.update('invoice.updated', invoice, invoiceAfterPayment(invoice, amount, work.now));
  return afterPayment(work, await markPaid(work, invoice, amount));
}

/** Notes on the invoice that a payment did not come, and on its subscription that it is behind. */
export async function failed(
  work: Work,
  invoice: Stripe.Invoice,
  needsAction: boolean,
): Promise<Stripe.Invoice> {
  const tried = await work.store.save({
    ...invoice,
    attempt_count: invoice.attempt_count + 1,
    attempted: true,
    next_payment_attempt: work.now + 3 * 86_400,
  });
  await work.emit('invoice.payment_failed', tried);
  if (needsAction) await work.emit('invoice.payment_action_required', tried);
  return afterFailure(work, tried);
}

/** The open record that ties a payment to an invoice; null when the payment is for none. */
export async function openPayment(
  work: Work,
  intent: Stripe.PaymentIntent,
): Promise<Stripe.InvoicePayment | null> {
  const filters = [
    { sql: `data->'payment'->>'payment_intent' = $`, value: intent.id },
    { sql: `data->>'status' = 'open'` },
  ];
  return (await work.store.list('invoice_payment', { filters, limit: 1 })).data[0] ?? null;
}

/** A declined payment is tried again rather than started anew, as Stripe does; one on its way is left alone. */
async function intentFor(work: Work, invoice: Stripe.Invoice, amount: number): Promise<Stripe.PaymentIntent> {
  const filters = [
    { sql: `data->>'invoice' = $`, value: invoice.id },
    { sql: `data->>'status' = 'open'` },
    { sql: `(data->>'amount_requested')::bigint = $`, value: amount },
  ];
  for (const { payment } of (await work.store.list('invoice_payment', { filters, limit: 100 })).data) {
    const intent = await lockedHeld(work, 'payment_intent', payment.payment_intent);
    if (intent.status !== 'processing') return intent;
  }
  const about =
    invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update';
  const intent = await startPayment(work, {
    amount,
    currency: invoice.currency,
    customer: idOrNull(invoice.customer),
    description: invoice.parent === null ? 'Payment for Invoice' : about,
    invoice: invoice.id,
    metadata: {},
    methodTypes: ['card', 'sepa_debit'],
  });
  await work.store.insert(newInvoicePayment(invoice, intent, work.now));
  return intent;
}

/** The invoice that a payment is for; null when it is for none. */
export async function invoiceOf(work: Work, intent: Stripe.PaymentIntent): Promise<Stripe.Invoice | null> {
  const payment = await openPayment(work, intent);
  return payment === null ? null : held(work, 'invoice', idOf(payment.invoice));
}
