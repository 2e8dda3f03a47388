import type { default as Stripe } from 'stripe';
import { testBehaviour } from '../../objects/payment-methods.js';
import {
  finalizeInvoice,
  markPaidOffStripe,
  closeInvoice,
  draftFromItems,
  previewInvoice,
} from '../../operations/invoices.js';
import { collectInvoice, activateSubscription } from '../../operations/collection.js';
import { mustGet } from '../../unit-of-work.js';
import { invoiceMethod, getPaymentMethod } from '../../operations/customers.js';
import {
  metadataEndpoint,
  lockOr404,
  retrieveEndpoint,
  type ApiCall,
  type Endpoint,
  equalFilters,
  listEndpoint,
  listEnvelope,
  pageOf,
  timeRangeFilters,
  getParamObject,
  getOr404,
} from '../endpoint.js';
import { cardError, invalidStateError, type ApiError, missingParamError } from '../errors.js';
import type { Params } from '../params.js';
import { newInvoiceItem } from '../../objects/invoice-lines.js';

/** Invoices after they were written, and the payments that pay them. */
export const invoices: Endpoint[] = [
  retrieveEndpoint('/v1/invoices', 'invoice'),
  metadataEndpoint('/v1/invoices', 'invoice', 'invoice.updated'),
  { method: 'POST', path: '/v1/invoices/:id/finalize', handle: finalizeById },
  { method: 'POST', path: '/v1/invoices/:id/pay', handle: payInvoice },
  { method: 'POST', path: '/v1/invoices/:id/void', handle: (call) => closeById(call, 'void') },
  {
    method: 'POST',
    path: '/v1/invoices/:id/mark_uncollectible',
    handle: (call) => closeById(call, 'uncollectible'),
  },
  listEndpoint('/v1/invoices', 'invoice', (params) => [
    ...equalFilters(params, 'customer', 'status', 'collection_method'),
    ...subscriptionFilter(params),
    ...timeRangeFilters(params),
  ]),
  { method: 'GET', path: '/v1/invoices/:id/lines', handle: listLines },
  retrieveEndpoint('/v1/invoice_payments', 'invoice_payment'),
  listEndpoint('/v1/invoice_payments', 'invoice_payment', (params) => [
    ...equalFilters(params, 'invoice', 'status'),
    ...paymentFilter(params.child('payment')),
    ...timeRangeFilters(params),
  ]),
];

/** The lines as they are billed, the first one first. */
async function listLines(apiCall: ApiCall) {
  const { id, lines } = await getOr404(apiCall, 'invoice');
  return listEnvelope(pageOf(apiCall.params, lines.data, 'line_item'), `/v1/invoices/${id}/lines`);
}

async function finalizeById(apiCall: ApiCall): Promise<Stripe.Invoice> {
  const invoice = await lockOr404(apiCall, 'invoice');
  apiCall.params.flag('auto_advance');
  if (invoice.status !== 'draft')
    throw invalidStateError(`This invoice is already finalized: ${invoice.status}.`);
  return finalizeInvoice(apiCall.unitOfWork, invoice);
}

async function payInvoice(apiCall: ApiCall): Promise<Stripe.Invoice | ApiError> {
  const { params, unitOfWork } = apiCall;
  let invoice = await lockOr404(apiCall, 'invoice');
  if (invoice.status === 'draft') invoice = await finalizeInvoice(unitOfWork, invoice);
  if (invoice.status !== 'open')
    throw invalidStateError(`Invoice is already ${invoice.status}`, 'invoice_not_open');
  params.ignore('off_session');
  const outOfBand = params.flag('paid_out_of_band') ?? false;
  if (outOfBand) return activateSubscription(unitOfWork, await markPaidOffStripe(unitOfWork, invoice));
  const requestedMethod = params.text('payment_method');
  const method =
    requestedMethod === undefined
      ? await invoiceMethod(unitOfWork, invoice)
      : await getPaymentMethod(unitOfWork, requestedMethod, 'payment_method');
  if (method === null)
    throw invalidStateError('Cannot charge a customer that has no default payment method.', 'missing');
  await collectInvoice(unitOfWork, invoice, method);
  const { outcome } = testBehaviour(method);
  if (outcome === 'declines') return cardError(false);
  if (outcome === 'needs_action') return cardError(true, 'invoice_payment_intent_requires_action');
  return mustGet(unitOfWork, 'invoice', invoice.id);
}

async function closeById(apiCall: ApiCall, into: 'void' | 'uncollectible'): Promise<Stripe.Invoice> {
  return closeInvoice(apiCall.unitOfWork, await lockOr404(apiCall, 'invoice'), into);
}

function subscriptionFilter(params: Params) {
  const value = params.text('subscription');
  return value === undefined
    ? []
    : [{ sql: `data->'parent'->'subscription_details'->>'subscription' = $`, value }];
}

function paymentFilter(payment: Params) {
  const type = payment.oneOf('type', 'payment_intent', 'payment_record', 'charge');
  const ids = ['payment_intent', 'payment_record', 'charge'].flatMap((name) => {
    const value = payment.text(name);
    return value === undefined ? [] : [{ sql: `data->'payment'->>'${name}' = $`, value }];
  });
  return [...(type === undefined ? [] : [{ sql: `data->'payment'->>'type' = $`, value: type }]), ...ids];
}

/** Invoices before they are final: items, drafts and previews. */
export const invoiceDrafts: Endpoint[] = [
  { method: 'POST', path: '/v1/invoiceitems', handle: createInvoiceItem },
  retrieveEndpoint('/v1/invoiceitems', 'invoiceitem'),
  listEndpoint('/v1/invoiceitems', 'invoiceitem', (params) => equalFilters(params, 'customer', 'invoice')),
  { method: 'POST', path: '/v1/invoices', handle: createDraft },
  { method: 'DELETE', path: '/v1/invoices/:id', handle: deleteDraft },
  { method: 'POST', path: '/v1/invoices/create_preview', handle: previewUpcomingInvoice },
];

async function createInvoiceItem(apiCall: ApiCall): Promise<Stripe.InvoiceItem> {
  const { params, unitOfWork } = apiCall;
  const customer = await getParamObject(apiCall, 'customer', params.required('customer'), 'customer');
  const amount = params.integer('amount');
  if (amount === undefined) throw missingParamError('amount');
  const terms = {
    customer: customer.id,
    amount,
    currency: params.text('currency') ?? 'usd',
    description: params.text('description') ?? null,
    metadata: params.metadata(),
  };
  const item = await unitOfWork.store.insert(newInvoiceItem(terms, unitOfWork.now));
  await unitOfWork.emit('invoiceitem.created', item);
  return item;
}

async function createDraft(apiCall: ApiCall): Promise<Stripe.Invoice> {
  const { params, unitOfWork } = apiCall;
  const customer = await getParamObject(apiCall, 'customer', params.required('customer'), 'customer');
  const behaviour = params.oneOf('pending_invoice_items_behavior', 'include', 'exclude');
  params.oneOf('collection_method', 'charge_automatically');
  params.flag('auto_advance');
  return draftFromItems(unitOfWork, customer, {
    description: params.text('description') ?? null,
    metadata: params.metadata(),
    includeItems: behaviour === 'include',
    currency: params.text('currency') ?? 'usd',
  });
}

async function deleteDraft(apiCall: ApiCall): Promise<Stripe.DeletedInvoice> {
  const invoice = await getOr404(apiCall, 'invoice');
  if (invoice.status !== 'draft') throw invalidStateError('You can only delete draft invoices.');
  await apiCall.unitOfWork.store.remove(invoice.id);
  await apiCall.unitOfWork.emit('invoice.deleted', invoice);
  return { id: invoice.id, object: 'invoice', deleted: true };
}

async function previewUpcomingInvoice(apiCall: ApiCall): Promise<Stripe.Invoice> {
  const { params, unitOfWork } = apiCall;
  const details = params.child('subscription_details');
  details.oneOf('proration_behavior', 'none');
  const trialEnd = details.integer('trial_end');
  const customer = params.text('customer');
  const subscription = await lockOr404({ ...apiCall, id: params.required('subscription') }, 'subscription');
  if (customer !== undefined) await getParamObject(apiCall, 'customer', customer, 'customer');
  return previewInvoice(unitOfWork, subscription, trialEnd);
}
