import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { PaymentFailed } from '../billing.events.js';
import { CustomersRepository } from '../customers/customers.repository.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import {
  parseQualifyingPayment,
  type IgnoredObject,
  type QualifyingPayment,
  idOrNull,
} from '../stripe/stripe-parsers.js';
import {
  applied,
  ignored,
  truncatedList,
  parkForUnknownUser,
  unknownShape,
  parkUnreadable,
  unknownUser,
  type EarlyWebhookHandler,
  type WebhookOutcome,
  type WebhookHandlers,
} from '../webhooks/webhook-handler.js';
import { PaymentService } from './payment.service.js';
import { PaymentsRepository, type RecordedPayment } from './payments.repository.js';

/**
 * Invoices that were paid, which payments paid them, and payments that did not go through: those
 * notify the user, and never take a tier away, which is for the subscription to say.
 */
@Injectable()
export class PaymentWebhookHandlers {
  readonly handlers: WebhookHandlers = {
    'invoice.paid': (tx, object) => this.handleInvoicePaid(tx, object as Stripe.Invoice),
    'invoice.payment_succeeded': (tx, object) => this.handleInvoicePaid(tx, object as Stripe.Invoice),
    'invoice_payment.paid': (tx, object) =>
      this.handleInvoicePaymentPaid(tx, object as Stripe.InvoicePayment),
    'invoice.payment_failed': (tx, object) => this.handlePaymentFailed(tx, object as Stripe.Invoice, false),
    'invoice.payment_action_required': (tx, object) =>
      this.handlePaymentFailed(tx, object as Stripe.Invoice, true),
  };

  readonly earlyHandlers: Readonly<Record<string, EarlyWebhookHandler>> = {
    'invoice.paid': (...event) => this.claimInvoicePaid(...event),
    'invoice.payment_succeeded': (...event) => this.claimInvoicePaid(...event),
  };

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly customersRepository: CustomersRepository,
    private readonly payments: PaymentsRepository,
    private readonly paymentService: PaymentService,
    private readonly outbox: Outbox,
  ) {}

  private async handleInvoicePaid(tx: Tx, invoice: Stripe.Invoice): Promise<WebhookOutcome> {
    const payment = parseQualifyingPayment(invoice, this.config.stripePaidPrices);
    if ('ignored' in payment) return toIgnoredOutcome(invoice, payment);
    return this.apply(tx, payment, await this.payments.record(tx, payment));
  }

  /** Claims the event of a payment and records the payment in one statement. */
  private claimInvoicePaid(tx: Tx, object: unknown, eventId: string): ReturnType<EarlyWebhookHandler> {
    const payment = parseQualifyingPayment(object as Stripe.Invoice, this.config.stripePaidPrices);
    if ('ignored' in payment) return null;
    const sent = this.payments.claimAndRecord(tx, eventId, payment);
    return {
      claimed: sent.then(({ known }) => known),
      apply: async () => {
        const { known, recorded } = await sent;
        return this.apply(tx, payment, known === null ? recorded : await this.payments.record(tx, payment));
      },
    };
  }

  /** `recorded`: null where the customer is not linked to a user. */
  private async apply(
    tx: Tx,
    payment: QualifyingPayment,
    recorded: RecordedPayment | null,
  ): Promise<WebhookOutcome> {
    const found = recorded ?? (await this.recordAfterLinking(tx, payment));
    if (found === null) return parkForUnknownUser(payment);
    await this.customersRepository.warnOnMismatch(tx, payment, found.userId);
    return this.paymentService.grantPaid(tx, payment, found);
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

  private async handlePaymentFailed(
    tx: Tx,
    invoice: Stripe.Invoice,
    actionRequired: boolean,
  ): Promise<WebhookOutcome> {
    const customerId = idOrNull(invoice.customer);
    if (typeof invoice.id !== 'string') return parkUnreadable(invoice, unknownShape);
    lockStripeIds(tx, [invoice.id, customerId]);
    const userId = customerId === null ? null : await this.customersRepository.findUser(tx, customerId, null);
    if (userId === null) return ignored(unknownUser);
    if (await this.payments.isPaid(tx, invoice.id)) return applied('already_paid');
    const event: PaymentFailed = {
      name: 'billing.payment_failed',
      userId,
      invoiceId: invoice.id,
      actionRequired,
    };
    this.outbox.publish(tx, event);
    return applied('recorded');
  }
}

function toIgnoredOutcome(invoice: Stripe.Invoice, { ignored: why }: IgnoredObject): WebhookOutcome {
  return why === unknownShape || why === truncatedList ? parkUnreadable(invoice, why) : ignored(why);
}
