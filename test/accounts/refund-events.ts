import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import type { Person } from '../support/given.js';
import { event, subscription, type StripeEvent } from '../support/stripe-payloads.js';

/** What Stripe says when all of a payment is given back, and when that fails after all. */
export function refundEvents(
  paid: StripeEvent,
  at: number,
): { refunded: StripeEvent[]; failed: StripeEvent } {
  const payment = paymentFor((paid.data.object as unknown as { id: string }).id);
  const fullRefund = refund(payment, at);
  return {
    refunded: [
      event('invoice_payment.paid', invoicePayment(payment, at), at),
      event('refund.created', fullRefund, at),
    ],
    failed: event('refund.failed', { ...fullRefund, status: 'failed' }, at + 1),
  };
}

/** What Stripe says when a person's subscription has ended. */
export function subscriptionEndedEvent(person: Person, at: number): StripeEvent {
  const ended = subscription(person.payer, at, { status: 'canceled', ended_at: at });
  return event('customer.subscription.deleted', ended, at);
}
