import type Stripe from 'stripe';
import { idOf } from '../objects/reference.js';
import type { Work } from '../work.js';
import { held } from './held.js';

/** What a subscription is charged to: its own payment method, else its customer's; null when there is neither. */
export async function methodOf(
  work: Work,
  { default_payment_method: own, customer }: { default_payment_method?: unknown; customer: unknown },
): Promise<Stripe.PaymentMethod | null> {
  if (typeof own === 'string') return held(work, 'payment_method', own);
  const { invoice_settings: settings } = await held(work, 'customer', String(customer));
  const { default_payment_method: theirs } = settings;
  return theirs === null ? null : held(work, 'payment_method', theirs);
}

/** What an invoice is charged to: as its subscription, or its customer. */
export async function chargedTo(work: Work, invoice: Stripe.Invoice): Promise<Stripe.PaymentMethod | null> {
  const subscription = invoice.parent?.subscription_details?.subscription;
  const customer = { customer: idOf(invoice.customer) };
  return methodOf(
    work,
    subscription === undefined ? customer : await held(work, 'subscription', subscription),
  );
}
