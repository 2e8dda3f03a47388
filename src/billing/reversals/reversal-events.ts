import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Tx } from '../../platform/database/tx.js';
import { EventAlerts } from '../event-alerts.js';
import type { EventHandler, EventHandlers } from '../events/event-handler.js';
import {
  applied,
  ignored,
  parked,
  paymentUnknown,
  refundUnknown,
  unknownShape,
  unknownStatus,
  unreadable,
  type Outcome,
} from '../outcome.js';
import { idOrNull } from '../stripe-fields.js';
import { lockStripeIds } from '../stripe-locks.js';
import { effectOf } from './money-standing.js';
import { PaymentTrail } from './payment-trail.js';
import {
  creditNoteOf,
  disputeOf,
  fraudWarningOf,
  refundOf,
  type Reversal,
  type Unreadable,
} from './reversal.js';
import { Reversals } from './reversals.js';

/** A reversal as it was read from an object that Stripe told of `at` a moment; null: it was just asked for. */
interface Told {
  object: unknown;
  reversal: Reversal | Unreadable;
  at: Date | null;
}

/**
 * What takes money back. The fact is kept first, whatever else is known, so a payment that is told later finds it.
 * Locks: the payment, then its invoice, then the account of who paid.
 */
@Injectable()
export class ReversalEvents {
  readonly handlers: EventHandlers;

  constructor(
    private readonly reversals: Reversals,
    private readonly trail: PaymentTrail,
    private readonly alerts: EventAlerts,
  ) {
    const refund: EventHandler = (tx, object, at) =>
      this.told(tx, { object, reversal: refundOf(object as Stripe.Refund), at });
    const dispute: EventHandler = (tx, object, at) =>
      this.told(tx, { object, reversal: disputeOf(object as Stripe.Dispute), at });
    const note: EventHandler = (tx, object, at) =>
      this.told(tx, { object, reversal: creditNoteOf(object as Stripe.CreditNote), at });
    const warning: EventHandler = (tx, object, at) =>
      this.told(tx, { object, reversal: fraudWarningOf(object as Stripe.Radar.EarlyFraudWarning), at });
    this.handlers = {
      'refund.created': refund,
      'refund.updated': refund,
      'refund.failed': refund,
      'charge.refund.updated': refund,
      'charge.refunded': (tx, object) => this.chargeRefunded(tx, object as Stripe.Charge),
      'credit_note.created': note,
      'credit_note.updated': note,
      'credit_note.voided': note,
      'charge.dispute.created': dispute,
      'charge.dispute.updated': dispute,
      'charge.dispute.closed': dispute,
      'charge.dispute.funds_withdrawn': dispute,
      'charge.dispute.funds_reinstated': dispute,
      'radar.early_fraud_warning.created': warning,
      'radar.early_fraud_warning.updated': warning,
    };
  }

  private async told(tx: Tx, { object, reversal, at }: Told): Promise<Outcome> {
    if (reversal === 'unknown_shape') return unreadable(object, unknownShape);
    lockStripeIds(tx, [reversal.chargeId, reversal.paymentIntentId]);
    const payments = [reversal.paymentIntentId, reversal.chargeId];
    const invoiceId = reversal.invoiceId ?? (await this.trail.invoiceOf(tx, payments));
    lockStripeIds(tx, [invoiceId]);
    if (effectOf(reversal) === undefined) return this.unheardOf(tx, reversal);
    const stored = await this.reversals.store(tx, reversal, at);
    if (stored === 'written' && reversal.kind === 'early_fraud_warning')
      this.alerts.raise(tx, 'billing.early_fraud_warning', { id: reversal.id, invoiceId });
    const paymentId = reversal.paymentIntentId ?? reversal.chargeId;
    if (paymentId !== null) {
      if (stored === 'in_doubt') await this.trail.doubt(tx, paymentId);
      // only news wakes: two that wait for one payment would else wake each other for ever
      if (stored === 'written') await this.trail.wake(tx, paymentId);
      if (invoiceId === undefined) return parked(paymentUnknown, paymentId);
    }
    if (typeof invoiceId !== 'string') return ignored('not_of_an_invoice');
    return applied((await this.trail.settle(tx, invoiceId)) ?? stored);
  }

  /** Nothing is guessed: it waits for a version that knows the word, or for Stripe to say another. */
  private unheardOf(tx: Tx, reversal: Reversal): Outcome {
    this.alerts.raise(tx, 'billing.unknown_status', { id: reversal.id, status: reversal.status });
    return parked(unknownStatus, reversal.id);
  }

  /** Only wakes: each refund tells of itself. One that has not yet is waited for, and asked for if it does not come. */
  private async chargeRefunded(tx: Tx, charge: Stripe.Charge): Promise<Outcome> {
    const paymentIntentId = idOrNull(charge.payment_intent);
    const ids = [paymentIntentId, charge.id].filter((id) => typeof id === 'string');
    const waitingKey = ids[0];
    if (waitingKey === undefined || !Number.isInteger(charge.amount_refunded))
      return unreadable(charge, unknownShape);
    lockStripeIds(tx, ids);
    const known = await this.reversals.refundedOf(tx, ids);
    return known >= charge.amount_refunded ? applied('already') : parked(refundUnknown, waitingKey);
  }
}
