import type Stripe from 'stripe';
import { behaviourOf } from '../../objects/test-methods.js';
import { methodOf } from '../../verbs/method-of.js';
import { settleByItself } from '../../verbs/settle-debit.js';
import { subscribe } from '../../verbs/subscribe.js';
import { given, type Call } from '../endpoint.js';
import { invalid, missing, refused } from '../errors.js';

const DAY = 86_400;

/** Starts a subscription without a checkout; one whose first payment fails starts `incomplete`. *errors* nothing to charge */
export async function createSubscription(call: Call): Promise<Stripe.Subscription> {
  const { params, work } = call;
  const customer = await given(call, 'customer', params.required('customer'), 'customer');
  const price = await orderedPrice(call);
  const own = params.text('default_payment_method');
  if (own !== undefined) await given(call, 'payment_method', own, 'default_payment_method');
  const method = await methodOf(work, { customer: customer.id, default_payment_method: own });
  const trialEnd = trialEndIn(call);
  if (method === null && trialEnd === null)
    throw refused(
      'This customer has no attached payment source or default payment method.',
      'resource_missing',
    );
  const end = params.inside('trial_settings').inside('end_behavior');
  params.oneOf('payment_behavior', 'allow_incomplete', 'default_incomplete');
  params.ignore('off_session', 'collection_method');
  const { subscription, invoice } = await subscribe(work, {
    customer,
    method,
    terms: {
      price,
      paymentMethod: own ?? null,
      metadata: params.metadata(),
      trialEnd,
      whenUnpayable:
        end.oneOf('missing_payment_method', 'create_invoice', 'pause', 'cancel') ?? 'create_invoice',
    },
    outcome: method === null ? 'succeeds' : behaviourOf(method).outcome,
  });
  await settleInvoice(call, invoice);
  const now = await work.store.find('subscription', subscription.id);
  return now?.data ?? subscription;
}

async function orderedPrice(call: Call): Promise<Stripe.Price> {
  const [item, ...more] = call.params.each('items');
  if (item === undefined) throw missing('items');
  if (more.length > 0) throw invalid('items', 'This sandbox sells one price at a time.');
  if ((item.integer('quantity') ?? 1) !== 1)
    throw invalid('items[0][quantity]', 'This sandbox sells one of a price.');
  const price = await given(call, 'price', item.required('price'), 'items[0][price]');
  if (price.recurring === null) throw invalid('items[0][price]', 'The price must be a recurring one.');
  return price;
}

function trialEndIn({ params, work }: Call): number | null {
  const days = params.integer('trial_period_days') ?? 0;
  if (days < 0 || days > 730) throw invalid('trial_period_days', 'Must be between 1 and 730.');
  const end = params.integer('trial_end');
  if (end !== undefined && end <= work.now)
    throw invalid('trial_end', 'Invalid timestamp: must be an integer Unix timestamp in the future.');
  return end ?? (days === 0 ? null : work.now + days * DAY);
}

/** A debit whose account number decides arrives, or comes back, at once. */
async function settleInvoice({ work }: Call, invoice: Stripe.Invoice): Promise<void> {
  const filters = [{ sql: `data->>'invoice' = $`, value: invoice.id }];
  const { data } = await work.store.list('invoice_payment', { filters, limit: 10 });
  for (const { payment } of data) await settleByItself(work, String(payment.payment_intent));
}
