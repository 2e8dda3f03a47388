import type Stripe from 'stripe';
import { refused } from '../api/errors.js';
import { behaviourOf } from '../objects/test-methods.js';
import type { Work } from '../work.js';
import { settle } from './attempt.js';
import { failed, invoiceOf, received } from './collect.js';
import { held, lockedHeld } from './held.js';

/** Lets a debit arrive, or come back from the bank; its invoice, subscription and checkout follow. *errors* a charge that is not on its way */
export async function settleDebit(
  work: Work,
  charge: Stripe.Charge,
  arrived: boolean,
): Promise<Stripe.Charge> {
  if (charge.status !== 'pending') throw refused(`Charge ${charge.id} is ${charge.status}.`);
  const intent = await lockedHeld(work, 'payment_intent', charge.payment_intent);
  const invoice = await invoiceOf(work, intent);
  const settled = await settle(work, intent, arrived);
  await tellCheckout(work, invoice, intent, arrived);
  if (invoice !== null && arrived) await received(work, invoice, settled);
  if (invoice !== null && !arrived) await failed(work, invoice, false);
  return held(work, 'charge', charge.id);
}

/** Lets a debit whose account number decides that arrive or come back at once; others wait for a button. */
export async function settleByItself(work: Work, intentId: string): Promise<void> {
  const intent = await held(work, 'payment_intent', intentId);
  if (intent.status !== 'processing') return;
  const { aftermath } = behaviourOf(await held(work, 'payment_method', intent.payment_method));
  if (aftermath !== 'arrives' && aftermath !== 'bounces') return;
  await settleDebit(work, await lockedHeld(work, 'charge', intent.latest_charge), aftermath === 'arrives');
}

async function tellCheckout(
  work: Work,
  invoice: Stripe.Invoice | null,
  intent: Stripe.PaymentIntent,
  arrived: boolean,
): Promise<void> {
  const filters = [
    { sql: `$ IN (data->>'invoice', data->>'payment_intent')`, value: invoice?.id ?? intent.id },
    { sql: `data->>'payment_status' = 'unpaid' AND data->>'status' = 'complete'` },
  ];
  const [session] = (await work.store.list('checkout.session', { filters, limit: 1 })).data;
  if (session === undefined) return;
  const told = arrived
    ? await work.store.save<Stripe.Checkout.Session>({ ...session, payment_status: 'paid' })
    : session;
  await work.emit(
    arrived ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed',
    told,
  );
}
