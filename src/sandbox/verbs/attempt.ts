import type Stripe from 'stripe';
import { newCharge, newChargeId, settledCharge } from '../objects/charge.js';
import { attempted, newPaymentIntent, type PaymentTerms } from '../objects/payment.js';
import { behaviourOf, type Outcome } from '../objects/test-methods.js';
import type { Work } from '../work.js';
import { openDispute } from './dispute.js';
import { warnOfFraud } from './fraud-warning.js';
import { held } from './held.js';

/** Starts a payment; nothing is charged yet. */
export async function startPayment(work: Work, terms: PaymentTerms): Promise<Stripe.PaymentIntent> {
  const intent = await work.store.insert(newPaymentIntent(terms, work.now));
  await work.emit('payment_intent.created', intent);
  return intent;
}

const TOLD = {
  succeeds: ['payment_intent.succeeded', 'charge.succeeded'],
  declines: ['payment_intent.payment_failed', 'charge.failed'],
  processes: ['payment_intent.processing', 'charge.pending'],
} as const;

/** Charges a method for a payment, which goes as `outcome` says; one that needs an action makes no charge. */
export async function attempt(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  outcome: Outcome,
): Promise<Stripe.PaymentIntent> {
  const chargeId = outcome === 'needs_action' ? null : newChargeId();
  const tried = await work.store.save(attempted(intent, method, chargeId, outcome));
  if (chargeId === null || outcome === 'needs_action') {
    await work.emit('payment_intent.requires_action', tried);
    return tried;
  }
  const charge = await work.store.insert(newCharge(chargeId, tried, method, work.now));
  const [ofIntent, ofCharge] = TOLD[outcome];
  await work.emit(ofIntent, tried);
  await work.emit(ofCharge, charge);
  if (outcome === 'succeeds') await troubleAfter(work, charge, method);
  return tried;
}

/** Ends the wait for a debit: the money has arrived, or the bank returned it. */
export async function settle(
  work: Work,
  intent: Stripe.PaymentIntent,
  arrived: boolean,
): Promise<Stripe.PaymentIntent> {
  const method = await held(work, 'payment_method', intent.payment_method);
  const pending = await held(work, 'charge', intent.latest_charge);
  const charge = await work.store.save(settledCharge(pending, arrived));
  const settled = await work.store.save(
    attempted(intent, method, charge.id, arrived ? 'succeeds' : 'declines'),
  );
  const [ofIntent, ofCharge] = TOLD[arrived ? 'succeeds' : 'declines'];
  await work.emit(ofCharge, charge);
  await work.emit(ofIntent, settled);
  return settled;
}

async function troubleAfter(work: Work, charge: Stripe.Charge, method: Stripe.PaymentMethod): Promise<void> {
  const { aftermath } = behaviourOf(method);
  if (aftermath === 'chargeback' || aftermath === 'inquiry') await openDispute(work, charge, aftermath);
  if (aftermath === 'fraud_warning') await warnOfFraud(work, charge);
}
