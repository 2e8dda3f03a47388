import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { ReversalsRepository } from '../reversals/reversals.repository.js';
import { STRIPE, callStripe } from '../stripe/stripe-client.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { pageSize, fetchWholeList } from '../stripe/stripe-objects.js';
import type { EventRef } from '../webhooks/event-alerts.repository.js';
import { StripeEventDispatcher } from '../webhooks/webhook-processor.js';
import { PaymentsRepository } from './payments.repository.js';

const maxAttempts = 5;

/** What Stripe says of one payment, by the types of the events that report it. */
type StripeAnswer = [type: string, objects: readonly unknown[]][];

/** A payment to fetch from Stripe, and what was known of it before. */
interface SyncAttempt {
  paymentId: string;
  before: string;
  answer: StripeAnswer;
  requestedBy: EventRef | undefined;
}

/**
 * Fetches from Stripe what a payment paid and its reversals, where events are missing or conflict.
 */
@Injectable()
export class PaymentSync {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly dispatcher: StripeEventDispatcher,
    private readonly payments: PaymentsRepository,
    private readonly reversalsRepository: ReversalsRepository,
    private readonly database: Database,
  ) {}

  /**
   * Fetches and applies the invoice, refunds and disputes of one payment (`pi_`, or `ch_` where
   * there is no intent). An answer counts only if no event came in since the question, so an older
   * answer never undoes a newer event. `requestedBy`: the event that needs the answer. Idempotent:
   * nothing is written. Errors: `billing.stripe_unreachable`.
   */
  async sync(paymentId: string, requestedBy?: EventRef): Promise<void> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const before = await this.reversalsRepository.stateToken(this.database, paymentId);
      const answer = await this.fetch(paymentId);
      if (await this.database.transaction((tx) => this.apply(tx, { paymentId, before, answer, requestedBy })))
        return;
    }
    throw new Error(`Payment ${paymentId} kept changing while it was fetched from Stripe`);
  }

  private async fetch(paymentId: string): Promise<StripeAnswer> {
    const by = paymentId.startsWith('pi_') ? 'payment_intent' : 'charge';
    const payment = { type: by, [by]: paymentId } as Stripe.InvoicePaymentListParams.Payment;
    const [invoices, refunds, disputes] = await callStripe(() =>
      Promise.all([
        fetchWholeList(this.stripe.invoicePayments.list({ payment, status: 'paid', limit: pageSize })),
        fetchWholeList(this.stripe.refunds.list({ [by]: paymentId, limit: pageSize })),
        fetchWholeList(this.stripe.disputes.list({ [by]: paymentId, limit: pageSize })),
      ]),
    );
    return [
      ['invoice_payment.paid', invoices],
      ['refund.updated', refunds],
      ['charge.dispute.updated', disputes],
    ];
  }

  private async apply(tx: Tx, { paymentId, before, answer, requestedBy }: SyncAttempt): Promise<boolean> {
    lockStripeIds(tx, [paymentId]);
    if ((await this.reversalsRepository.stateToken(tx, paymentId)) !== before) return false;
    const answered = answer.flatMap(([type, objects]) => objects.map((object) => ({ type, object })));
    if (!answered.some(({ type }) => type === 'invoice_payment.paid'))
      await this.payments.linkInvoice(tx, paymentId, null);
    for (const { type, object } of answered)
      await this.dispatcher.applyFetched(tx, type, object, requestedBy);
    return true;
  }
}
