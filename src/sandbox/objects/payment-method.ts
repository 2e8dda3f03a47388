import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { newId } from './ids.js';

/** The cards that the checkout page offers. `own`: no two customers share it; `shared`: the same card for whoever picks it. */
export type TestCard = 'own' | 'shared';

/**
 * Builds a saved card. Stripe gives one number the same fingerprint everywhere; `own` departs from that on purpose, so
 * that two friends who try the app on one machine do not look like one person with one card.
 */
export function newPaymentMethod(
  customer: Stripe.Customer,
  card: TestCard,
  now: number,
): Stripe.PaymentMethod {
  return {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: { ...noBillingDetails(), email: customer.email },
    card: cardDetails(customer.id, card),
    created: now,
    customer: customer.id,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}

/** Billing details without any entry, as Stripe shows them when nobody was asked. */
export function noBillingDetails() {
  const address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return { address, email: null, name: null, phone: null, tax_id: null };
}

function cardDetails(customerId: string, card: TestCard): Stripe.PaymentMethod.Card {
  const owner = card === 'own' ? customerId : 'shared';
  return {
    brand: 'visa',
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: 'visa',
    exp_month: 12,
    exp_year: 2040,
    fingerprint: createHash('sha256').update(owner).digest('hex').slice(0, 16),
    funding: 'credit',
    generated_from: null,
    last4: card === 'own' ? '4242' : '1111',
    networks: { available: ['visa'], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}
