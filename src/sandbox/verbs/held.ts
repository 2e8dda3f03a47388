import type Stripe from 'stripe';
import { idOf } from '../objects/reference.js';
import type { ResourceType, Resources } from '../store/resources.js';
import type { Work } from '../work.js';

/** An object that must exist because another names it. *errors* throws when it does not: the stored data contradict themselves. */
export async function held<K extends ResourceType>(
  work: Work,
  type: K,
  reference: string | { id?: string } | null | undefined,
): Promise<Resources[K]> {
  const id = idOf(reference);
  const found = await work.store.find(type, id);
  if (found === null) throw new Error(`${type} ${id} is named by another object but does not exist`);
  return found.data;
}

/** The customer of a subscription, locked, so that two invoices at once do not get one number. */
export async function lockedCustomer(
  work: Work,
  subscription: Stripe.Subscription,
): Promise<Stripe.Customer> {
  const found = await work.store.lock('customer', idOf(subscription.customer));
  if (found === null) throw new Error(`subscription ${subscription.id} has no customer`);
  return found.data;
}
