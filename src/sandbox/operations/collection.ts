import type { default as Stripe } from 'stripe';
import { invoiceAfterPayment } from '../objects/invoice.js';
import { newInvoicePayment } from '../objects/payment.js';
import { idOf, idOrNull } from '../objects/stripe-objects.js';
import { testBehaviour, type Outcome } from '../objects/payment-methods.js';
import { type UnitOfWork, mustGet, mustLock } from '../unit-of-work.js';
import { attemptPayment, startPayment, settlePayment } from './payments.js';
import { markPaid } from './invoices.js';
import { invalidStateError } from '../api/errors.js';

/**
 * How to collect. Without `outcome` the payment method decides, without `amount` all that remains
 * is collected. *unit* cents
 */
export interface CollectOptions {
  outcome?: Outcome | undefined;
  amount?: number | undefined;
}

/**
 * Collects an open invoice, or a part of it, and returns how that went; where nothing is left to
 * pay it is paid without a payment.
 */
export async function collectInvoice(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
  method: Stripe.PaymentMethod | null,
  options: CollectOptions = {},
): Promise<Stripe.Invoice> {
  if (invoice.amount_remaining === 0)
    return activateSubscription(unitOfWork, await markPaid(unitOfWork, invoice));
  if (method === null) return applyFailure(unitOfWork, invoice, false);
  const outcome = options.outcome ?? testBehaviour(method).outcome;
  const intent = await getOrCreateIntent(unitOfWork, invoice, options.amount ?? invoice.amount_remaining);
  const tried = await attemptPayment(unitOfWork, intent, method, outcome);
  if (outcome === 'succeeds') return applyPayment(unitOfWork, invoice, tried);
  if (outcome !== 'processes') return applyFailure(unitOfWork, invoice, outcome === 'needs_action');
  const waiting = { ...invoice, attempt_count: invoice.attempt_count + 1, attempted: true };
  return unitOfWork.store.save(waiting);
}

/**
 * Notes on the invoice that a payment has come, and on its subscription that all is well once
 * nothing is left.
 */
export async function applyPayment(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
): Promise<Stripe.Invoice> {
  const open = await findOpenPayment(unitOfWork, intent);
  if (open === null) throw new Error(`payment intent ${intent.id} pays no invoice`);
  const payment = await unitOfWork.store.save<Stripe.InvoicePayment>({
    ...open,
    amount_paid: intent.amount_received,
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: unitOfWork.now },
  });
  await unitOfWork.emit('invoice_payment.paid', payment);
  const amount = intent.amount_received;
  if (amount < invoice.amount_remaining)
    return unitOfWork.update(
      'invoice.updated',
      invoice,
      invoiceAfterPayment(invoice, amount, unitOfWork.now),
    );
  return activateSubscription(unitOfWork, await markPaid(unitOfWork, invoice, amount));
}

/** Notes on the invoice that a payment did not come, and on its subscription that it is behind. */
export async function applyFailure(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
  needsAction: boolean,
): Promise<Stripe.Invoice> {
  const tried = await unitOfWork.store.save({
    ...invoice,
    attempt_count: invoice.attempt_count + 1,
    attempted: true,
    next_payment_attempt: unitOfWork.now + 3 * 86_400,
  });
  await unitOfWork.emit('invoice.payment_failed', tried);
  if (needsAction) await unitOfWork.emit('invoice.payment_action_required', tried);
  return markSubscriptionPastDue(unitOfWork, tried);
}

/** The open record that ties a payment to an invoice; null when the payment is for none. */
export async function findOpenPayment(
  unitOfWork: UnitOfWork,
  intent: Stripe.PaymentIntent,
): Promise<Stripe.InvoicePayment | null> {
  const filters = [
    { sql: `data->'payment'->>'payment_intent' = $`, value: intent.id },
    { sql: `data->>'status' = 'open'` },
  ];
  return (await unitOfWork.store.list('invoice_payment', { filters, limit: 1 })).data[0] ?? null;
}

/**
 * A declined payment is tried again rather than started again, as Stripe does; one on its way is
 * left alone.
 */
async function getOrCreateIntent(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
  amount: number,
): Promise<Stripe.PaymentIntent> {
  const filters = [
    { sql: `data->>'invoice' = $`, value: invoice.id },
    { sql: `data->>'status' = 'open'` },
    { sql: `(data->>'amount_requested')::bigint = $`, value: amount },
  ];
  for (const { payment } of (await unitOfWork.store.list('invoice_payment', { filters, limit: 100 })).data) {
    const intent = await mustLock(unitOfWork, 'payment_intent', payment.payment_intent);
    if (intent.status !== 'processing') return intent;
  }
  const about =
    invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update';
  const intent = await startPayment(unitOfWork, {
    amount,
    currency: invoice.currency,
    customer: idOrNull(invoice.customer),
    description: invoice.parent === null ? 'Payment for Invoice' : about,
    invoice: invoice.id,
    metadata: {},
    methodTypes: ['card', 'sepa_debit'],
  });
  await unitOfWork.store.insert(newInvoicePayment(invoice, intent, unitOfWork.now));
  return intent;
}

/** The invoice that a payment is for; null when it is for none. */
export async function findInvoice(
  unitOfWork: UnitOfWork,
  intent: Stripe.PaymentIntent,
): Promise<Stripe.Invoice | null> {
  const payment = await findOpenPayment(unitOfWork, intent);
  return payment === null ? null : mustGet(unitOfWork, 'invoice', idOf(payment.invoice));
}

const OVERDUE_STATUSES = ['incomplete', 'past_due', 'unpaid'];

/** A subscription whose latest invoice was just paid is active again. Returns the invoice. */
export async function activateSubscription(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
): Promise<Stripe.Invoice> {
  const subscription = await subscriptionOfLatestInvoice(unitOfWork, invoice);
  if (subscription !== null && OVERDUE_STATUSES.includes(subscription.status))
    await unitOfWork.update('customer.subscription.updated', subscription, {
      ...subscription,
      status: 'active',
    });
  return invoice;
}

/**
 * A live subscription whose latest invoice just could not be paid is past due. Returns the invoice.
 */
export async function markSubscriptionPastDue(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
): Promise<Stripe.Invoice> {
  const subscription = await subscriptionOfLatestInvoice(unitOfWork, invoice);
  if (subscription?.status === 'active')
    await unitOfWork.update('customer.subscription.updated', subscription, {
      ...subscription,
      status: 'past_due',
    });
  return invoice;
}

async function subscriptionOfLatestInvoice(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
): Promise<Stripe.Subscription | null> {
  const id = idOrNull(invoice.parent?.subscription_details?.subscription);
  if (id === null) return null;
  const subscription = await mustLock(unitOfWork, 'subscription', id);
  return idOrNull(subscription.latest_invoice) === invoice.id ? subscription : null;
}

/**
 * Lets a debit arrive, or come back from the bank; its invoice, subscription and checkout follow.
 * *errors* a charge that is not on its way
 */
export async function settleDebit(
  unitOfWork: UnitOfWork,
  charge: Stripe.Charge,
  hasArrived: boolean,
): Promise<Stripe.Charge> {
  if (charge.status !== 'pending') throw invalidStateError(`Charge ${charge.id} is ${charge.status}.`);
  const intent = await mustLock(unitOfWork, 'payment_intent', charge.payment_intent);
  const invoice = await findInvoice(unitOfWork, intent);
  const settled = await settlePayment(unitOfWork, intent, hasArrived);
  await updateCheckout(unitOfWork, invoice, intent, hasArrived);
  if (invoice !== null && hasArrived) await applyPayment(unitOfWork, invoice, settled);
  if (invoice !== null && !hasArrived) await applyFailure(unitOfWork, invoice, false);
  return mustGet(unitOfWork, 'charge', charge.id);
}

/**
 * Lets a debit whose account number decides that arrive or come back at once; others wait for a
 * button.
 */
export async function settleIfAutomatic(unitOfWork: UnitOfWork, intentId: string): Promise<void> {
  const intent = await mustGet(unitOfWork, 'payment_intent', intentId);
  if (intent.status !== 'processing') return;
  const { followUp } = testBehaviour(await mustGet(unitOfWork, 'payment_method', intent.payment_method));
  if (followUp !== 'arrives' && followUp !== 'bounces') return;
  await settleDebit(
    unitOfWork,
    await mustLock(unitOfWork, 'charge', intent.latest_charge),
    followUp === 'arrives',
  );
}

async function updateCheckout(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice | null,
  intent: Stripe.PaymentIntent,
  arrived: boolean,
): Promise<void> {
  const filters = [
    { sql: `$ IN (data->>'invoice', data->>'payment_intent')`, value: invoice?.id ?? intent.id },
    { sql: `data->>'payment_status' = 'unpaid' AND data->>'status' = 'complete'` },
  ];
  const [session] = (await unitOfWork.store.list('checkout.session', { filters, limit: 1 })).data;
  if (session === undefined) return;
  const updated = arrived
    ? await unitOfWork.store.save<Stripe.Checkout.Session>({ ...session, payment_status: 'paid' })
    : session;
  await unitOfWork.emit(
    arrived ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed',
    updated,
  );
}
