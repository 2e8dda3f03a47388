import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { processorId } from '../../platform/processor-ids.js';
import { PaymentService } from '../payments/payment.service.js';
import { PaymentsRepository } from '../payments/payments.repository.js';
import type { Reversal } from '../reversals/reversal.js';
import { ReversalsRepository } from '../reversals/reversals.repository.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import type { QualifyingPayment } from '../stripe/stripe-parsers.js';
import { retryParkedEvents } from '../webhooks/parked-events.repository.js';
import {
  applied,
  ignored,
  parked,
  unreportedPayment,
  type WebhookHandlers,
  type WebhookOutcome,
} from '../webhooks/webhook-handler.js';
import { parkForPayer, ReportedPayers } from './reported-payers.js';
import {
  reportConflict,
  reportTypes,
  storedIdOf,
  type DisputeReport,
  type PaymentReport,
  type RefundReport,
} from './report.js';

/**
 * Applies what is reported of payments at other processors and of what was taken back, as the
 * handlers of Stripe's events do: the same records, under the same locks in the same order.
 */
@Injectable()
export class PaymentReportHandlers {
  readonly handlers: WebhookHandlers = {
    [reportTypes.payment]: (tx, object) => this.recordPayment(tx, object as PaymentReport),
    [reportTypes.refund]: (tx, object) => this.recordReversal(tx, object as RefundReport),
    [reportTypes.dispute]: (tx, object) => this.recordReversal(tx, object as DisputeReport),
  };

  constructor(
    private readonly payers: ReportedPayers,
    private readonly payments: PaymentsRepository,
    private readonly paymentService: PaymentService,
    private readonly reversals: ReversalsRepository,
    private readonly outbox: Outbox,
  ) {}

  private async recordPayment(tx: Tx, report: PaymentReport): Promise<WebhookOutcome> {
    if (report.amount === 0) return ignored('nothing_paid');
    const paymentKey = storedIdOf(report);
    const payer = await this.payers.lockAndFind(tx, report, {
      before: paymentKey,
      after: subscriptionKeyOf(report),
    });
    if (payer.userId === null) return parkForPayer(payer);
    const payment = toQualifyingPayment(report, payer.customerKey);
    const recorded = await this.payments.record(tx, payment, payer.userId);
    if (recorded === null) throw new Error(`The payer of ${paymentKey} was found, and is not known`);
    const outcome = await this.paymentService.grantPaid(tx, payment, recorded);
    if (recorded.isNew) await retryParkedEvents(tx, this.outbox, paymentKey);
    return { ...outcome, subjectId: recorded.userId };
  }

  /** Stored first, whether or not its payment is known, so that the payment finds it. */
  private async recordReversal(tx: Tx, report: RefundReport | DisputeReport): Promise<WebhookOutcome> {
    const paymentKey = processorId(report.provider, 'payment', report.paymentId);
    const reversal = toReversal(report, paymentKey);
    lockStripeIds(tx, [reversal.id, paymentKey]);
    const known = await this.reversals.findInvoice(tx, reversal.id);
    if (known !== null && known !== paymentKey) throw reportConflict(report, ['paymentId']);
    const saved = await this.reversals.save(tx, reversal, report.at);
    const userId = await this.payments.findPayer(tx, paymentKey);
    if (userId === undefined) return parked(unreportedPayment, paymentKey);
    await this.paymentService.syncReferralOfInvoice(tx, paymentKey);
    // of one moment the more advanced status counts
    return { ...applied(saved === 'conflict' ? 'written' : saved), subjectId: userId };
  }
}

/** A period without a subscription is one of its own, which is not renewed. */
function subscriptionKeyOf(report: PaymentReport): string | null {
  const { provider, subscriptionId, period } = report;
  if (subscriptionId !== null) return processorId(provider, 'subscription', subscriptionId);
  return period === null ? null : storedIdOf(report);
}

function toQualifyingPayment(report: PaymentReport, customerKey: string | null): QualifyingPayment {
  return {
    invoiceId: storedIdOf(report),
    subscriptionId: subscriptionKeyOf(report),
    customerId: customerKey,
    userIdInMetadata: null,
    priceIds: report.priceId === null ? [] : [report.priceId],
    amountPaid: report.amount,
    currency: report.currency,
    paidAt: report.paidAt,
    periodStart: report.period?.start ?? null,
    periodEnd: report.period?.end ?? null,
  };
}

/** What a dispute is called where Stripe’s are stored. */
const disputeStatuses = { open: 'needs_response', won: 'won', lost: 'lost' } as const;

function toReversal(report: RefundReport | DisputeReport, paymentKey: string): Reversal {
  return {
    id: storedIdOf(report),
    kind: report.kind,
    paymentIntentId: null,
    chargeId: null,
    invoiceId: paymentKey,
    amount: report.amount,
    status: report.kind === 'dispute' ? disputeStatuses[report.status] : report.status,
    createdAt: report.at,
  };
}
