import type Stripe from 'stripe';
import { newCustomer, type CustomerDetails } from '../../objects/customer.js';
import { deleteCustomer } from '../../verbs/delete-customer.js';
import { attach, methodNamed } from '../../verbs/methods.js';
import { named, namedForUpdate, type Call, type Endpoint } from '../endpoint.js';
import { noSuch } from '../errors.js';
import { equal, list, within } from '../listing.js';

/** Customers: who pays. */
export const customers: Endpoint[] = [
  { method: 'POST', path: '/v1/customers', answer: create },
  { method: 'GET', path: '/v1/customers/:id', answer: find },
  { method: 'POST', path: '/v1/customers/:id', answer: update },
  { method: 'DELETE', path: '/v1/customers/:id', answer: remove },
  list('/v1/customers', 'customer', (params) => [...equal(params, 'email'), ...within(params)]),
];

async function create(call: Call): Promise<Stripe.Customer> {
  const { params, work } = call;
  const details = { ...detailsIn(call), metadata: params.metadata() };
  const customer = await work.store.insert(newCustomer(details, work.now));
  const saved = await work.store.save({ ...customer, ...(await methodsFor(call, customer)) });
  await work.emit('customer.created', saved);
  return saved;
}

async function find({ work, id }: Call): Promise<Stripe.Customer | Stripe.DeletedCustomer> {
  const found = await work.store.find('customer', id);
  if (found === null) throw noSuch('customer', id);
  return found.deleted ? { id, object: 'customer', deleted: true } : found.data;
}

async function update(call: Call): Promise<Stripe.Customer> {
  const before = await namedForUpdate(call, 'customer');
  const metadata = call.params.metadata(before.metadata);
  const after = { ...before, ...detailsIn(call), metadata, ...(await methodsFor(call, before)) };
  return call.work.update('customer.updated', before, after);
}

async function remove(call: Call): Promise<Stripe.DeletedCustomer> {
  const customer = await named(call, 'customer');
  await deleteCustomer(call.work, customer);
  return { id: customer.id, object: 'customer', deleted: true };
}

function detailsIn({ params }: Call): CustomerDetails {
  const details: CustomerDetails = {};
  for (const name of ['email', 'name', 'phone', 'description'] as const) {
    const value = params.text(name);
    if (value !== undefined) details[name] = value === '' ? null : value;
  }
  return details;
}

/** The payment methods that a request gives to a customer: one to have, and one to be charged. */
async function methodsFor(
  { params, work }: Call,
  customer: Stripe.Customer,
): Promise<Partial<Stripe.Customer>> {
  const settings = params.inside('invoice_settings');
  const first = params.text('payment_method');
  const byDefault = settings.text('default_payment_method');
  const has =
    first === undefined
      ? null
      : await attach(work, await methodNamed(work, first, 'payment_method'), customer);
  if (byDefault === undefined) return {};
  // One of Stripe's names for tests means the same card both times.
  const charged = byDefault === first ? has : await methodNamed(work, byDefault, 'invoice_settings');
  const id = charged?.id ?? null;
  return { invoice_settings: { ...customer.invoice_settings, default_payment_method: id } };
}
