import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { newId } from './ids.js';
import type { TestMethod } from './test-methods.js';

/**
 * Builds a payment method. Stripe gives one number the same fingerprint everywhere; `fingerprintOf` names whose it is, so
 * that two friends who try the app on one machine do not look like one person with one card.
 */
export function newPaymentMethod(
  customer: { id: string; email: string | null } | null,
  test: TestMethod,
  fingerprintOf: string,
  now: number,
): Stripe.PaymentMethod {
  const fingerprint = createHash('sha256').update(fingerprintOf).digest('hex').slice(0, 16);
  return {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: { ...noBillingDetails(), email: customer?.email ?? null },
    ...(test.type === 'card' && { card: cardDetails(test.last4, fingerprint) }),
    created: now,
    customer: customer?.id ?? null,
    customer_account: null,
    livemode: false,
    metadata: {},
    ...(test.type === 'sepa_debit' && {
      sepa_debit: { ...account(test.last4, fingerprint), generated_from: null },
    }),
    type: test.type,
  };
}

/** Billing details without any entry, as Stripe shows them when nobody was asked. */
export function noBillingDetails() {
  const address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return { address, email: null, name: null, phone: null, tax_id: null };
}

function account(last4: string, fingerprint: string) {
  return { bank_code: '19043', branch_code: '', country: 'AT', fingerprint, last4 };
}

function cardDetails(last4: string, fingerprint: string): Stripe.PaymentMethod.Card {
  return {
    brand: 'visa',
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: 'visa',
    exp_month: 12,
    exp_year: 2040,
    fingerprint,
    funding: 'credit',
    generated_from: null,
    last4,
    networks: { available: ['visa'], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}
