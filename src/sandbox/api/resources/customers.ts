import type Stripe from 'stripe';
import { newCustomer, type CustomerDetails } from '../../objects/customer.js';
import { cancelNow } from '../../verbs/cancel.js';
import type { Work } from '../../work.js';
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
  const details = { ...detailsIn(call), metadata: call.params.metadata() };
  const customer = await call.work.store.insert(newCustomer(details, call.work.now));
  await call.work.emit('customer.created', customer);
  return customer;
}

async function find({ work, id }: Call): Promise<Stripe.Customer | Stripe.DeletedCustomer> {
  const found = await work.store.find('customer', id);
  if (found === null) throw noSuch('customer', id);
  return found.deleted ? { id, object: 'customer', deleted: true } : found.data;
}

async function update(call: Call): Promise<Stripe.Customer> {
  const before = await namedForUpdate(call, 'customer');
  const after = { ...before, ...detailsIn(call), metadata: call.params.metadata(before.metadata) };
  return call.work.update('customer.updated', before, after);
}

async function remove(call: Call): Promise<Stripe.DeletedCustomer> {
  const customer = await named(call, 'customer');
  for (const subscription of await liveSubscriptions(call.work, customer.id))
    await cancelNow(call.work, subscription);
  await call.work.store.remove(customer.id);
  await call.work.emit('customer.deleted', customer);
  return { id: customer.id, object: 'customer', deleted: true };
}

async function liveSubscriptions(work: Work, customer: string): Promise<Stripe.Subscription[]> {
  const filters = [
    { sql: `data->>'customer' = $`, value: customer },
    { sql: `data->>'status' <> 'canceled'` },
  ];
  return (await work.store.list('subscription', { filters, limit: 100 })).data;
}

function detailsIn({ params }: Call): CustomerDetails {
  const details: CustomerDetails = {};
  for (const name of ['email', 'name', 'phone', 'description'] as const) {
    const value = params.text(name);
    if (value !== undefined) details[name] = value === '' ? null : value;
  }
  return details;
}
