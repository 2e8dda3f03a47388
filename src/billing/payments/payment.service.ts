import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import type { Tx, Queryable } from '../../platform/database/tx.js';
import { BillingAccounts, type BillingAccount } from '../subscriptions/billing-accounts.js';
import type { QualifyingPayment } from '../stripe/stripe-parsers.js';
import { applied, type WebhookOutcome } from '../webhooks/webhook-handler.js';
import { type RecordedPayment, InvoicePayments } from './payments.repository.js';
import {
  anyPaymentRequirement,
  acceptsAnyPayment,
  isRestrictive,
  ReferralService,
  requirementFor,
  PendingRewards,
  type Conversion,
  type FirstPayment,
  type PaymentRequirement,
} from '../../referral/index.js';
import { derivePaymentStatus, type ReversalKind } from '../reversals/reversal.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { PaymentConflict } from '../billing.events.js';
import { retryParkedEvents } from '../webhooks/parked-events.repository.js';

/** The payment that a user's referral stands or falls with. */
@Injectable()
export class ReferralSync {
  constructor(
    private readonly referrals: ReferralService,
    private readonly pendingRewards: PendingRewards,
  ) {}

  /**
   * Makes the referral of a user whose account is locked what their first payment says now: converted, reversed,
   * restored. Again: nothing is written.
   */
  async syncReferral(tx: Tx, userId: string): Promise<SyncedReferral> {
    // most terms ask for nothing but a payment, so the first of all is looked up while the referral is
    const [state, firstOfAll] = await Promise.all([
      this.referrals.loadForUpdate(tx, userId),
      this.findFirstMatching(tx, [anyPaymentRequirement(userId)]),
    ]);
    if (state === null) return { conversion: null, recheckEachPayment: false };
    const requirement = requirementFor(userId, state.referral.terms);
    const first = acceptsAnyPayment(requirement)
      ? firstOfAll
      : await this.findFirstMatching(tx, [requirement]);
    const conversion = await this.referrals.convert(tx, state, first.get(userId));
    return { conversion, recheckEachPayment: isRestrictive(requirement) };
  }

  /** The earliest payments that meet the terms of these users' referrals, by user; see {@link findFirstMatching}. */
  async findFirstPayments(db: Queryable, userIds: readonly string[]): Promise<Map<string, FirstPayment>> {
    return this.findFirstMatching(db, await this.pendingRewards.findRequirements(db, userIds));
  }

  /**
   * The earliest payments that meet what is required, and what has become of their money, by user. Nobody is in it whose
   * first payment is older than anything Stripe told us. Reversals of later payments say nothing.
   */
  private async findFirstMatching(
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

/** What a real payment brings: the paid tier, and on the very first one the referral's credit. */
@Injectable()
export class PaymentService {
  constructor(
    private readonly billingAccounts: BillingAccounts,
    private readonly referralSync: ReferralSync,
    private readonly creditDelivery: CreditDelivery,
  ) {}

  /**
   * Flips the tier for a payment that was stored just now and, if nothing was paid before it, converts the referral; all
   * in `tx`. Again, also under another event id: `already`, with nothing written.
   */
  async grantPaid(
    tx: Tx,
    qualifyingPayment: QualifyingPayment,
    recorded: RecordedPayment,
  ): Promise<WebhookOutcome> {
    const { userId, before, isNew } = recorded;
    if (!isNew) return applied('already');
    const { paidThrough } = this.billingAccounts.applyPayment(tx, userId, {
      ...recorded,
      paidAt: qualifyingPayment.paidAt,
    });
    const [mayMove, outcome] = await Promise.all([
      this.creditDelivery.canShift(tx, userId),
      this.convertReferral(tx, userId, qualifyingPayment, before),
    ]);
    // last, because the credit account is locked behind the referral
    const covered = { from: qualifyingPayment.periodStart, until: qualifyingPayment.periodEnd };
    if (mayMove)
      await this.creditDelivery.shiftBehindPaidPeriod(tx, userId, {
        paidThrough: paidThrough,
        reportedPeriod: covered,
      });
    return outcome;
  }

  /** Of several invoices the earliest paid counts, whichever was told first; of those that meet the terms, where they ask for more. */
  private async convertReferral(
    tx: Tx,
    userId: string,
    qualifyingPayment: QualifyingPayment,
    before: BillingAccount,
  ): Promise<WebhookOutcome> {
    const firstPaidTransition = before.firstPaidAt === null;
    const isLater = before.firstPaidAt !== null && before.firstPaidAt < qualifyingPayment.paidAt;
    if (isLater && !before.recheckEachPayment) return applied('renewal');
    const { conversion, recheckEachPayment } = await this.referralSync.syncReferral(tx, userId);
    if (recheckEachPayment !== before.recheckEachPayment)
      await this.billingAccounts.setRecheckEachPayment(tx, userId, recheckEachPayment);
    if (conversion?.isNew) return applied('converted');
    if (firstPaidTransition) return applied('first_payment');
    return applied(isLater ? 'renewal' : 'earlier_payment');
  }
}

interface FirstPaymentRow {
  user_id: string;
  id: string;
  paid_at: Date;
  amount_paid: string;
  refund_percent: number;
  reversals: { kind: ReversalKind; status: string; amount: number }[];
}

/** What became of a referral; `looksAgain`: its terms ask for more than any payment, so each one must be looked at. */
export interface SyncedReferral {
  conversion: Conversion | null;
  recheckEachPayment: boolean;
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

/** From a payment to its invoice, from the invoice to who paid it, and on to what that makes of their referral. */
@Injectable()
export class PaymentLinks {
  constructor(
    private readonly invoicePayments: InvoicePayments,
    private readonly billingAccounts: BillingAccounts,
    private readonly referralSync: ReferralSync,
    private readonly outbox: Outbox,
  ) {}

  /** The invoice that one of these payments paid; null: they paid none; undefined: nobody has said. */
  findInvoice(tx: Tx, paymentIds: readonly (string | null)[]): Promise<string | null | undefined> {
    return this.invoicePayments.findInvoice(tx, paymentIds);
  }

  /** Notes which invoice a payment paid, both locked (null: none), and wakes what waited for that. True when it is news. */
  async record(tx: Tx, paymentId: string, invoiceId: string | null): Promise<boolean> {
    if (!(await this.invoicePayments.record(tx, paymentId, invoiceId))) return false;
    await this.retryParkedEvents(tx, paymentId);
    return true;
  }

  /** Lets events that wait for a payment, whose lock is held, be tried again after the commit. */
  retryParkedEvents(tx: Tx, paymentId: string): Promise<void> {
    return retryParkedEvents(tx, this.outbox, paymentId);
  }

  /** Puts off asking Stripe about a payment until after the commit. */
  publishConflict(tx: Tx, paymentId: string): Promise<void> {
    const event: PaymentConflict = { name: 'billing.payment_conflict', paymentId };
    return this.outbox.publish(tx, event);
  }

  /** Settles the referral of whoever paid an invoice that is locked. Null when that payment has not been told yet. */
  async syncReferralOfInvoice(tx: Tx, invoiceId: string): Promise<string | null> {
    const rows: { user_id: string }[] = await tx.query(`SELECT user_id FROM billing.invoice WHERE id = $1`, [
      invoiceId,
    ]);
    const userId = rows[0]?.user_id;
    if (userId === undefined) return null;
    await this.billingAccounts.lock(tx, userId);
    const { conversion } = await this.referralSync.syncReferral(tx, userId);
    return conversion === null ? 'not_referred' : conversion.state;
  }
}
