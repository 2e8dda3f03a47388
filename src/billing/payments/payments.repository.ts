import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import {
  toBillingAccount,
  type BillingAccount,
  type BillingAccountRow,
} from '../subscriptions/billing-accounts.js';
import type { QualifyingPayment } from '../stripe/stripe-parsers.js';
import type { SubscriptionState } from '../subscriptions/tier.js';
import { EventAlerts } from '../webhooks/event-alerts.js';

/** A payment that found its user. `stored` false: it was known already, and nothing was written. */
export interface RecordedPayment {
  userId: string;
  isNew: boolean;
  /** The account, locked, as it was before. */
  before: BillingAccount;
  /** All subscriptions of the user, with what the payment covers; empty when it was known already. */
  subscriptions: SubscriptionState[];
}

type RecordedPaymentRow = BillingAccountRow & {
  user_id: string;
  stored: boolean;
  status: string;
  grants_paid_tier: boolean;
  current_period_end: Date | null;
  ended_at: Date | null;
  paid_until: Date | null;
  deferred_until: Date | null;
  past_due_since: Date | null;
  collection_voided: boolean;
};

/** Payments as they are stored: each once, under the lock of the account that they are for. */
@Injectable()
export class PaymentsRepository {
  constructor(private readonly clock: Clock) {}

  /**
   * Stores a payment of whoever its customer is mapped to, else of `knownUserId`, and notes what it covers, in one call.
   * Null when neither is known. Again, also under another event id: `stored` is false, and nothing is written.
   */
  async record(
    tx: Tx,
    qualifyingPayment: QualifyingPayment,
    knownUserId: string | null,
  ): Promise<RecordedPayment | null> {
    const rows: RecordedPaymentRow[] = await tx.query(
      `SELECT * FROM billing.record_payment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[
          qualifyingPayment.invoiceId,
          qualifyingPayment.customerId,
          knownUserId,
          qualifyingPayment.subscriptionId,
        ],
        ...[
          qualifyingPayment.amountPaid,
          qualifyingPayment.currency,
          qualifyingPayment.paidAt,
          this.clock.now(),
        ],
        ...[qualifyingPayment.periodStart, qualifyingPayment.periodEnd, qualifyingPayment.priceIds],
      ],
    );
    const [first] = rows;
    if (first === undefined) return null;
    const { user_id: userId, stored: isNew } = first;
    const before = toBillingAccount(first, this.clock.now());
    return { userId, isNew, before, subscriptions: isNew ? rows.map(toSubscriptionState) : [] };
  }
}

function toSubscriptionState(row: RecordedPaymentRow): SubscriptionState {
  return {
    status: row.status,
    grantsPaidTier: row.grants_paid_tier,
    currentPeriodEnd: row.current_period_end,
    endedAt: row.ended_at,
    paidUntil: row.paid_until,
    deferredUntil: row.deferred_until,
    pastDueSince: row.past_due_since,
    collectionVoided: row.collection_voided,
  };
}

/** Which payment paid which invoice. Every writer holds the lock of the payment, then that of the invoice. */
@Injectable()
export class InvoicePayments {
  constructor(
    private readonly clock: Clock,
    private readonly alerts: EventAlerts,
  ) {}

  /**
   * Notes that `paymentId` paid `invoiceId`; null: that it paid no invoice. True when this was not known.
   * Again: an invoice that is noted stays, and another one alerts.
   */
  async record(tx: Tx, paymentId: string, invoiceId: string | null): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `WITH noted AS (
         INSERT INTO billing.invoice_payment AS p (id, invoice_id, recorded_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET invoice_id = excluded.invoice_id
           WHERE p.invoice_id IS NULL AND excluded.invoice_id IS NOT NULL
         RETURNING id
       ) SELECT id FROM noted`,
      [paymentId, invoiceId, this.clock.now()],
    );
    if (rows.length > 0) return true;
    const known = await this.findInvoice(tx, [paymentId]);
    if (invoiceId !== null && known !== invoiceId)
      this.alerts.raise(tx, 'billing.payment_mismatch', { paymentId, invoiceId, known });
    return false;
  }

  /** The invoice that one of these payments paid; null: they paid none; undefined: nobody has said. */
  async findInvoice(tx: Tx, paymentIds: readonly (string | null)[]): Promise<string | null | undefined> {
    const rows: { invoice_id: string | null }[] = await tx.query(
      `SELECT invoice_id FROM billing.invoice_payment WHERE id = ANY($1) ORDER BY invoice_id NULLS LAST`,
      [paymentIds.filter((id) => id !== null)],
    );
    return rows[0]?.invoice_id;
  }
}
