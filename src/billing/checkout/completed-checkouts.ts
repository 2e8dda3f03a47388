import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { StripeEventDispatcher } from '../webhooks/webhook-processor.js';
import { idOrNull } from '../stripe/stripe-fields.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';

type Session = Stripe.Checkout.Session;

/** Applies what a checkout made when the events that say so have not arrived. */
@Injectable()
export class CompletedCheckouts {
  constructor(
    private readonly dispatcher: StripeEventDispatcher,
    private readonly database: Database,
  ) {}

  /**
   * Applies a completed checkout, fetched with its subscription and its invoice with payments, as their events would.
   * Idempotent. Errors: `billing.busy` while its payment is on its way, so that a user cannot pay twice.
   */
  async apply(session: Session): Promise<void> {
    const { subscription, invoice } = session;
    const payments = listPaidPayments(invoice);
    await this.database.transaction(async (tx) => {
      const paymentIds = payments.flatMap(({ payment }) => [
        idOrNull(payment.payment_intent),
        idOrNull(payment.charge),
      ]);
      // in one order, before any of the handlers takes its own
      lockStripeIds(tx, [
        ...paymentIds,
        idOrNull(invoice),
        idOrNull(session.customer),
        idOrNull(subscription),
      ]);
      await this.dispatcher.applyFetched(tx, 'checkout.session.completed', session);
      if (typeof subscription === 'object' && subscription !== null)
        await this.dispatcher.applyFetched(tx, 'customer.subscription.updated', subscription);
      for (const payment of payments) await this.dispatcher.applyFetched(tx, 'invoice_payment.paid', payment);
      if (typeof invoice === 'object' && invoice?.status === 'paid')
        await this.dispatcher.applyFetched(tx, 'invoice.paid', invoice);
    });
    if (session.payment_status === 'unpaid' && !hasEnded(subscription))
      throw new DomainError('billing.busy', {
        detail: 'We’ll confirm your payment in a moment.',
      });
  }
}

function listPaidPayments(invoice: Session['invoice']): Stripe.InvoicePayment[] {
  if (typeof invoice !== 'object' || invoice === null) return [];
  return (invoice.payments?.data ?? []).filter(({ status }) => status === 'paid');
}

function hasEnded(subscription: Session['subscription']): boolean {
  return typeof subscription === 'object' && subscription !== null && subscription.ended_at !== null;
}
