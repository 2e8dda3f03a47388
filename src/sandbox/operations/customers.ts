import type Stripe from 'stripe';
import type { UnitOfWork } from '../unit-of-work.js';
import { cancelSubscription } from './subscriptions.js';

/** Deletes a customer, whose live subscriptions are cancelled first. */
export async function deleteCustomer(unitOfWork: UnitOfWork, customer: Stripe.Customer): Promise<void> {
  const filters = [
    { sql: `data->>'customer' = $`, value: customer.id },
    { sql: `data->>'ended_at' IS NULL` },
  ];
  const { data } = await unitOfWork.store.list('subscription', { filters, limit: 100 });
  for (const subscription of data) await cancelSubscription(unitOfWork, subscription);
  await unitOfWork.store.remove(customer.id);
  await unitOfWork.emit('customer.deleted', customer);
}
