import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Config } from '../../platform/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { CONFIG } from '../../platform/tokens.js';
import { Customers } from '../customers.js';
import { paymentOf, type NoPayment, type Payment } from '../facts.js';
import {
  applied,
  ignored,
  listCut,
  ofUnknownUser,
  unknownShape,
  unreadable,
  type Outcome,
} from '../outcome.js';
import { PaidGrants } from '../paid-grants.js';
import { PaymentTrail } from '../reversals/payment-trail.js';
import { idOrNull } from '../stripe-fields.js';
import { lockStripeIds } from '../stripe-locks.js';
import { TakenPayments, type TakenPayment } from '../taken-payments.js';
import type { EventHandlers } from './event-handler.js';

/** Invoices that were paid, and which payments paid them. */
@Injectable()
export class PaymentEvents {
  readonly handlers: EventHandlers = {
    'invoice.paid': (tx, object) => this.invoicePaid(tx, object as Stripe.Invoice),
    'invoice.payment_succeeded': (tx, object) => this.invoicePaid(tx, object as Stripe.Invoice),
    'invoice_payment.paid': (tx, object) => this.paymentOfInvoice(tx, object as Stripe.InvoicePayment),
  };

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly customers: Customers,
    private readonly payments: TakenPayments,
    private readonly grants: PaidGrants,
    private readonly trail: PaymentTrail,
  ) {}

  private async invoicePaid(tx: Tx, invoice: Stripe.Invoice): Promise<Outcome> {
    const payment = paymentOf(invoice, this.config.stripePaidPrices);
    if ('ignored' in payment) return nothingSaid(invoice, payment);
    lockStripeIds(tx, [payment.invoiceId, payment.customerId, payment.subscriptionId]);
    const taken = (await this.payments.take(tx, payment, null)) ?? (await this.takeAfterMapping(tx, payment));
    if (taken === null) return ofUnknownUser(payment);
    await this.customers.compare(tx, payment, taken.userId);
    return this.grants.grantPaid(tx, payment, taken);
  }

  /** The customer is new to us: our own metadata may say whose it is. */
  private async takeAfterMapping(tx: Tx, payment: Payment): Promise<TakenPayment | null> {
    const userId = await this.customers.userOf(tx, payment.customerId, payment.userIdInMetadata);
    return userId === null ? null : this.payments.take(tx, payment, userId);
  }

  /** Only maps: an invoice may have several payments, and says by itself when it is paid. */
  private async paymentOfInvoice(tx: Tx, paid: Stripe.InvoicePayment): Promise<Outcome> {
    const invoiceId = idOrNull(paid.invoice);
    if (typeof invoiceId !== 'string' || typeof paid.payment?.type !== 'string')
      return unreadable(paid, unknownShape);
    if (paid.payment.type === 'payment_record') return ignored('off_stripe');
    const paymentId = idOrNull(paid.payment.payment_intent) ?? idOrNull(paid.payment.charge);
    if (typeof paymentId !== 'string') return unreadable(paid, unknownShape);
    lockStripeIds(tx, [paymentId, invoiceId]);
    if (!(await this.trail.note(tx, paymentId, invoiceId))) return applied('already');
    await this.trail.settle(tx, invoiceId);
    return applied('mapped');
  }
}

function nothingSaid(invoice: Stripe.Invoice, { ignored: why }: NoPayment): Outcome {
  return why === unknownShape || why === listCut ? unreadable(invoice, why) : ignored(why);
}
