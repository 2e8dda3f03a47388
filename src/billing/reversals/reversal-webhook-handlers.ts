import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { PaymentConflict } from '../billing.events.js';
import { PaymentService } from '../payments/payment.service.js';
import { PaymentsRepository } from '../payments/payments.repository.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { idOrNull } from '../stripe/stripe-parsers.js';
import { EventAlerts } from '../webhooks/event-alerts.repository.js';
import { retryParkedEvents } from '../webhooks/parked-events.repository.js';
import {
  type WebhookHandler,
  type WebhookHandlers,
  applied,
  ignored,
  parked,
  unknownPayment,
  missingRefunds,
  unknownShape,
  unknownStatus,
  parkUnreadable,
  type WebhookOutcome,
} from '../webhooks/webhook-handler.js';
import {
  reversalEffect,
  parseCreditNote,
  parseDispute,
  parseFraudWarning,
  parseRefund,
  type Reversal,
  type UnknownShape,
} from './reversal.js';
import { ReversalsRepository } from './reversals.repository.js';

/**
 * A reversal as it was read from an object that Stripe reported `at` a moment; null: it was just
 * asked for.
 */
interface ReceivedReversal {
  object: unknown;
  reversal: Reversal | UnknownShape;
  at: Date | null;
}

/**
 * Handles reversals. A reversal is stored first, whatever else is known, so that a payment which is
 * reported later finds it. Locks: the payment, then its invoice, then the account of who paid.
 */
@Injectable()
export class ReversalWebhookHandlers {
  readonly handlers: WebhookHandlers;

  constructor(
    private readonly reversalsRepository: ReversalsRepository,
    private readonly payments: PaymentsRepository,
    private readonly paymentService: PaymentService,
    private readonly alerts: EventAlerts,
    private readonly outbox: Outbox,
  ) {
    const handlerFor =
      <T>(parse: (object: T) => Reversal | UnknownShape): WebhookHandler =>
      (tx, object, at) =>
        this.handle(tx, { object, reversal: parse(object as T), at });
    const refund = handlerFor(parseRefund);
    const dispute = handlerFor(parseDispute);
    const note = handlerFor(parseCreditNote);
    const warning = handlerFor(parseFraudWarning);
    this.handlers = {
      'refund.created': refund,
      'refund.updated': refund,
      'refund.failed': refund,
      'charge.refund.updated': refund,
      'charge.refunded': (tx, object) => this.handleChargeRefunded(tx, object as Stripe.Charge),
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

  private async handle(tx: Tx, { object, reversal, at }: ReceivedReversal): Promise<WebhookOutcome> {
    if (reversal === 'unknown_shape') return parkUnreadable(object, unknownShape);
    lockStripeIds(tx, [reversal.chargeId, reversal.paymentIntentId]);
    const paymentIds = [reversal.paymentIntentId, reversal.chargeId];
    const invoiceId = reversal.invoiceId ?? (await this.payments.findInvoice(tx, paymentIds));
    lockStripeIds(tx, [invoiceId]);
    if (reversalEffect(reversal) === undefined) return this.parkUnknownStatus(tx, reversal);
    const stored = await this.reversalsRepository.save(tx, reversal, at);
    if (stored === 'written' && reversal.kind === 'early_fraud_warning')
      this.alerts.raise(tx, 'billing.early_fraud_warning', { id: reversal.id, invoiceId });
    const paymentId = reversal.paymentIntentId ?? reversal.chargeId;
    if (paymentId !== null) {
      if (stored === 'conflict') {
        const conflict: PaymentConflict = { name: 'billing.payment_conflict', paymentId };
        this.outbox.publish(tx, conflict);
      }
      // only a change retries parked events: two that wait for one payment would retry each other
      // for ever
      if (stored === 'written') await retryParkedEvents(tx, this.outbox, paymentId);
      if (invoiceId === undefined) return parked(unknownPayment, paymentId);
    }
    if (typeof invoiceId !== 'string') return ignored('no_invoice');
    return applied((await this.paymentService.syncReferralOfInvoice(tx, invoiceId)) ?? stored);
  }

  /**
   * An unknown status is not guessed: it waits for a version that knows it, or for another status.
   */
  private parkUnknownStatus(tx: Tx, reversal: Reversal): WebhookOutcome {
    this.alerts.raise(tx, 'billing.unknown_status', { id: reversal.id, status: reversal.status });
    return parked(unknownStatus, reversal.id);
  }

  /**
   * Only retries parked events: each refund has its own event. A missing one is looked up if it
   * does not come.
   */
  private async handleChargeRefunded(tx: Tx, charge: Stripe.Charge): Promise<WebhookOutcome> {
    const paymentIntentId = idOrNull(charge.payment_intent);
    const ids = [paymentIntentId, charge.id].filter((id) => typeof id === 'string');
    const waitingKey = ids[0];
    if (waitingKey === undefined || !Number.isInteger(charge.amount_refunded))
      return parkUnreadable(charge, unknownShape);
    lockStripeIds(tx, ids);
    const known = await this.reversalsRepository.sumRefunds(tx, ids);
    return known >= charge.amount_refunded ? applied('already') : parked(missingRefunds, waitingKey);
  }
}
