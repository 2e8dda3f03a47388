import type { default as Stripe } from 'stripe';
import { notFoundError } from '../api/errors.js';
import {
  newPaymentMethod,
  checkoutMethods,
  findTestMethod,
  type CheckoutMethod,
} from '../objects/payment-methods.js';
import { type UnitOfWork, mustGet } from '../unit-of-work.js';
import { idOf } from '../objects/stripe-objects.js';
import { cancelSubscription } from './subscriptions.js';

/**
 * Saves what a person picked on the checkout page for a customer. Everybody's `own` card is another
 * one.
 */
export async function savePickedMethod(
  unitOfWork: UnitOfWork,
  customer: Stripe.Customer,
  picked: CheckoutMethod,
): Promise<Stripe.PaymentMethod> {
  const fingerprintOf = picked === 'shared' ? 'shared' : `${picked === 'own' ? '' : picked}${customer.id}`;
  const method = newPaymentMethod(customer, checkoutMethods[picked], fingerprintOf, unitOfWork.now);
  await unitOfWork.store.insert(method);
  await unitOfWork.emit('payment_method.attached', method);
  return method;
}

/**
 * A payment method by its id, or made from one of Stripe's names for tests. *errors*
 * `resource_missing`
 */
export async function getPaymentMethod(
  unitOfWork: UnitOfWork,
  id: string,
  param: string,
): Promise<Stripe.PaymentMethod> {
  const test = findTestMethod(id);
  if (test !== undefined)
    return unitOfWork.store.insert(newPaymentMethod(null, test, test.last4, unitOfWork.now));
  const found = await unitOfWork.store.lock('payment_method', id);
  if (found === null) throw notFoundError('PaymentMethod', id, param, param === 'id');
  return found.data;
}

/** Gives a payment method to a customer. *again* changes nothing */
export async function attachMethod(
  unitOfWork: UnitOfWork,
  method: Stripe.PaymentMethod,
  customer: Stripe.Customer,
): Promise<Stripe.PaymentMethod> {
  if (method.customer === customer.id) return method;
  const attached = await unitOfWork.store.save({ ...method, customer: customer.id });
  await unitOfWork.emit('payment_method.attached', attached);
  return attached;
}

/**
 * What a subscription is charged to: its own payment method, else its customer's; null when there
 * is neither.
 */
export async function defaultMethodOf(
  unitOfWork: UnitOfWork,
  { default_payment_method: own, customer }: { default_payment_method?: unknown; customer: unknown },
): Promise<Stripe.PaymentMethod | null> {
  if (typeof own === 'string') return mustGet(unitOfWork, 'payment_method', own);
  const { invoice_settings: settings } = await mustGet(unitOfWork, 'customer', String(customer));
  const { default_payment_method: theirs } = settings;
  return theirs === null ? null : mustGet(unitOfWork, 'payment_method', theirs);
}

/** What an invoice is charged to: as its subscription, or its customer. */
export async function invoiceMethod(
  unitOfWork: UnitOfWork,
  invoice: Stripe.Invoice,
): Promise<Stripe.PaymentMethod | null> {
  const subscription = invoice.parent?.subscription_details?.subscription;
  const customer = { customer: idOf(invoice.customer) };
  return defaultMethodOf(
    unitOfWork,
    subscription === undefined ? customer : await mustGet(unitOfWork, 'subscription', subscription),
  );
}

/** Deletes a customer, whose live subscriptions are cancelled first. */
export async function deleteCustomer(unitOfWork: UnitOfWork, customer: Stripe.Customer): Promise<void> {
  const filters = [
    { sql: `data->>'customer' = $`, value: customer.id },
    { sql: `data->>'ended_at' IS NULL` },
  ];
  const { data } = await unitOfWork.store.list('subscription', { filters, limit: 100 });
  for (const subscription of data) await cancelSubscription(unitOfWork, subscription);
  await unitOfWork.store.remove(customer.id);
  await unitOfWork.emit('customer.deleted', customer);
}
