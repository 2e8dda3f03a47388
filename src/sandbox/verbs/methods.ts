import type Stripe from 'stripe';
import { noSuch } from '../api/errors.js';
import { newPaymentMethod } from '../objects/payment-method.js';
import { checkoutMethods, testMethodNamed, type CheckoutMethod } from '../objects/test-methods.js';
import type { Work } from '../work.js';

/** Saves what somebody picked on the checkout page for a customer. Everybody's `own` card is another one. */
export async function saveForCheckout(
  work: Work,
  customer: Stripe.Customer,
  picked: CheckoutMethod,
): Promise<Stripe.PaymentMethod> {
  const fingerprintOf = picked === 'shared' ? 'shared' : `${picked === 'own' ? '' : picked}${customer.id}`;
  const method = newPaymentMethod(customer, checkoutMethods[picked], fingerprintOf, work.now);
  await work.store.insert(method);
  await work.emit('payment_method.attached', method);
  return method;
}

/** A payment method by its id, or made from one of Stripe's names for tests. *errors* `resource_missing` */
export async function methodNamed(work: Work, id: string, param: string): Promise<Stripe.PaymentMethod> {
  const test = testMethodNamed(id);
  if (test !== undefined) return work.store.insert(newPaymentMethod(null, test, test.last4, work.now));
  const found = await work.store.lock('payment_method', id);
  if (found === null) throw noSuch('PaymentMethod', id, param, param === 'id');
  return found.data;
}

/** Gives a payment method to a customer. *again* changes nothing */
export async function attach(
  work: Work,
  method: Stripe.PaymentMethod,
  customer: Stripe.Customer,
): Promise<Stripe.PaymentMethod> {
  if (method.customer === customer.id) return method;
  const attached = await work.store.save({ ...method, customer: customer.id });
  await work.emit('payment_method.attached', attached);
  return attached;
}
