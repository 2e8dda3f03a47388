import type Stripe from 'stripe';
import { newPaymentMethod, type TestCard } from '../objects/payment-method.js';
import { itemOf, newSubscription } from '../objects/subscription.js';
import type { Work } from '../work.js';
import { collect, issueInvoice } from './bill.js';

/** What a customer subscribes to. *unit* `trialEnd` in seconds since 1970, null: no trial. */
export interface Order {
  customer: Stripe.Customer;
  price: Stripe.Price;
  card: TestCard;
  metadata: Stripe.Metadata;
  trialEnd: number | null;
}

/** Starts a subscription and collects its first invoice, which is of nothing during a trial. */
export async function subscribe(
  work: Work,
  order: Order,
): Promise<{ subscription: Stripe.Subscription; invoice: Stripe.Invoice }> {
  const { customer, price, metadata, trialEnd } = order;
  const method = await work.store.insert(newPaymentMethod(customer, order.card, work.now));
  const terms = { customer: customer.id, price, paymentMethod: method.id, metadata, trialEnd };
  const started = await work.store.insert(newSubscription(terms, work.now));
  const { current_period_start: start, current_period_end: end } = itemOf(started);
  const amount = trialEnd === null ? (price.unit_amount ?? 0) : 0;
  const open = await issueInvoice(work, {
    subscription: started,
    customer,
    reason: 'subscription_create',
    amount,
    period: { start, end },
  });
  const subscription = await work.store.save({ ...started, latest_invoice: open.id });
  await work.emit('payment_method.attached', method);
  await work.emit('customer.subscription.created', subscription);
  const invoice = await collect(work, open, method);
  return { subscription, invoice };
}
