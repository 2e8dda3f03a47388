import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { ReferralService } from '../../referral/index.js';
import { PaymentSync } from '../payments/payment-sync.js';
import { STRIPE } from '../stripe/stripe-client.js';
import { withAllLines, nullIfMissing, pageSize } from '../stripe/stripe-objects.js';
import { parseQualifyingPayment, idOrNull } from '../stripe/stripe-parsers.js';
import { WebhookProcessor } from '../webhooks/webhook-processor.js';
import type { ReconciliationRun } from './reconciliation-run.js';
import { customersPerPage, ReconciliationRepository } from './reconciliation.repository.js';

/**
 * The customers of whom, as far as we know, no payment exists, and whom it is worth asking Stripe
 * about.
 */
@Injectable()
export class UnpaidCustomers {
  constructor(
    private readonly referrals: ReferralService,
    private readonly repository: ReconciliationRepository,
  ) {}

  /**
   * Everybody whose referral waits for a payment; and who subscribed, or may have before we knew
   * them. Another person who only began a checkout has no subscription, so there is nothing to ask.
   */
  async *list(): AsyncGenerator<string> {
    for (let last = ''; ;) {
      const page = await this.repository.listCustomers(last);
      const rows = page.filter(({ hasPaid }) => !hasPaid);
      const waiting = await this.referrals.filterPending(rows.map(({ userId }) => userId));
      for (const { id, userId, subscribed } of rows) if (subscribed || waiting.has(userId)) yield id;
      last = page.at(-1)?.id ?? '';
      if (page.length < customersPerPage) return;
    }
  }
}

/**
 * Looks for first payments that never were reported: of everybody who subscribed and, by what we
 * know, never paid.
 */
@Injectable()
export class ReconcileInvoices {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly processor: WebhookProcessor,
    private readonly paymentSync: PaymentSync,
    private readonly unpaidCustomers: UnpaidCustomers,
  ) {}

  /**
   * Asks for each of their customers, and applies what was paid. Errors: see
   * {@link ReconciliationRun.apply}.
   */
  async run(reconciliationRun: ReconciliationRun): Promise<void> {
    for await (const customer of this.unpaidCustomers.list()) {
      await nullIfMissing(this.reconcileCustomer(reconciliationRun, customer));
      reconciliationRun.compared(1);
      if (reconciliationRun.isTimeUp) return;
    }
  }

  /**
   * The first payment is the oldest, and Stripe lists the newest first; only the oldest hundred are
   * held in memory.
   */
  private async reconcileCustomer(reconciliationRun: ReconciliationRun, customer: string): Promise<void> {
    const oldest: Stripe.Invoice[] = [];
    let isLong = false;
    for await (const invoice of this.listPaid(customer, reconciliationRun)) {
      oldest.push(invoice);
      if (oldest.length <= pageSize) continue;
      isLong = true;
      oldest.shift();
    }
    for (const invoice of oldest.toReversed()) await this.reconcileInvoice(reconciliationRun, invoice);
    if (!isLong) return;
    const done = new Set(oldest.map(({ id }) => id));
    for await (const invoice of this.listPaid(customer, reconciliationRun))
      if (!done.has(invoice.id)) await this.reconcileInvoice(reconciliationRun, invoice);
  }

  /** Their payments, newest first, each with all of its lines. */
  private async *listPaid(
    customer: string,
    reconciliationRun: ReconciliationRun,
  ): AsyncGenerator<Stripe.Invoice> {
    const listed = this.stripe.invoices.list({ customer, status: 'paid', limit: pageSize });
    for await (const one of listed) {
      const invoice = await withAllLines(this.stripe, one);
      if (this.isQualifyingBefore(invoice, reconciliationRun.range.until)) yield invoice;
    }
  }

  private reconcileInvoice(reconciliationRun: ReconciliationRun, invoice: Stripe.Invoice): Promise<void> {
    return reconciliationRun.apply({ kind: 'invoice', id: invoice.id, status: 'paid' }, () =>
      this.apply(invoice),
    );
  }

  /**
   * What was taken back of it comes first, so that no credit is given for what is no longer paid.
   */
  private async apply(invoice: Stripe.Invoice): Promise<string> {
    for await (const { payment } of this.stripe.invoicePayments.list({
      invoice: invoice.id,
      limit: pageSize,
    })) {
      const paymentId = idOrNull(payment.payment_intent) ?? idOrNull(payment.charge);
      if (paymentId !== null) await this.paymentSync.sync(paymentId);
    }
    const { outcome, detail } = await this.processor.applyFetched('invoice.paid', invoice);
    return `${outcome}: ${detail}`;
  }

  /** One that was paid just now may still be on its way. */
  private isQualifyingBefore(invoice: Stripe.Invoice, until: Date): boolean {
    const payment = parseQualifyingPayment(invoice, this.config.stripePaidPrices);
    return !('ignored' in payment) && payment.paidAt <= until;
  }
}
