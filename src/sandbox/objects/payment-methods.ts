import { createHash } from 'node:crypto';
import type { default as Stripe } from 'stripe';
import { newId } from './stripe-objects.js';

/**
 * Builds a payment method. Stripe gives one number the same fingerprint everywhere; `fingerprintOf`
 * names whose it is, so that two friends who try the app on one machine do not look like one person
 * with one card.
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
      sepa_debit: { ...sepaDetails(test.last4, fingerprint), generated_from: null },
    }),
    type: test.type,
  };
}

/** Billing details without any entry, as Stripe shows them when the customer was not asked. */
export function noBillingDetails() {
  const address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return { address, email: null, name: null, phone: null, tax_id: null };
}

function sepaDetails(last4: string, fingerprint: string) {
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

/**
 * What a payment method does when it is charged. `processes`: the money comes, or does not, days
 * later.
 */
export type Outcome = 'succeeds' | 'declines' | 'needs_action' | 'processes';

/** What follows by itself once a payment method was charged. */
export type FollowUp = 'chargeback' | 'inquiry' | 'fraud_warning' | 'arrives' | 'bounces';

/** A payment method for tests: its last four digits decide how it behaves. */
export interface TestMethod {
  type: 'card' | 'sepa_debit';
  last4: string;
  outcome: Outcome;
  followUp?: FollowUp;
}

const visa: TestMethod = card('4242', 'succeeds');
const declines: TestMethod = card('0002', 'declines');
const failsLater: TestMethod = card('0341', 'declines');

/** The payment methods that the checkout page offers, by the name that its form sends. */
export const checkoutMethods = {
  own: visa,
  shared: card('1111', 'succeeds'),
  declined: declines,
  sepa: debit('3000'),
  sepa_incomplete: debit('3000'),
} satisfies Record<string, TestMethod>;

/** The name of a payment method of the checkout page. */
export type CheckoutMethod = keyof typeof checkoutMethods;

const methodsByName: Record<string, TestMethod> = {
  pm_card_visa: visa,
  pm_card_mastercard: card('4444', 'succeeds'),
  pm_card_chargeCustomerFail: failsLater,
  pm_card_chargeDeclined: declines,
  pm_card_visa_chargeDeclined: declines,
  pm_card_authenticationRequired: card('3184', 'needs_action'),
  pm_card_threeDSecure2Required: card('3220', 'needs_action'),
  pm_card_createDispute: card('0259', 'succeeds', 'chargeback'),
  pm_card_createDisputeInquiry: card('1976', 'succeeds', 'inquiry'),
  pm_card_createIssuerFraudRecord: card('5423', 'succeeds', 'fraud_warning'),
  tok_visa: visa,
  tok_chargeCustomerFail: failsLater,
  AT611904300234573201: debit('3201', 'arrives'),
  AT321904300235473204: debit('3204'),
  AT861904300235473202: debit('3202', 'bounces'),
  IT60X0542811101000000123456: debit('3456', 'bounces'),
};

const methodsByLast4 = new Map(
  [...Object.values(methodsByName), ...Object.values(checkoutMethods)].map((m) => [m.last4, m]),
);

/**
 * The method behind one of Stripe's names for tests (`pm_card_visa`, `tok_visa`, an IBAN), or
 * undefined.
 */
export function findTestMethod(name: string): TestMethod | undefined {
  return Object.hasOwn(methodsByName, name) ? methodsByName[name] : undefined;
}

/** How a saved payment method behaves. */
export function testBehaviour(method: Stripe.PaymentMethod): TestMethod {
  return methodsByLast4.get(method.card?.last4 ?? method.sepa_debit?.last4 ?? '') ?? visa;
}

function card(last4: string, outcome: Outcome, followUp?: FollowUp): TestMethod {
  return { type: 'card', last4, outcome, ...(followUp && { followUp }) };
}

function debit(last4: string, followUp?: FollowUp): TestMethod {
  return { type: 'sepa_debit', last4, outcome: 'processes', ...(followUp && { followUp }) };
}
