import type Stripe from 'stripe';
import type { Work } from '../work.js';
import { cancelNow } from './cancel.js';

/** Deletes a customer, whose live subscriptions are cancelled first. */
export async function deleteCustomer(work: Work, customer: Stripe.Customer): Promise<void> {
  const filters = [
    { sql: `data->>'customer' = $`, value: customer.id },
    { sql: `data->>'ended_at' IS NULL` },
  ];
  const { data } = await work.store.list('subscription', { filters, limit: 100 });
  for (const subscription of data) await cancelNow(work, subscription);
  await work.store.remove(customer.id);
  await work.emit('customer.deleted', customer);
}
