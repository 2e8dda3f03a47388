import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { isRestrictive, type FirstPayment, type PaymentRequirement } from '../../referral/index.js';
import { derivePaymentStatus, type ReversalKind } from '../reversals/reversal.js';
import type { QualifyingPayment } from '../stripe/stripe-parsers.js';
import {
  toBillingAccount,
  type BillingAccount,
  type BillingAccountRow,
} from '../subscriptions/billing-accounts.repository.js';
import type { SubscriptionState } from '../subscriptions/tier.js';
import { EventAlerts } from '../webhooks/event-alerts.repository.js';
import { retryParkedEvents } from '../webhooks/parked-events.repository.js';
import type { KnownEvent } from '../webhooks/webhook-handler.js';

/** A payment that found its user. `isNew` false: it was known already, and nothing was written. */
export interface RecordedPayment {
  userId: string;
  isNew: boolean;
  /** The account, locked, as it was before. */
  before: BillingAccount;
  /**
   * All subscriptions of the user, with what the payment covers; empty when it was known already.
   */
  subscriptions: SubscriptionState[];
  /** Null where an earlier payment was known: then it may not be the first one. */
  reversals: ReversalSummary[] | null;
  /** Whether days of credit of the user ever had to wait for a time. */
  hasWaitingDays: boolean;
}

/** A reversal of a payment, as SQL answers it. */
interface ReversalSummary {
  kind: ReversalKind;
  status: string;
  amount: number;
}

/** The parameters of `billing.record_payment` after the first. */
const otherFields = '$2, $3, $4, $5, $6, $7, $8, $9, $10, $11';

/** An event in the inbox; null for a new one. */
interface EventColumns {
  event_status: KnownEvent['status'] | null;
  event_detail: KnownEvent['detail'];
  event_digest: KnownEvent['digest'];
}

type RecordedPaymentRow = BillingAccountRow & {
  /** Null in a row without a payment. */
  user_id: string | null;
  stored: boolean;
  /** Null in the row of a user without a subscription. */
  status: string | null;
  grants_paid_tier: boolean;
  current_period_end: Date | null;
  ended_at: Date | null;
  paid_until: Date | null;
  deferred_until: Date | null;
  past_due_since: Date | null;
  collection_voided: boolean;
  reversals: ReversalSummary[] | null;
  has_waiting_days: boolean;
};

/**
 * Invoices that were paid, each stored once under the lock of the account that it is for, and which
 * payment paid which invoice: the writer holds the lock of the payment, then that of the invoice.
 */
@Injectable()
export class PaymentsRepository {
  constructor(
    private readonly clock: Clock,
    private readonly alerts: EventAlerts,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Stores a payment of the user its customer is linked to, else of `knownUserId`, and notes what
   * it covers, in one call, under the locks of its Stripe ids and of the account. Null when neither
   * is known. Again, also under another event id: `isNew` is false, and nothing is written.
   */
  async record(
    tx: Tx,
    qualifyingPayment: QualifyingPayment,
    knownUserId: string | null = null,
  ): Promise<RecordedPayment | null> {
    const rows: RecordedPaymentRow[] = await tx.query(
      `SELECT * FROM billing.record_payment($1, ${otherFields})`,
      this.toParameters(qualifyingPayment, knownUserId),
    );
    return this.toRecordedPayment(rows);
  }

  /**
   * Claims the event as {@link InboxRepository.claim} does. Where it is new, stores its payment as
   * {@link record} does; one statement costs less than two.
   */
  async claimAndRecord(
    tx: Tx,
    eventId: string,
    qualifyingPayment: QualifyingPayment,
  ): Promise<{ known: KnownEvent | null; recorded: RecordedPayment | null }> {
    const rows: (EventColumns & RecordedPaymentRow)[] = await tx.query(
      `SELECT e.status AS event_status, e.detail AS event_detail, e.digest AS event_digest, p.*
       FROM (SELECT) one LEFT JOIN billing.claim_event($12) e ON true
         LEFT JOIN LATERAL billing.record_payment(CASE WHEN e.status IS NULL THEN $1::text END, ${otherFields}) p ON true`,
      [...this.toParameters(qualifyingPayment, null), eventId],
    );
    const [event] = rows;
    return {
      known: event === undefined ? null : toKnownEvent(event),
      recorded: this.toRecordedPayment(rows),
    };
  }

  private toParameters(payment: QualifyingPayment, knownUserId: string | null): unknown[] {
    return [
      ...[payment.invoiceId, payment.customerId, knownUserId, payment.subscriptionId, payment.amountPaid],
      ...[payment.currency, payment.paidAt, this.clock.now(), payment.periodStart, payment.periodEnd],
      payment.priceIds,
    ];
  }

  private toRecordedPayment(rows: readonly RecordedPaymentRow[]): RecordedPayment | null {
    const [first] = rows;
    if (first === undefined || first.user_id === null) return null;
    const { user_id: userId, stored: isNew, reversals, has_waiting_days: hasWaitingDays } = first;
    return {
      ...{ userId, isNew, reversals, hasWaitingDays },
      before: toBillingAccount(first, this.clock.now()),
      subscriptions: rows.filter(hasSubscription).map(toSubscriptionState),
    };
  }

  /**
   * Notes that `paymentId` paid `invoiceId`, or no invoice (null), and has what waited for that
   * tried again. True when it was not known. Idempotent: the invoice that was noted first stays,
   * and another one raises an alert.
   */
  async linkInvoice(tx: Tx, paymentId: string, invoiceId: string | null): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `WITH noted AS (
         INSERT INTO billing.invoice_payment AS p (id, invoice_id, recorded_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET invoice_id = excluded.invoice_id
           WHERE p.invoice_id IS NULL AND excluded.invoice_id IS NOT NULL
         RETURNING id
       ) SELECT id FROM noted`,
      [paymentId, invoiceId, this.clock.now()],
    );
    if (rows.length > 0) {
      await retryParkedEvents(tx, this.outbox, paymentId);
      return true;
    }
    const known = await this.findInvoice(tx, [paymentId]);
    if (invoiceId !== null && known !== invoiceId)
      this.alerts.raise(tx, 'billing.payment_mismatch', { paymentId, invoiceId, known });
    return false;
  }

  /**
   * The invoice that one of these payments paid; null: they paid none; undefined: not known yet.
   */
  async findInvoice(tx: Tx, paymentIds: readonly (string | null)[]): Promise<string | null | undefined> {
    const rows: { invoice_id: string | null }[] = await tx.query(
      `SELECT invoice_id FROM billing.invoice_payment WHERE id = ANY($1) ORDER BY invoice_id NULLS LAST`,
      [paymentIds.filter((id) => id !== null)],
    );
    return rows[0]?.invoice_id;
  }

  /** Whether an invoice was paid with money that counts. */
  async isPaid(tx: Tx, invoiceId: string): Promise<boolean> {
    const paid: unknown[] = await tx.query(`SELECT 1 FROM billing.invoice WHERE id = $1`, [invoiceId]);
    return paid.length > 0;
  }

  /** The user who paid an invoice; undefined while the invoice is unknown. */
  async findPayer(tx: Tx, invoiceId: string): Promise<string | undefined> {
    const rows: { user_id: string }[] = await tx.query(`SELECT user_id FROM billing.invoice WHERE id = $1`, [
      invoiceId,
    ]);
    return rows[0]?.user_id;
  }

  /**
   * The earliest payments that meet what is required, and their reversals, by user. A user whose
   * first payment is older than all that Stripe reported is left out. Reversals of later payments
   * are not considered.
   */
  async findFirstPayments(
    db: Queryable,
    requirements: readonly PaymentRequirement[],
  ): Promise<Map<string, FirstPayment>> {
    const rows = await db.query<FirstPaymentRow>(
      `SELECT w."userId" AS user_id, first.*, w."refundPercent" AS refund_percent, billing.reversals_of_invoice(first.id) AS reversals
       FROM jsonb_to_recordset($1::jsonb) AS w("userId" uuid, "minimumAmounts" jsonb, prices jsonb, "refundPercent" integer)
       CROSS JOIN LATERAL (
         SELECT i.id, i.paid_at, i.amount_paid FROM billing.account a JOIN billing.invoice i USING (user_id)
         WHERE a.user_id = w."userId"
           AND (i.paid_at <= a.first_paid_at OR ((w."minimumAmounts" <> '{}' OR w.prices <> '[]') AND EXISTS (
             SELECT 1 FROM billing.invoice known WHERE known.user_id = a.user_id AND known.paid_at <= a.first_paid_at)))
           AND (w."minimumAmounts" = '{}' OR i.amount_paid >= (w."minimumAmounts" ->> i.currency)::bigint)
           AND (w.prices = '[]' OR w.prices ?| i.price_ids)
         ORDER BY i.paid_at, i.id LIMIT 1
       ) first`,
      [JSON.stringify(requirements)],
    );
    return new Map(rows.map((row) => [row.user_id, toFirstPayment(row)]));
  }
}

/**
 * A payment that was just stored as the first one of its user; null where another may be the first
 * that meets the requirement.
 */
export function asFirstPayment(
  { invoiceId, paidAt, amountPaid }: QualifyingPayment,
  { reversals }: RecordedPayment,
  requirement: PaymentRequirement,
): FirstPayment | null {
  if (reversals === null || isRestrictive(requirement)) return null;
  const { refundPercent } = requirement;
  return { invoiceId, paidAt, isNew: true, ...derivePaymentStatus({ amountPaid, refundPercent }, reversals) };
}

function toKnownEvent(event: EventColumns): KnownEvent | null {
  const { event_status: status, event_detail: detail, event_digest: digest } = event;
  return status === null ? null : { status, detail, digest };
}

type SubscriptionStateRow = RecordedPaymentRow & { status: string };

function hasSubscription(row: RecordedPaymentRow): row is SubscriptionStateRow {
  return row.status !== null;
}

function toSubscriptionState(row: SubscriptionStateRow): SubscriptionState {
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

interface FirstPaymentRow {
  user_id: string;
  id: string;
  paid_at: Date;
  amount_paid: string;
  refund_percent: number;
  reversals: ReversalSummary[];
}

function toFirstPayment({
  id,
  paid_at,
  amount_paid,
  refund_percent,
  reversals,
}: FirstPaymentRow): FirstPayment {
  const paid = { amountPaid: Number(amount_paid), refundPercent: refund_percent };
  return { invoiceId: id, paidAt: paid_at, ...derivePaymentStatus(paid, reversals) };
}
