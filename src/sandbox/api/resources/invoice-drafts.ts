import type Stripe from 'stripe';
import { newInvoiceItem } from '../../objects/invoice-item.js';
import { draftOfItems } from '../../verbs/draft-of-items.js';
import { previewInvoice } from '../../verbs/preview.js';
import { given, named, namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { missing, refused } from '../errors.js';
import { equal, list } from '../listing.js';

/** Invoices before they are final: items, drafts and previews. */
export const invoiceDrafts: Endpoint[] = [
  { method: 'POST', path: '/v1/invoiceitems', answer: createItem },
  retrieve('/v1/invoiceitems', 'invoiceitem'),
  list('/v1/invoiceitems', 'invoiceitem', (params) => equal(params, 'customer', 'invoice')),
  { method: 'POST', path: '/v1/invoices', answer: create },
  { method: 'DELETE', path: '/v1/invoices/:id', answer: remove },
  { method: 'POST', path: '/v1/invoices/create_preview', answer: preview },
];

async function createItem(call: Call): Promise<Stripe.InvoiceItem> {
  const { params, work } = call;
  const customer = await given(call, 'customer', params.required('customer'), 'customer');
  const amount = params.integer('amount');
  if (amount === undefined) throw missing('amount');
  const terms = {
    customer: customer.id,
    amount,
    currency: params.text('currency') ?? 'usd',
    description: params.text('description') ?? null,
    metadata: params.metadata(),
  };
  const item = await work.store.insert(newInvoiceItem(terms, work.now));
  await work.emit('invoiceitem.created', item);
  return item;
}

async function create(call: Call): Promise<Stripe.Invoice> {
  const { params, work } = call;
  const customer = await given(call, 'customer', params.required('customer'), 'customer');
  const behaviour = params.oneOf('pending_invoice_items_behavior', 'include', 'exclude');
  params.oneOf('collection_method', 'charge_automatically');
  params.flag('auto_advance');
  return draftOfItems(work, customer, {
    description: params.text('description') ?? null,
    metadata: params.metadata(),
    includeItems: behaviour === 'include',
    currency: params.text('currency') ?? 'usd',
  });
}

async function remove(call: Call): Promise<Stripe.DeletedInvoice> {
  const invoice = await named(call, 'invoice');
  if (invoice.status !== 'draft') throw refused('You can only delete draft invoices.');
  await call.work.store.remove(invoice.id);
  await call.work.emit('invoice.deleted', invoice);
  return { id: invoice.id, object: 'invoice', deleted: true };
}

async function preview(call: Call): Promise<Stripe.Invoice> {
  const { params, work } = call;
  const details = params.inside('subscription_details');
  details.oneOf('proration_behavior', 'none');
  const trialEnd = details.integer('trial_end');
  const customer = params.text('customer');
  const subscription = await namedForUpdate({ ...call, id: params.required('subscription') }, 'subscription');
  if (customer !== undefined) await given(call, 'customer', customer, 'customer');
  return previewInvoice(work, subscription, trialEnd);
}
