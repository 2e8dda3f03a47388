import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { BillingAccounts, type BillingAccount } from './subscriptions/billing-accounts.js';
import { PaymentService } from './payments/payment.service.js';
import { lockStripeIds } from './stripe/stripe-locks.js';
import { willRenew, isLive, SubscriptionsRepository } from './subscriptions/subscriptions.repository.js';

/** What billing knows of an account before it is merged. */
export interface BillingSummary {
  customers: string[];
  liveSubscriptions: string[];
  paymentCount: number;
  hasPaid: boolean;
  /** A subscription goes on charging. */
  isCharged: boolean;
}

interface FirstPaymentState {
  firstPaidAt: string | null;
  recheckEachPayment: boolean;
}

/** What moved, and what the gates of both accounts were: all that putting it back needs. */
export interface MergedBilling {
  customers: { id: string; usedForCheckout: boolean }[];
  subscriptions: string[];
  deferrals: string[];
  firstPayments: { from: FirstPaymentState; into: FirstPaymentState };
}

/** A merge, by the accounts of both sides. */
export interface MergePair {
  fromId: string;
  intoId: string;
}

/**
 * What is alive at Stripe goes with a merge: customers, subscriptions, charges that were put off. Payments stay with the
 * account that paid them, and with them the conversions that they made.
 */
@Injectable()
export class BillingMerge {
  constructor(
    private readonly billingAccounts: BillingAccounts,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly paymentService: PaymentService,
  ) {}

  /** Locks both, in the order of events: their customers, then their accounts. No event of either is applied meanwhile. */
  async lockAccounts(tx: Tx, userIds: readonly string[]): Promise<void> {
    lockStripeIds(tx, await this.listCustomers(tx, userIds));
    for (const userId of [...userIds].sort()) await this.billingAccounts.lock(tx, userId);
    // a customer is mapped only with the account's lock, so these are all
    lockStripeIds(tx, await this.listCustomers(tx, userIds));
  }

  /** What there is to move. */
  async summarize(db: Queryable, userId: string): Promise<BillingSummary> {
    const account = await this.billingAccounts.find(db, userId);
    const subscriptions = await this.subscriptionsRepository.listByUser(db, userId);
    const customers = await this.listCustomers(db, [userId]);
    const rows = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM billing.invoice WHERE user_id = $1`,
      [userId],
    );
    const living = subscriptions.filter(isLive);
    return {
      customers,
      liveSubscriptions: living.map(({ id }) => id),
      paymentCount: rows[0]?.n ?? 0,
      hasPaid: account.firstPaidAt !== null,
      isCharged: living.some(willRenew),
    };
  }

  /** Moves everything that lives. Both are locked, and so are their credit accounts. Errors: `billing.busy` while a charge is being put off. */
  async merge(tx: Tx, { fromId, intoId }: MergePair): Promise<MergedBilling> {
    const [from, into] = [
      await this.billingAccounts.lock(tx, fromId),
      await this.billingAccounts.lock(tx, intoId),
    ];
    const customers: MergedBilling['customers'] = await tx.query(
      `SELECT id, used_for_checkout AS "usedForCheckout" FROM billing.customer WHERE user_id = $1 ORDER BY id`,
      [fromId],
    );
    await tx.query(
      `UPDATE billing.customer SET user_id = $2, used_for_checkout = used_for_checkout AND NOT EXISTS (
         SELECT 1 FROM billing.customer own WHERE own.user_id = $2 AND own.used_for_checkout) WHERE user_id = $1`,
      [fromId, intoId],
    );
    const subscriptions = await this.subscriptionsRepository.reassign(tx, `user_id = $2`, {
      to: intoId,
      key: fromId,
    });
    const deferrals = await this.reassignDeferrals(tx, `user_id = $2`, { to: intoId, key: fromId });
    await this.writeFirstPayment(tx, intoId, {
      firstPaidAt: earlierOf(from.firstPaidAt, into.firstPaidAt),
      recheckEachPayment: into.recheckEachPayment && from.firstPaidAt === null,
    });
    for (const userId of [fromId, intoId]) await this.recalculate(tx, userId);
    const gates = { from: toFirstPaymentState(from), into: toFirstPaymentState(into) };
    return { customers, subscriptions, deferrals, firstPayments: gates };
  }

  /** The payments that customers of the merged account have made since: they go back with it. */
  async findPaymentsSince(db: Queryable, { intoId }: MergePair, moved: MergedBilling): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM billing.invoice WHERE user_id = $1 AND customer_id = ANY($2) ORDER BY id`,
      [intoId, moved.customers.map(({ id }) => id)],
    );
    return rows.map(({ id }) => id);
  }

  /** Puts everything back, with what came of it since. Locks and errors as {@link merge}. */
  async split(tx: Tx, mergePair: MergePair, moved: MergedBilling): Promise<void> {
    const { fromId, intoId } = mergePair;
    for (const userId of [fromId, intoId]) await this.billingAccounts.lock(tx, userId);
    const invoices = await this.findPaymentsSince(tx, mergePair, moved);
    await tx.query(`UPDATE billing.invoice SET user_id = $1 WHERE id = ANY($2)`, [fromId, invoices]);
    await tx.query(
      `UPDATE billing.customer c SET user_id = $1, used_for_checkout = back."usedForCheckout" AND c.deleted_at IS NULL
       FROM jsonb_to_recordset($3) AS back(id text, "usedForCheckout" boolean) WHERE c.id = back.id AND c.user_id = $2`,
      [fromId, intoId, JSON.stringify(moved.customers)],
    );
    const key = { to: fromId, key: moved.customers.map(({ id }) => id) };
    await this.subscriptionsRepository.reassign(tx, `customer_id = ANY($2)`, key);
    await this.subscriptionsRepository.reassign(tx, `id = ANY($2)`, { to: fromId, key: moved.subscriptions });
    await this.reassignDeferrals(tx, `entry_id = ANY($2::uuid[])`, { to: fromId, key: moved.deferrals });
    await this.reassignDeferrals(
      tx,
      `subscription_id IN (SELECT id FROM billing.subscription WHERE user_id = $1) AND user_id = $2`,
      { to: fromId, key: intoId },
    );
    await this.restoreFirstPayment(tx, fromId, moved.firstPayments.from);
    await this.restoreFirstPayment(tx, intoId, moved.firstPayments.into);
    for (const userId of [fromId, intoId]) await this.recalculate(tx, userId);
  }

  /** Makes the referrals of both what their own payments say, once both are apart again. */
  async syncReferrals(tx: Tx, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) {
      const before = await this.billingAccounts.lock(tx, userId);
      const { recheckEachPayment } = await this.paymentService.syncReferral(tx, userId);
      if (recheckEachPayment !== before.recheckEachPayment)
        await this.billingAccounts.setRecheckEachPayment(tx, userId, recheckEachPayment);
    }
  }

  /** With the gates as they are by now: only those who have paid keep the tier while a payment is late. */
  private async recalculate(tx: Tx, userId: string): Promise<void> {
    await this.billingAccounts.recalculate(tx, userId, await this.billingAccounts.lock(tx, userId));
  }

  private async listCustomers(db: Queryable, userIds: readonly string[]): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = ANY($1) ORDER BY id`,
      [userIds],
    );
    return rows.map(({ id }) => id);
  }

  private async reassignDeferrals(
    tx: Tx,
    where: string,
    { to, key }: { to: string; key: unknown },
  ): Promise<string[]> {
    const [rows]: [{ entry_id: string; state: string }[]] = await tx.query(
      `UPDATE billing.deferral SET user_id = $1 WHERE ${where} RETURNING entry_id, state`,
      [to, key],
    );
    if (rows.some(({ state }) => state === 'requested' || state === 'reverting'))
      throw new DomainError('billing.busy', {
        detail: 'A charge of these accounts is being moved at Stripe right now. Try again in a minute.',
      });
    return rows.map((row) => row.entry_id);
  }

  private async writeFirstPayment(
    tx: Tx,
    userId: string,
    state: { firstPaidAt: Date | null; recheckEachPayment: boolean },
  ): Promise<void> {
    await tx.query(
      `UPDATE billing.account SET first_paid_at = $2, recheck_each_payment = $3 WHERE user_id = $1`,
      [userId, state.firstPaidAt, state.recheckEachPayment],
    );
  }

  /** What the gate was, and the payments that are the account's own now. */
  private async restoreFirstPayment(
    tx: Tx,
    userId: string,
    { firstPaidAt, recheckEachPayment }: FirstPaymentState,
  ): Promise<void> {
    await tx.query(
      `UPDATE billing.account a SET recheck_each_payment = $3,
         first_paid_at = LEAST($2, (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = a.user_id))
       WHERE a.user_id = $1`,
      [userId, firstPaidAt, recheckEachPayment],
    );
  }
}

function toFirstPaymentState({ firstPaidAt, recheckEachPayment }: BillingAccount): FirstPaymentState {
  return { firstPaidAt: firstPaidAt?.toISOString() ?? null, recheckEachPayment };
}

function earlierOf(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
