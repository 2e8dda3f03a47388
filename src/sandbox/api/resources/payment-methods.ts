import type Stripe from 'stripe';
import { newPaymentMethod } from '../../objects/payment-method.js';
import { testMethodNamed } from '../../objects/test-methods.js';
import { attach, methodNamed } from '../../verbs/methods.js';
import { given, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { invalid } from '../errors.js';
import { equal, list } from '../listing.js';

/** Payment methods: cards and debits, by Stripe's names for tests only. */
export const paymentMethods: Endpoint[] = [
  { method: 'POST', path: '/v1/payment_methods', answer: create },
  retrieve('/v1/payment_methods', 'payment_method'),
  { method: 'POST', path: '/v1/payment_methods/:id/attach', answer: attachNamed },
  list('/v1/payment_methods', 'payment_method', (params) => equal(params, 'customer', 'type')),
];

async function create({ params, work }: Call): Promise<Stripe.PaymentMethod> {
  const type = params.oneOf('type', 'card', 'sepa_debit') ?? 'card';
  const name =
    type === 'card' ? params.inside('card').required('token') : params.inside('sepa_debit').required('iban');
  const test = testMethodNamed(name);
  if (test?.type !== type) throw invalid(type, `This sandbox does not know '${name}'.`);
  const billing = params.inside('billing_details');
  const email = billing.text('email') ?? null;
  billing.ignore('name', 'phone', 'address');
  const made = newPaymentMethod(null, test, test.last4, work.now);
  return work.store.insert({ ...made, billing_details: { ...made.billing_details, email } });
}

async function attachNamed(call: Call): Promise<Stripe.PaymentMethod> {
  const customer = await given(call, 'customer', call.params.required('customer'), 'customer');
  return attach(call.work, await methodNamed(call.work, call.id, 'id'), customer);
}
