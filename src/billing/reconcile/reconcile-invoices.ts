import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import type { Config } from '../../platform/config.js';
import { CONFIG } from '../../platform/tokens.js';
import { EventIntake } from '../event-intake.js';
import { paymentOf } from '../facts.js';
import { PaymentSync } from '../reversals/payment-sync.js';
import { STRIPE } from '../stripe-client.js';
import { idOrNull } from '../stripe-fields.js';
import { wholeInvoice } from '../stripe-objects.js';
import type { Round } from './round.js';
import { orNull, pageSize } from '../stripe-lists.js';
import { UnpaidCustomers } from './unpaid-customers.js';

/** Looks for first payments that never were told: of everybody who subscribed and, by what we know, never paid. */
@Injectable()
export class ReconcileInvoices {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly intake: EventIntake,
    private readonly payments: PaymentSync,
    private readonly unpaid: UnpaidCustomers,
  ) {}

  /** Asks for each of their customers, and applies what was paid. Errors: see {@link Round.bring}. */
  async run(round: Round): Promise<void> {
    for await (const customer of this.unpaid.all()) {
      await orNull(this.runCustomer(round, customer));
      round.looked(1);
      if (round.isOver) return;
    }
  }

  /** The first payment is the oldest, and Stripe lists the newest first; only the oldest hundred are held in memory. */
  private async runCustomer(round: Round, customer: string): Promise<void> {
    const oldest: Stripe.Invoice[] = [];
    let isLong = false;
    for await (const invoice of this.paidBy(customer, round)) {
      oldest.push(invoice);
      if (oldest.length <= pageSize) continue;
      isLong = true;
      oldest.shift();
    }
    for (const invoice of oldest.toReversed()) await this.bring(round, invoice);
    if (!isLong) return;
    const done = new Set(oldest.map(({ id }) => id));
    for await (const invoice of this.paidBy(customer, round))
      if (!done.has(invoice.id)) await this.bring(round, invoice);
  }

  /** Their payments, newest first, each with all of its lines. */
  private async *paidBy(customer: string, round: Round): AsyncGenerator<Stripe.Invoice> {
    const listed = this.stripe.invoices.list({ customer, status: 'paid', limit: pageSize });
    for await (const one of listed) {
      const invoice = await wholeInvoice(this.stripe, one);
      if (this.isPayment(invoice, round.span.until)) yield invoice;
    }
  }

  private bring(round: Round, invoice: Stripe.Invoice): Promise<void> {
    return round.bring({ what: 'invoice', id: invoice.id, says: 'paid' }, () => this.apply(invoice));
  }

  /** What was taken back of it comes first, so that no credit is given for what is no longer paid. */
  private async apply(invoice: Stripe.Invoice): Promise<string> {
    for await (const { payment } of this.stripe.invoicePayments.list({
      invoice: invoice.id,
      limit: pageSize,
    })) {
      const paymentId = idOrNull(payment.payment_intent) ?? idOrNull(payment.charge);
      if (paymentId !== null) await this.payments.sync(paymentId);
    }
    const { outcome, detail } = await this.intake.takeFetched('invoice.paid', invoice);
    return `${outcome}: ${detail}`;
  }

  /** One that was paid just now may still be on its way. */
  private isPayment(invoice: Stripe.Invoice, until: Date): boolean {
    const payment = paymentOf(invoice, this.config.stripePaidPrices);
    return !('ignored' in payment) && payment.paidAt <= until;
  }
}
