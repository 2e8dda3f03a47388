import type Stripe from 'stripe';
import { newId } from './ids.js';

/** Why a customer's balance changes. *unit* `amount` in cents, negative: in the customer's favour */
export interface BalanceChange {
  amount: number;
  type: Stripe.CustomerBalanceTransaction.Type;
  creditNote?: string;
  invoice?: string;
}

/** Builds the line of a customer's balance that tells of one change. */
export function newBalanceTransaction(
  customer: Stripe.Customer,
  change: BalanceChange,
  currency: string,
  now: number,
): Stripe.CustomerBalanceTransaction {
  return {
    id: newId('cbtxn'),
    object: 'customer_balance_transaction',
    amount: change.amount,
    checkout_session: null,
    created: now,
    credit_note: change.creditNote ?? null,
    currency,
    customer: customer.id,
    customer_account: null,
    description: null,
    ending_balance: customer.balance + change.amount,
    invoice: change.invoice ?? null,
    livemode: false,
    metadata: {},
    type: change.type,
  };
}
