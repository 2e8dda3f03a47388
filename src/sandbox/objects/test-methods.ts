import type Stripe from 'stripe';

/** What a payment method does when it is charged. `processes`: the money comes, or does not, days later. */
export type Outcome = 'succeeds' | 'declines' | 'needs_action' | 'processes';

/** What follows by itself once a payment method was charged. */
export type Aftermath = 'chargeback' | 'inquiry' | 'fraud_warning' | 'arrives' | 'bounces';

/** A payment method for tests: its last four digits tell how it behaves. */
export interface TestMethod {
  type: 'card' | 'sepa_debit';
  last4: string;
  outcome: Outcome;
  aftermath?: Aftermath;
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

const byName: Record<string, TestMethod> = {
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

const byLast4 = new Map(
  [...Object.values(byName), ...Object.values(checkoutMethods)].map((m) => [m.last4, m]),
);

/** The method behind one of Stripe's names for tests (`pm_card_visa`, `tok_visa`, an IBAN), or undefined. */
export function testMethodNamed(name: string): TestMethod | undefined {
  return Object.hasOwn(byName, name) ? byName[name] : undefined;
}

/** How a saved payment method behaves. */
export function behaviourOf(method: Stripe.PaymentMethod): TestMethod {
  return byLast4.get(method.card?.last4 ?? method.sepa_debit?.last4 ?? '') ?? visa;
}

function card(last4: string, outcome: Outcome, aftermath?: Aftermath): TestMethod {
  return { type: 'card', last4, outcome, ...(aftermath && { aftermath }) };
}

function debit(last4: string, aftermath?: Aftermath): TestMethod {
  return { type: 'sepa_debit', last4, outcome: 'processes', ...(aftermath && { aftermath }) };
}
