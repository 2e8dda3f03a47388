import type Stripe from 'stripe';
import { itemLine } from '../objects/invoice-line.js';
import type { Work } from '../work.js';
import { draftInvoice } from './bill.js';

/** What a draft by hand is made of. */
export interface DraftWish {
  description: string | null;
  metadata: Stripe.Metadata;
  includeItems: boolean;
  currency: string;
}

/** Writes a draft for no subscription, which takes up what waits to be billed to the customer. */
export async function draftOfItems(
  work: Work,
  customer: Stripe.Customer,
  { includeItems, ...wish }: DraftWish,
): Promise<Stripe.Invoice> {
  const items = includeItems ? await pendingItems(work, customer) : [];
  const draft = await draftInvoice(work, {
    ...wish,
    customer,
    parent: null,
    reason: 'manual',
    currency: items[0]?.currency ?? wish.currency,
    lines: (id) => items.map((item) => itemLine(id, item)),
  });
  for (const item of items) await work.store.save({ ...item, invoice: draft.id });
  return draft;
}

async function pendingItems(work: Work, { id }: Stripe.Customer): Promise<Stripe.InvoiceItem[]> {
  const filters = [{ sql: `data->>'customer' = $`, value: id }, { sql: `data->>'invoice' IS NULL` }];
  return (await work.store.list('invoiceitem', { filters, limit: 100 })).data;
}
