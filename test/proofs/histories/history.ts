import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../../support/payment-payloads.js';
import {
  event,
  invoice,
  monthSeconds,
  subscription,
  type Payer,
  type StripeEvent,
} from '../../support/stripe-payloads.js';

/**
 * The people of a history: Anna brought Bert and Carl. Every history has a cast of its own, so
 * thousands fit one world.
 */
export interface Fixture {
  /** Unix seconds at which the history begins. */
  startsAt: number;
  anna: string;
  bert: Payer & { userId: string };
  carl: Payer & { userId: string };
  /** A checkout that we made for Bert. */
  session: string;
}

/**
 * How a history must end, in whatever order it is played. Days are those ahead of Anna and of Bert.
 */
export interface ExpectedResult {
  tier: 'free' | 'paid';
  days: [anna: number, bert: number];
  rewardStatus: 'granted' | 'suspended' | 'reversed' | null;
}

/** A story as Stripe reports it, in the order in which it happened. */
export interface History {
  name: string;
  /**
   * Days from its beginning until the clock stands still, and all events are sent; 10 unless it
   * says otherwise.
   */
  durationDays?: number;
  expected: ExpectedResult;
  buildEvents(fixture: Fixture): StripeEvent[];
}

export const day = 86_400;
export const month = monthSeconds;
/** Both credited, nothing taken back. */
export const creditedResult: ExpectedResult = { tier: 'paid', days: [45, 45], rewardStatus: 'granted' };

/** A person's payment of one invoice: what was paid, what with, and its events. */
export interface InvoiceEvents {
  payment: PaidInvoice;
  paid: StripeEvent;
  alias: StripeEvent;
  invoicePayment: StripeEvent;
}

/** A payment at a moment; `more` replaces fields of the invoice. */
export function invoiceEvents(payer: Payer, at: number, more: Record<string, unknown> = {}): InvoiceEvents {
  const object = invoice(payer, at, more);
  const payment = paymentFor(String(object.id));
  return {
    payment,
    paid: event('invoice.paid', object, at),
    alias: event('invoice.payment_succeeded', object, at),
    invoicePayment: event('invoice_payment.paid', invoicePayment(payment, at), at),
  };
}

/** A snapshot of a subscription; `period` is when its present period began. */
export function subscriptionSnapshot(
  type: 'created' | 'updated' | 'deleted' | 'paused' | 'resumed',
  payer: Payer,
  { at, period = at, ...more }: { at: number; period?: number } & Record<string, unknown>,
): StripeEvent {
  return event(`customer.subscription.${type}`, subscription(payer, period, more), at);
}

/** One refund through the states it goes through, a minute each. */
export function refundEvents(
  payment: PaidInvoice,
  at: number,
  states: [type: 'created' | 'updated' | 'failed', status: string][],
  amount = 1000,
): StripeEvent[] {
  const object = refund(payment, at, { amount });
  return states.map(([type, status], n) => event(`refund.${type}`, { ...object, status }, at + 60 * n));
}

/** One dispute through the states it goes through; `apart` seconds lie between them. */
export function disputeEvents(
  payment: PaidInvoice,
  at: number,
  states: [type: string, status: string][],
  secondsApart = day,
): StripeEvent[] {
  const object = dispute(payment, at);
  return states.map(([type, status], n) =>
    event(`charge.dispute.${type}`, { ...object, status }, at + secondsApart * n),
  );
}
