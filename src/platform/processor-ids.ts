/** What an id of another processor than Stripe names. */
export type ProcessorObject = 'payment' | 'refund' | 'dispute' | 'subscription' | 'customer';

/** How the host that reports its payments calls a processor. */
export const providerPattern = /^[a-z][a-z0-9_-]{1,31}$/;

/** What an id at a processor is made of: printable characters, no control characters. */
export const processorObjectIdPattern = /^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u;

/**
 * The id under which an object of another processor is stored beside Stripe’s:
 * `paddle:payment:txn_1`. Constraints keep such ids apart from Stripe’s, which have no colon.
 */
export function processorId(provider: string, object: ProcessorObject, id: string): string {
  return `${provider}:${object}:${id}`;
}

/** Whether a stored id is one of Stripe’s. */
export function isStripeId(id: string): boolean {
  return !id.includes(':');
}

/** The name of the processor that a stored id is of; null for Stripe. */
export function providerOf(id: string): string | null {
  return isStripeId(id) ? null : id.slice(0, id.indexOf(':'));
}

/** Who a change by a payment is recorded for: Stripe, or Twofold where another one was paid. */
export function actorOfPayment(paymentId: string): { kind: 'stripe' | 'system' } {
  return { kind: isStripeId(paymentId) ? 'stripe' : 'system' };
}
