import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/outbox.js';
import type { PaymentFailed } from '../billing.events.js';
import { Customers } from '../customers.js';
import { applied, ignored, unknownShape, unreadable, userUnknown, type Outcome } from '../outcome.js';
import { idOrNull } from '../stripe-fields.js';
import { lockStripeIds } from '../stripe-locks.js';
import type { EventHandlers } from './event-handler.js';

/** Payments that did not go through. They tell a person, and never take a tier away: that is for the subscription to say. */
@Injectable()
export class DunningEvents {
  readonly handlers: EventHandlers = {
    'invoice.payment_failed': (tx, object) => this.failed(tx, object as Stripe.Invoice, false),
    'invoice.payment_action_required': (tx, object) => this.failed(tx, object as Stripe.Invoice, true),
  };

  constructor(
    private readonly customers: Customers,
    private readonly outbox: Outbox,
  ) {}

  private async failed(tx: Tx, invoice: Stripe.Invoice, actionRequired: boolean): Promise<Outcome> {
    const customerId = idOrNull(invoice.customer);
    if (typeof invoice.id !== 'string') return unreadable(invoice, unknownShape);
    lockStripeIds(tx, [invoice.id, customerId]);
    const userId = customerId === null ? null : await this.customers.userOf(tx, customerId, null);
    if (userId === null) return ignored(userUnknown);
    const paid: unknown[] = await tx.query(`SELECT 1 FROM billing.invoice WHERE id = $1`, [invoice.id]);
    if (paid.length > 0) return applied('paid_meanwhile');
    const event: PaymentFailed = {
      name: 'billing.payment_failed',
      userId,
      invoiceId: invoice.id,
      actionRequired,
    };
    await this.outbox.publish(tx, event);
    return applied('told');
  }
}
