import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { PaymentFailed } from '../billing.events.js';
import { CustomersRepository } from '../customers/customers.repository.js';
import {
  applied,
  ignored,
  unknownShape,
  parkUnreadable,
  unknownUser,
  type WebhookOutcome,
  type WebhookHandlers,
} from '../webhooks/webhook-handler.js';
import { idOrNull } from '../stripe/stripe-fields.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';

/** Payments that did not go through. They notify the user, and never take a tier away: that is for the subscription to say. */
@Injectable()
export class FailedPaymentWebhookHandlers {
  readonly handlers: WebhookHandlers = {
    'invoice.payment_failed': (tx, object) => this.handlePaymentFailed(tx, object as Stripe.Invoice, false),
    'invoice.payment_action_required': (tx, object) =>
      this.handlePaymentFailed(tx, object as Stripe.Invoice, true),
  };

  constructor(
    private readonly customersRepository: CustomersRepository,
    private readonly outbox: Outbox,
  ) {}

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
    const paid: unknown[] = await tx.query(`SELECT 1 FROM billing.invoice WHERE id = $1`, [invoice.id]);
    if (paid.length > 0) return applied('already_paid');
    const event: PaymentFailed = {
      name: 'billing.payment_failed',
      userId,
      invoiceId: invoice.id,
      actionRequired,
    };
    await this.outbox.publish(tx, event);
    return applied('recorded');
  }
}
