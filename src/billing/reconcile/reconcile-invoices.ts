import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import type { Config } from '../../platform/config.js';
import { CONFIG } from '../../platform/tokens.js';
import { EventIntake } from '../event-intake.js';
import { paymentOf } from '../facts.js';
import { PaymentSync } from '../reversals/payment-sync.js';
import { STRIPE } from '../stripe-client.js';
import { idOrNull } from '../stripe-fields.js';
import type { Round } from './round.js';
import { orNull, pageSize } from './stripe-lists.js';
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
      const list = this.stripe.invoices.list({ customer, status: 'paid', limit: pageSize });
      const paid = (await orNull(list.autoPagingToArray({ limit: 10_000 }))) ?? [];
      // the first payment is the oldest
      for (const invoice of paid.toReversed().filter((one) => this.isPayment(one, round.span.until)))
        await round.bring({ what: 'invoice', id: invoice.id, says: 'paid' }, () => this.apply(invoice));
      round.looked(1);
      if (round.isOver) return;
    }
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
