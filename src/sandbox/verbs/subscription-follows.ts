import type Stripe from 'stripe';
import { idOrNull } from '../objects/reference.js';
import type { Work } from '../work.js';
import { lockedHeld } from './held.js';

const BEHIND = ['incomplete', 'past_due', 'unpaid'];

/** A subscription whose latest invoice was just paid is active again. Returns the invoice. */
export async function afterPayment(work: Work, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  const subscription = await lastBilledBy(work, invoice);
  if (subscription !== null && BEHIND.includes(subscription.status))
    await work.update('customer.subscription.updated', subscription, { ...subscription, status: 'active' });
  return invoice;
}

/** A live subscription whose latest invoice just could not be paid is past due. Returns the invoice. */
export async function afterFailure(work: Work, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  const subscription = await lastBilledBy(work, invoice);
  if (subscription?.status === 'active')
    await work.update('customer.subscription.updated', subscription, { ...subscription, status: 'past_due' });
  return invoice;
}

async function lastBilledBy(work: Work, invoice: Stripe.Invoice): Promise<Stripe.Subscription | null> {
  const id = idOrNull(invoice.parent?.subscription_details?.subscription);
  if (id === null) return null;
  const subscription = await lockedHeld(work, 'subscription', id);
  return idOrNull(subscription.latest_invoice) === invoice.id ? subscription : null;
}
