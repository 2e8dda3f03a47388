import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../../support/money-payloads.js';
import {
  event,
  invoice,
  monthSeconds,
  subscription,
  type Payer,
  type StripeEvent,
} from '../../support/stripe-payloads.js';

/** Who a history is told of: Anna brought Bert and Carl. Every history has a cast of its own, so thousands fit one world. */
export interface Cast {
  /** Unix seconds at which the history begins. */
  begins: number;
  anna: string;
  bert: Payer & { userId: string };
  carl: Payer & { userId: string };
  /** A checkout that we made for Bert. */
  session: string;
}

/** How a history must end, whatever way it is told. Days are those ahead of Anna and of Bert. */
export interface Ending {
  tier: 'free' | 'paid';
  days: [anna: number, bert: number];
  stands: 'good' | 'suspended' | 'reversed' | null;
}

/** A story as Stripe tells it, in the order in which it happened. */
export interface History {
  name: string;
  /** Days from its beginning until the clock stands still, and all of it is told; 10 unless it says otherwise. */
  lasts?: number;
  ends: Ending;
  tell(cast: Cast): StripeEvent[];
}

export const day = 86_400;
export const month = monthSeconds;
/** Both credited, nothing taken back. */
export const credited: Ending = { tier: 'paid', days: [45, 45], stands: 'good' };

/** Somebody's payment of one invoice: what was paid, what with, and the events that tell so. */
export interface Paying {
  payment: PaidInvoice;
  paid: StripeEvent;
  alias: StripeEvent;
  mapped: StripeEvent;
}

/** A payment at a moment; `more` replaces fields of the invoice. */
export function paying(payer: Payer, at: number, more: Record<string, unknown> = {}): Paying {
  const object = invoice(payer, at, more);
  const payment = paymentFor(String(object.id));
  return {
    payment,
    paid: event('invoice.paid', object, at),
    alias: event('invoice.payment_succeeded', object, at),
    mapped: event('invoice_payment.paid', invoicePayment(payment, at), at),
  };
}

/** A snapshot of a subscription; `period` is when its present period began. */
export function snapshot(
  type: 'created' | 'updated' | 'deleted' | 'paused' | 'resumed',
  payer: Payer,
  { at, period = at, ...more }: { at: number; period?: number } & Record<string, unknown>,
): StripeEvent {
  return event(`customer.subscription.${type}`, subscription(payer, period, more), at);
}

/** One refund through the states it goes through, a minute each. */
export function refundOf(
  payment: PaidInvoice,
  at: number,
  states: [type: 'created' | 'updated' | 'failed', status: string][],
  amount = 1000,
): StripeEvent[] {
  const object = refund(payment, at, { amount });
  return states.map(([type, status], n) => event(`refund.${type}`, { ...object, status }, at + 60 * n));
}

/** One dispute through the states it goes through; `apart` seconds lie between them. */
export function disputeOf(
  payment: PaidInvoice,
  at: number,
  states: [type: string, status: string][],
  apart = day,
): StripeEvent[] {
  const object = dispute(payment, at);
  return states.map(([type, status], n) =>
    event(`charge.dispute.${type}`, { ...object, status }, at + apart * n),
  );
}
