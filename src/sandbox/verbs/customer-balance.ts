import type Stripe from 'stripe';
import { newBalanceTransaction, type BalanceChange } from '../objects/balance-transaction.js';
import type { Work } from '../work.js';

/** Changes what a customer has in store with the seller, and tells of it. */
export async function changeBalance(
  work: Work,
  customer: Stripe.Customer,
  change: BalanceChange,
  currency: string,
): Promise<Stripe.CustomerBalanceTransaction> {
  const line = await work.store.insert(newBalanceTransaction(customer, change, currency, work.now));
  const balance = line.ending_balance;
  await work.update('customer.updated', customer, { ...customer, balance, currency });
  return line;
}
