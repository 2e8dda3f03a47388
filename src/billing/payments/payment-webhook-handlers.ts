import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { CustomersRepository } from '../customers/customers.repository.js';
import {
  parseQualifyingPayment,
  type IgnoredObject,
  type QualifyingPayment,
} from '../stripe/stripe-parsers.js';
import {
  applied,
  ignored,
  truncatedList,
  parkForUnknownUser,
  unknownShape,
  parkUnreadable,
  type WebhookOutcome,
  type WebhookHandlers,
} from '../webhooks/webhook-handler.js';
import { PaymentService } from './payment.service.js';
import { idOrNull } from '../stripe/stripe-fields.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { PaymentsRepository, type RecordedPayment } from './payments.repository.js';

/** Invoices that were paid, and which payments paid them. */
@Injectable()
export class PaymentWebhookHandlers {
  readonly handlers: WebhookHandlers = {
    'invoice.paid': (tx, object) => this.handleInvoicePaid(tx, object as Stripe.Invoice),
    'invoice.payment_succeeded': (tx, object) => this.handleInvoicePaid(tx, object as Stripe.Invoice),
    'invoice_payment.paid': (tx, object) =>
      this.handleInvoicePaymentPaid(tx, object as Stripe.InvoicePayment),
  };

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly customersRepository: CustomersRepository,
    private readonly payments: PaymentsRepository,
    private readonly paymentService: PaymentService,
  ) {}

  private async handleInvoicePaid(tx: Tx, invoice: Stripe.Invoice): Promise<WebhookOutcome> {
    const payment = parseQualifyingPayment(invoice, this.config.stripePaidPrices);
    if ('ignored' in payment) return toIgnoredOutcome(invoice, payment);
    lockStripeIds(tx, [payment.invoiceId, payment.customerId, payment.subscriptionId]);
    const recorded =
      (await this.payments.record(tx, payment, null)) ?? (await this.recordAfterLinking(tx, payment));
    if (recorded === null) return parkForUnknownUser(payment);
    await this.customersRepository.warnOnMismatch(tx, payment, recorded.userId);
    return this.paymentService.grantPaid(tx, payment, recorded);
  }

  /** The customer is new to us: our own metadata may say whose it is. */
  private async recordAfterLinking(
    tx: Tx,
    qualifyingPayment: QualifyingPayment,
  ): Promise<RecordedPayment | null> {
    const userId = await this.customersRepository.findUser(
      tx,
      qualifyingPayment.customerId,
      qualifyingPayment.userIdInMetadata,
    );
    return userId === null ? null : this.payments.record(tx, qualifyingPayment, userId);
  }

  /** Only maps: an invoice may have several payments, and says by itself when it is paid. */
  private async handleInvoicePaymentPaid(tx: Tx, paid: Stripe.InvoicePayment): Promise<WebhookOutcome> {
    const invoiceId = idOrNull(paid.invoice);
    if (typeof invoiceId !== 'string' || typeof paid.payment?.type !== 'string')
      return parkUnreadable(paid, unknownShape);
    if (paid.payment.type === 'payment_record') return ignored('off_stripe');
    const paymentId = idOrNull(paid.payment.payment_intent) ?? idOrNull(paid.payment.charge);
    if (typeof paymentId !== 'string') return parkUnreadable(paid, unknownShape);
    lockStripeIds(tx, [paymentId, invoiceId]);
    if (!(await this.payments.linkInvoice(tx, paymentId, invoiceId))) return applied('already');
    await this.paymentService.syncReferralOfInvoice(tx, invoiceId);
    return applied('linked');
  }
}

function toIgnoredOutcome(invoice: Stripe.Invoice, { ignored: why }: IgnoredObject): WebhookOutcome {
  return why === unknownShape || why === truncatedList ? parkUnreadable(invoice, why) : ignored(why);
}
