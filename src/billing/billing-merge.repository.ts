import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../platform/database/tx.js';
import type { CustomerEntity } from './customers/customer.entity.js';
import type { DeferralRow } from './deferrals/deferrals.repository.js';

/** A customer that moves with a merge, as it was before. */
export type MovedCustomer = Pick<CustomerEntity, 'id' | 'usedForCheckout'>;

interface FirstPaymentGate {
  firstPaidAt: Date | string | null;
  recheckEachPayment: boolean;
}

/** A deferral that changed hands. */
export type MovedDeferral = Pick<DeferralRow, 'entry_id' | 'state'>;

/**
 * The rows of billing that change hands with a merge. The billing accounts of both sides are
 * locked.
 */
@Injectable()
export class BillingMergeRepository {
  /** The Stripe customers of several users. */
  async listCustomers(db: Queryable, userIds: readonly string[]): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = ANY($1) ORDER BY id`,
      [userIds],
    );
    return rows.map(({ id }) => id);
  }

  /** How many payments are stored of a user. */
  async countPayments(db: Queryable, userId: string): Promise<number> {
    const rows = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM billing.invoice WHERE user_id = $1`,
      [userId],
    );
    return rows[0]?.n ?? 0;
  }

  /**
   * Moves all customers of a user, and answers what they were. Only one is used for checkout: that
   * of the new owner stays it.
   */
  async moveCustomers(tx: Tx, fromId: string, intoId: string): Promise<MovedCustomer[]> {
    const customers: MovedCustomer[] = await tx.query(
      `SELECT id, used_for_checkout AS "usedForCheckout" FROM billing.customer WHERE user_id = $1 ORDER BY id`,
      [fromId],
    );
    await tx.query(
      `UPDATE billing.customer SET user_id = $2, used_for_checkout = used_for_checkout AND NOT EXISTS (
         SELECT 1 FROM billing.customer own WHERE own.user_id = $2 AND own.used_for_checkout) WHERE user_id = $1`,
      [fromId, intoId],
    );
    return customers;
  }

  /** Puts customers back that {@link moveCustomers} moved to `intoId`. */
  async restoreCustomers(
    tx: Tx,
    fromId: string,
    intoId: string,
    customers: readonly MovedCustomer[],
  ): Promise<void> {
    await tx.query(
      `UPDATE billing.customer c SET user_id = $1, used_for_checkout = back."usedForCheckout" AND c.deleted_at IS NULL
       FROM jsonb_to_recordset($3) AS back(id text, "usedForCheckout" boolean) WHERE c.id = back.id AND c.user_id = $2`,
      [fromId, intoId, JSON.stringify(customers)],
    );
  }

  /** The payments of a user that these customers made. */
  async findPaymentsOf(db: Queryable, userId: string, customerIds: readonly string[]): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM billing.invoice WHERE user_id = $1 AND customer_id = ANY($2) ORDER BY id`,
      [userId, customerIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Makes these payments those of a user. */
  async movePayments(tx: Tx, to: string, invoiceIds: readonly string[]): Promise<void> {
    await tx.query(`UPDATE billing.invoice SET user_id = $1 WHERE id = ANY($2)`, [to, invoiceIds]);
  }

  /** Moves all subscriptions of a user, and answers which. */
  moveSubscriptions(tx: Tx, fromId: string, intoId: string): Promise<string[]> {
    return this.reassignSubscriptions(tx, `user_id = $2`, [intoId, fromId]);
  }

  /**
   * Puts subscriptions back: those of these customers, and those that {@link moveSubscriptions}
   * moved.
   */
  async restoreSubscriptions(
    tx: Tx,
    userId: string,
    { customerIds, ids }: { customerIds: readonly string[]; ids: readonly string[] },
  ): Promise<void> {
    await this.reassignSubscriptions(tx, `customer_id = ANY($2)`, [userId, customerIds]);
    await this.reassignSubscriptions(tx, `id = ANY($2)`, [userId, ids]);
  }

  /** An answer that Stripe gave meanwhile is asked for again. */
  private async reassignSubscriptions(tx: Tx, where: string, parameters: unknown[]): Promise<string[]> {
    const [rows]: [{ id: string }[]] = await tx.query(
      `UPDATE billing.subscription SET user_id = $1, revision = revision + 1 WHERE ${where} AND user_id <> $1 RETURNING id`,
      parameters,
    );
    return rows.map(({ id }) => id).sort();
  }

  /** Moves all deferrals of a user. */
  moveDeferrals(tx: Tx, fromId: string, intoId: string): Promise<MovedDeferral[]> {
    return this.reassignDeferrals(tx, `user_id = $2`, [intoId, fromId]);
  }

  /**
   * Puts deferrals back to `fromId`: those that {@link moveDeferrals} moved, and those since of the
   * subscriptions that went back.
   */
  async restoreDeferrals(
    tx: Tx,
    { fromId, intoId }: { fromId: string; intoId: string },
    entryIds: readonly string[],
  ): Promise<MovedDeferral[]> {
    return [
      ...(await this.reassignDeferrals(tx, `entry_id = ANY($2::uuid[])`, [fromId, entryIds])),
      ...(await this.reassignDeferrals(
        tx,
        `subscription_id IN (SELECT id FROM billing.subscription WHERE user_id = $1) AND user_id = $2`,
        [fromId, intoId],
      )),
    ];
  }

  private async reassignDeferrals(tx: Tx, where: string, parameters: unknown[]): Promise<MovedDeferral[]> {
    const [rows]: [MovedDeferral[]] = await tx.query(
      `UPDATE billing.deferral SET user_id = $1 WHERE ${where} RETURNING entry_id, state`,
      parameters,
    );
    return rows;
  }

  /** Writes whether and since when an account has paid. */
  async writeFirstPayment(
    tx: Tx,
    userId: string,
    { firstPaidAt, recheckEachPayment }: FirstPaymentGate,
  ): Promise<void> {
    await tx.query(
      `UPDATE billing.account SET first_paid_at = $2, recheck_each_payment = $3 WHERE user_id = $1`,
      [userId, firstPaidAt, recheckEachPayment],
    );
  }

  /** What the gate was, and the payments that are the account's own now. */
  async restoreFirstPayment(
    tx: Tx,
    userId: string,
    { firstPaidAt, recheckEachPayment }: FirstPaymentGate,
  ): Promise<void> {
    await tx.query(
      `UPDATE billing.account a SET recheck_each_payment = $3,
         first_paid_at = LEAST($2, (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = a.user_id))
       WHERE a.user_id = $1`,
      [userId, firstPaidAt, recheckEachPayment],
    );
  }
}
