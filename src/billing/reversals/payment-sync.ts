import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { StripeEvents } from '../events/stripe-events.js';
import type { NamedEvent } from '../event-alerts.js';
import { STRIPE, askStripe } from '../stripe-client.js';
import { pageSize, wholeList } from '../stripe-lists.js';
import { lockStripeIds } from '../stripe-locks.js';
import { PaymentTrail } from './payment-trail.js';
import { Reversals } from './reversals.js';

const tries = 5;

/** What Stripe says of one payment, by the types of the events that would tell it. */
type Answer = [type: string, objects: readonly unknown[]][];

/** A payment that Stripe was asked about, and what was known of it before. */
interface Question {
  paymentId: string;
  before: string;
  answer: Answer;
  askedFor: NamedEvent | undefined;
}

/** Asks Stripe what a payment paid and what has become of its money, where events have not said, or contradict each other. */
@Injectable()
export class PaymentSync {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly events: StripeEvents,
    private readonly trail: PaymentTrail,
    private readonly reversals: Reversals,
    private readonly database: Database,
  ) {}

  /**
   * Fetches and applies the invoice, refunds and disputes of one payment (`pi_`, or `ch_` where there is no intent).
   * An answer counts only if no event came in since the question, so an older answer never undoes a newer event.
   * `askedFor`: the event that needs the answer. Again: nothing is written. Errors: `billing.stripe_unreachable`.
   */
  async sync(paymentId: string, askedFor?: NamedEvent): Promise<void> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const before = await this.reversals.fingerprint(this.database, paymentId);
      const answer = await this.ask(paymentId);
      if (await this.database.transaction((tx) => this.apply(tx, { paymentId, before, answer, askedFor })))
        return;
    }
    throw new Error(`Payment ${paymentId} kept changing while Stripe was asked about it`);
  }

  private async ask(paymentId: string): Promise<Answer> {
    const by = paymentId.startsWith('pi_') ? 'payment_intent' : 'charge';
    const payment = { type: by, [by]: paymentId } as Stripe.InvoicePaymentListParams.Payment;
    const [invoices, refunds, disputes] = await askStripe(() =>
      Promise.all([
        wholeList(this.stripe.invoicePayments.list({ payment, status: 'paid', limit: pageSize })),
        wholeList(this.stripe.refunds.list({ [by]: paymentId, limit: pageSize })),
        wholeList(this.stripe.disputes.list({ [by]: paymentId, limit: pageSize })),
      ]),
    );
    return [
      ['invoice_payment.paid', invoices],
      ['refund.updated', refunds],
      ['charge.dispute.updated', disputes],
    ];
  }

  private async apply(tx: Tx, { paymentId, before, answer, askedFor }: Question): Promise<boolean> {
    lockStripeIds(tx, [paymentId]);
    if ((await this.reversals.fingerprint(tx, paymentId)) !== before) return false;
    const told = answer.flatMap(([type, objects]) => objects.map((object) => ({ type, object })));
    if (!told.some(({ type }) => type === 'invoice_payment.paid')) await this.trail.note(tx, paymentId, null);
    for (const { type, object } of told) await this.events.applyFetched(tx, type, object, askedFor);
    return true;
  }
}
