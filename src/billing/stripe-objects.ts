import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { STRIPE, askStripe } from './stripe-client.js';
import type { SignedEvent } from './stripe-signature.js';

/** Whether a Stripe id names a payment: an intent, or a charge that has none. */
export function isPaymentId(id: string): boolean {
  return /^(pi|ch|py)_/.test(id);
}

/** Objects as Stripe has them now, in our API version. Never with a transaction open. */
@Injectable()
export class StripeObjects {
  constructor(@Inject(STRIPE) private readonly stripe: Stripe) {}

  /** The object that an event is about; as the event has it when Stripe gives no such object by itself, or has it no more. */
  async fresh(event: SignedEvent): Promise<unknown> {
    const { id } = event.object as { id: string };
    const ask = this.reader(event.type);
    if (ask === null) return event.object;
    try {
      return await askStripe(() => ask(id));
    } catch (error) {
      if (isMissing(error)) return event.object;
      throw error;
    }
  }

  private reader(type: string): ((id: string) => Promise<unknown>) | null {
    if (type.startsWith('invoice.')) return (id) => this.stripe.invoices.retrieve(id);
    if (type.startsWith('invoice_payment.')) return (id) => this.stripe.invoicePayments.retrieve(id);
    if (type.startsWith('customer.subscription.')) return (id) => this.stripe.subscriptions.retrieve(id);
    if (type.startsWith('charge.dispute.')) return (id) => this.stripe.disputes.retrieve(id);
    if (type.startsWith('refund.')) return (id) => this.stripe.refunds.retrieve(id);
    if (type.startsWith('credit_note.')) return (id) => this.stripe.creditNotes.retrieve(id);
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.cause instanceof Stripe.errors.StripeInvalidRequestError &&
    error.cause.code === 'resource_missing'
  );
}
