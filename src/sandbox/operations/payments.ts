import type Stripe from 'stripe';
import { newCharge, newChargeId, settledCharge } from '../objects/charge.js';
import { intentAfterAttempt, newPaymentIntent, type PaymentTerms } from '../objects/payment.js';
import { testBehaviour, type Outcome } from '../objects/payment-methods.js';
import { type UnitOfWork, mustGet } from '../unit-of-work.js';
import { openDispute, createFraudWarning } from './disputes.js';

/** Starts a payment; nothing is charged yet. */
export async function startPayment(
  unitOfWork: UnitOfWork,
  terms: PaymentTerms,
): Promise<Stripe.PaymentIntent> {
  const intent = await unitOfWork.store.insert(newPaymentIntent(terms, unitOfWork.now));
  await unitOfWork.emit('payment_intent.created', intent);
  return intent;
}

const EVENTS_BY_OUTCOME = {
  succeeds: ['payment_intent.succeeded', 'charge.succeeded'],
  declines: ['payment_intent.payment_failed', 'charge.failed'],
  processes: ['payment_intent.processing', 'charge.pending'],
} as const;

/**
 * Charges a method for a payment, which goes as `outcome` says; one that needs an action makes no
 * charge.
 */
export async function attemptPayment(
  unitOfWork: UnitOfWork,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  outcome: Outcome,
): Promise<Stripe.PaymentIntent> {
  const chargeId = outcome === 'needs_action' ? null : newChargeId();
  const tried = await unitOfWork.store.save(intentAfterAttempt(intent, method, chargeId, outcome));
  if (chargeId === null || outcome === 'needs_action') {
    await unitOfWork.emit('payment_intent.requires_action', tried);
    return tried;
  }
  const charge = await unitOfWork.store.insert(newCharge(chargeId, tried, method, unitOfWork.now));
  const [ofIntent, ofCharge] = EVENTS_BY_OUTCOME[outcome];
  await unitOfWork.emit(ofIntent, tried);
  await unitOfWork.emit(ofCharge, charge);
  if (outcome === 'succeeds') await simulateFollowUp(unitOfWork, charge, method);
  return tried;
}

/** Ends the wait for a debit: the money has arrived, or the bank returned it. */
export async function settlePayment(
  unitOfWork: UnitOfWork,
  intent: Stripe.PaymentIntent,
  hasArrived: boolean,
): Promise<Stripe.PaymentIntent> {
  const method = await mustGet(unitOfWork, 'payment_method', intent.payment_method);
  const pending = await mustGet(unitOfWork, 'charge', intent.latest_charge);
  const charge = await unitOfWork.store.save(settledCharge(pending, hasArrived));
  const settled = await unitOfWork.store.save(
    intentAfterAttempt(intent, method, charge.id, hasArrived ? 'succeeds' : 'declines'),
  );
  const [ofIntent, ofCharge] = EVENTS_BY_OUTCOME[hasArrived ? 'succeeds' : 'declines'];
  await unitOfWork.emit(ofCharge, charge);
  await unitOfWork.emit(ofIntent, settled);
  return settled;
}

async function simulateFollowUp(
  unitOfWork: UnitOfWork,
  charge: Stripe.Charge,
  method: Stripe.PaymentMethod,
): Promise<void> {
  const { followUp } = testBehaviour(method);
  if (followUp === 'chargeback' || followUp === 'inquiry') await openDispute(unitOfWork, charge, followUp);
  if (followUp === 'fraud_warning') await createFraudWarning(unitOfWork, charge);
}
