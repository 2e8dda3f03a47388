import type { Terms } from './terms.js';

/**
 * What a user's first payment must meet before it counts. `refundPercent` of it given back undoes
 * it.
 */
export interface PaymentRequirement {
  userId: string;
  /** Smallest unit by currency; empty: any amount, otherwise only these currencies. */
  minimumAmounts: Readonly<Record<string, number>>;
  /** Price ids; empty: every price that makes a user paid. */
  prices: readonly string[];
  refundPercent: number;
}

/** What these terms ask of the first payment of `userId`. */
export function requirementFor(userId: string, terms: Terms): PaymentRequirement {
  const { minimumAmounts, qualifyingPrices, refundPercent } = terms;
  return { userId, minimumAmounts, prices: qualifyingPrices, refundPercent };
}

/** What most terms ask: any payment, that is given back as a whole to undo it. */
export function anyPaymentRequirement(userId: string): PaymentRequirement {
  return { userId, minimumAmounts: {}, prices: [], refundPercent: 100 };
}

/** Whether this asks for no more than {@link anyPaymentRequirement}. */
export function acceptsAnyPayment(paymentRequirement: PaymentRequirement): boolean {
  return !isRestrictive(paymentRequirement) && paymentRequirement.refundPercent === 100;
}

/** What terms ask of a payment besides money: an amount, a plan, both or nothing. */
export function askedOfPayment({
  minimumAmounts,
  qualifyingPrices,
}: Pick<Terms, 'minimumAmounts' | 'qualifyingPrices'>): 'nothing' | 'amount' | 'plan' | 'both' {
  const asksForAmount = Object.keys(minimumAmounts).length > 0;
  if (qualifyingPrices.length === 0) return asksForAmount ? 'amount' : 'nothing';
  return asksForAmount ? 'both' : 'plan';
}

/**
 * Whether a payment may fail to meet it, so that a later one can still be the first that counts.
 */
export function isRestrictive({ minimumAmounts, prices }: PaymentRequirement): boolean {
  return Object.keys(minimumAmounts).length > 0 || prices.length > 0;
}

/**
 * What a payment lacks under these terms: its currency is not named, its amount is too small, or
 * its price does not count.
 */
export function firstUnmet(
  { minimumAmounts }: Pick<Terms, 'minimumAmounts'>,
  payment: { amount: number; currency: string; priceCounts: boolean },
): 'currency' | 'amount' | 'price' | null {
  const minimum = minimumAmounts[payment.currency];
  if (minimum === undefined && Object.keys(minimumAmounts).length > 0) return 'currency';
  if (payment.amount < (minimum ?? 0)) return 'amount';
  return payment.priceCounts ? null : 'price';
}
