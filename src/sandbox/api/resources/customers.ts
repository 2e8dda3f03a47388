import type { default as Stripe } from 'stripe';
import { newCustomer, type CustomerDetails, newPortalSession } from '../../objects/customer.js';
import { attachMethod, getPaymentMethod, deleteCustomer } from '../../operations/customers.js';
import {
  getOr404,
  lockOr404,
  type ApiCall,
  type Endpoint,
  equalFilters,
  listEndpoint,
  timeRangeFilters,
  getParamObject,
} from '../endpoint.js';
import { notFoundError } from '../errors.js';

/** Customers: who pays. */
export const customers: Endpoint[] = [
  { method: 'POST', path: '/v1/customers', handle: createCustomer },
  { method: 'GET', path: '/v1/customers/:id', handle: findCustomer },
  { method: 'POST', path: '/v1/customers/:id', handle: updateCustomer },
  { method: 'DELETE', path: '/v1/customers/:id', handle: removeCustomer },
  listEndpoint('/v1/customers', 'customer', (params) => [
    ...equalFilters(params, 'email'),
    ...timeRangeFilters(params),
  ]),
];

async function createCustomer(apiCall: ApiCall): Promise<Stripe.Customer> {
  const { params, unitOfWork } = apiCall;
  const details = { ...readDetails(apiCall), metadata: params.metadata() };
  const customer = await unitOfWork.store.insert(newCustomer(details, unitOfWork.now));
  const saved = await unitOfWork.store.save({
    ...customer,
    ...(await readPaymentMethods(apiCall, customer)),
  });
  await unitOfWork.emit('customer.created', saved);
  return saved;
}

async function findCustomer({ unitOfWork, id }: ApiCall): Promise<Stripe.Customer | Stripe.DeletedCustomer> {
  const found = await unitOfWork.store.find('customer', id);
  if (found === null) throw notFoundError('customer', id);
  return found.deleted ? { id, object: 'customer', deleted: true } : found.data;
}

async function updateCustomer(apiCall: ApiCall): Promise<Stripe.Customer> {
  const before = await lockOr404(apiCall, 'customer');
  const metadata = apiCall.params.metadata(before.metadata);
  const after = {
    ...before,
    ...readDetails(apiCall),
    metadata,
    ...(await readPaymentMethods(apiCall, before)),
  };
  return apiCall.unitOfWork.update('customer.updated', before, after);
}

async function removeCustomer(apiCall: ApiCall): Promise<Stripe.DeletedCustomer> {
  const customer = await getOr404(apiCall, 'customer');
  await deleteCustomer(apiCall.unitOfWork, customer);
  return { id: customer.id, object: 'customer', deleted: true };
}

function readDetails({ params }: ApiCall): CustomerDetails {
  const details: CustomerDetails = {};
  for (const name of ['email', 'name', 'phone', 'description'] as const) {
    const value = params.text(name);
    if (value !== undefined) details[name] = value === '' ? null : value;
  }
  return details;
}

/** The payment methods that a request gives to a customer: one to have, and one to be charged. */
async function readPaymentMethods(
  { params, unitOfWork }: ApiCall,
  customer: Stripe.Customer,
): Promise<Partial<Stripe.Customer>> {
  const settings = params.child('invoice_settings');
  const first = params.text('payment_method');
  const byDefault = settings.text('default_payment_method');
  const has =
    first === undefined
      ? null
      : await attachMethod(unitOfWork, await getPaymentMethod(unitOfWork, first, 'payment_method'), customer);
  if (byDefault === undefined) return {};
  // One of Stripe's names for tests means the same card both times.
  const charged =
    byDefault === first ? has : await getPaymentMethod(unitOfWork, byDefault, 'invoice_settings');
  const id = charged?.id ?? null;
  return { invoice_settings: { ...customer.invoice_settings, default_payment_method: id } };
}

/** Billing portal sessions: where a customer manages their subscription. */
export const portalSessions: Endpoint[] = [
  { method: 'POST', path: '/v1/billing_portal/sessions', handle: createPortalSession },
];

async function createPortalSession(apiCall: ApiCall): Promise<Stripe.BillingPortal.Session> {
  const { params, unitOfWork } = apiCall;
  const customer = await getParamObject(apiCall, 'customer', params.required('customer'), 'customer');
  const returnUrl = params.url('return_url') ?? null;
  const session = newPortalSession(customer.id, returnUrl, unitOfWork.origin, unitOfWork.now);
  await unitOfWork.store.insert(session);
  await unitOfWork.emit('billing_portal.session.created', session);
  return session;
}
