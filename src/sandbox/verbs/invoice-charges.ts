import type Stripe from 'stripe';
import type { Work } from '../work.js';
import { held } from './held.js';

/** The charges that paid an invoice, the newest first. */
export async function chargesOf(work: Work, invoice: Stripe.Invoice): Promise<Stripe.Charge[]> {
  const filters = [{ sql: `data->>'invoice' = $`, value: invoice.id }, { sql: `data->>'status' = 'paid'` }];
  const { data } = await work.store.list('invoice_payment', { filters, limit: 100 });
  const charges: Stripe.Charge[] = [];
  for (const { payment } of data) {
    const intent = await held(work, 'payment_intent', payment.payment_intent);
    charges.push(await held(work, 'charge', intent.latest_charge));
  }
  return charges;
}
