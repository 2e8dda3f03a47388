import type Stripe from 'stripe';
import { newId } from './ids.js';
import { idOf } from './reference.js';

/** Builds the card issuer's warning that a charge is probably fraud; a dispute may follow. */
export function newFraudWarning(charge: Stripe.Charge, now: number): Stripe.Radar.EarlyFraudWarning {
  return {
    id: newId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: true,
    charge: charge.id,
    created: now,
    fraud_type: 'unauthorized_use_of_card',
    livemode: false,
    payment_intent: idOf(charge.payment_intent),
  };
}
