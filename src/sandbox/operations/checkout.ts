import type { default as Stripe } from 'stripe';
import { customerDetails } from '../objects/checkout-session.js';
import { newCustomer } from '../objects/customer.js';
import { idOf } from '../objects/stripe-objects.js';
import { testBehaviour, type CheckoutMethod } from '../objects/payment-methods.js';
import { type UnitOfWork, mustGet } from '../unit-of-work.js';
import { savePickedMethod } from './customers.js';
import { subscribe } from './subscriptions.js';
import { attemptPayment, startPayment } from './payments.js';
import { settleIfAutomatic } from './collection.js';

/**
 * Pays an open checkout with a method that works: customer, subscription, invoice, payment, and the
 * session completed; `unpaid` while a debit is on its way.
 */
export async function payCheckout(
  unitOfWork: UnitOfWork,
  session: Stripe.Checkout.Session,
  email: string | null,
  picked: CheckoutMethod,
): Promise<Stripe.Checkout.Session> {
  const customer = await getOrCreateCustomer(unitOfWork, session, email);
  const method = await savePickedMethod(unitOfWork, customer, picked);
  if (session.mode === 'payment') return payOneTimeCheckout(unitOfWork, session, customer, method);
  const terms = await unitOfWork.store.mustGetFulfilment(session.id);
  const { subscription, invoice } = await subscribe(unitOfWork, {
    customer,
    method,
    terms: {
      price: await mustGet(unitOfWork, 'price', terms.price),
      paymentMethod: method.id,
      metadata: terms.subscriptionMetadata,
      trialEnd: terms.trialDays === 0 ? null : unitOfWork.now + terms.trialDays * 86_400,
      onMissingMethod: 'create_invoice',
    },
    outcome: testBehaviour(method).outcome,
    startsIncomplete: picked === 'sepa_incomplete',
  });
  return completeCheckout(unitOfWork, session, {
    amount_subtotal: invoice.amount_due,
    amount_total: invoice.amount_due,
    customer: customer.id,
    customer_details: customerDetails(customer.email),
    invoice: invoice.id,
    payment_status: paymentStatus(invoice),
    subscription: subscription.id,
  });
}

function paymentStatus(invoice: Stripe.Invoice): Stripe.Checkout.Session.PaymentStatus {
  if (invoice.amount_due === 0) return 'no_payment_required';
  return invoice.status === 'paid' ? 'paid' : 'unpaid';
}

async function getOrCreateCustomer(
  unitOfWork: UnitOfWork,
  session: Stripe.Checkout.Session,
  email: string | null,
): Promise<Stripe.Customer> {
  if (session.customer !== null) {
    const found = await unitOfWork.store.lock('customer', idOf(session.customer));
    if (found !== null && !found.deleted) return found.data;
  }
  const customer = await unitOfWork.store.insert(newCustomer({ email }, unitOfWork.now));
  await unitOfWork.emit('customer.created', customer);
  return customer;
}

/** Ends an open checkout with a payment, or with one on its way. */
export async function completeCheckout(
  unitOfWork: UnitOfWork,
  session: Stripe.Checkout.Session,
  result: Partial<Stripe.Checkout.Session>,
): Promise<Stripe.Checkout.Session> {
  const completed = await unitOfWork.store.save<Stripe.Checkout.Session>({
    ...session,
    ...result,
    status: 'complete',
    url: null,
  });
  await unitOfWork.emit('checkout.session.completed', completed);
  return completed;
}

/** Ends an open checkout without a payment. */
export async function expireCheckout(
  unitOfWork: UnitOfWork,
  session: Stripe.Checkout.Session,
): Promise<Stripe.Checkout.Session> {
  const expired = await unitOfWork.store.save<Stripe.Checkout.Session>({
    ...session,
    status: 'expired',
    url: null,
  });
  await unitOfWork.emit('checkout.session.expired', expired);
  return expired;
}

/** Pays an open checkout that sells something once; without a customer it is a guest's. */
export async function payOneTimeCheckout(
  unitOfWork: UnitOfWork,
  session: Stripe.Checkout.Session,
  customer: Stripe.Customer | null,
  method: Stripe.PaymentMethod,
): Promise<Stripe.Checkout.Session> {
  const intent = await startPayment(unitOfWork, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: customer?.id ?? null,
    description: null,
    invoice: null,
    metadata: {},
    methodTypes: [method.type],
  });
  const tried = await attemptPayment(unitOfWork, intent, method, testBehaviour(method).outcome);
  await completeCheckout(unitOfWork, session, {
    customer: customer?.id ?? null,
    customer_details: customerDetails(customer?.email ?? method.billing_details.email),
    payment_intent: tried.id,
    payment_status: tried.status === 'succeeded' ? 'paid' : 'unpaid',
  });
  await settleIfAutomatic(unitOfWork, tried.id);
  return mustGet(unitOfWork, 'checkout.session', session.id);
}
