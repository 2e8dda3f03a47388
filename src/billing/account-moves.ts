import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { Accounts, type Account } from './accounts.js';
import { FirstPayments } from './reversals/first-payments.js';
import { lockStripeIds } from './stripe-locks.js';
import { goesOn, isLiving, Subscriptions } from './subscriptions.js';

/** What billing knows of an account before it is merged. */
export interface BillingBefore {
  customers: string[];
  subscriptions: string[];
  payments: number;
  hasPaid: boolean;
  /** A subscription goes on charging. */
  isCharged: boolean;
}

interface Gate {
  firstPaidAt: string | null;
  looksAgain: boolean;
}

/** What moved, and what the gates of both accounts were: all that putting it back needs. */
export interface MovedBilling {
  customers: { id: string; ours: boolean }[];
  subscriptions: string[];
  deferrals: string[];
  gates: { from: Gate; into: Gate };
}

/** A merge, by the accounts of both sides. */
export interface Pair {
  fromId: string;
  intoId: string;
}

/**
 * What is alive at Stripe goes with a merge: customers, subscriptions, charges that were put off. Payments stay with the
 * account that paid them, and with them the conversions that they made.
 */
@Injectable()
export class AccountMoves {
  constructor(
    private readonly accounts: Accounts,
    private readonly subscriptions: Subscriptions,
    private readonly firstPayments: FirstPayments,
  ) {}

  /** Locks both, in the order of events: their customers, then their accounts. No event of either is applied meanwhile. */
  async lock(tx: Tx, userIds: readonly string[]): Promise<void> {
    lockStripeIds(tx, await this.customersOf(tx, userIds));
    for (const userId of [...userIds].sort()) await this.accounts.lock(tx, userId);
    // nobody maps a customer without the account's lock, so these are all
    lockStripeIds(tx, await this.customersOf(tx, userIds));
  }

  /** What there is to move. */
  async look(db: Queryable, userId: string): Promise<BillingBefore> {
    const account = await this.accounts.read(db, userId);
    const subscriptions = await this.subscriptions.of(db, userId);
    const customers = await this.customersOf(db, [userId]);
    const rows = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM billing.invoice WHERE user_id = $1`,
      [userId],
    );
    const living = subscriptions.filter(isLiving);
    return {
      customers,
      subscriptions: living.map(({ id }) => id),
      payments: rows[0]?.n ?? 0,
      hasPaid: account.firstPaidAt !== null,
      isCharged: living.some(goesOn),
    };
  }

  /** Moves everything that lives. Both are locked, and so are their credit accounts. Errors: `billing.busy` while a charge is being put off. */
  async move(tx: Tx, { fromId, intoId }: Pair): Promise<MovedBilling> {
    const [from, into] = [await this.accounts.lock(tx, fromId), await this.accounts.lock(tx, intoId)];
    const customers: MovedBilling['customers'] = await tx.query(
      `SELECT id, ours FROM billing.customer WHERE user_id = $1 ORDER BY id`,
      [fromId],
    );
    await tx.query(
      `UPDATE billing.customer SET user_id = $2, ours = ours AND NOT EXISTS (
         SELECT 1 FROM billing.customer own WHERE own.user_id = $2 AND own.ours) WHERE user_id = $1`,
      [fromId, intoId],
    );
    const subscriptions = await this.subscriptions.give(tx, `user_id = $2`, { to: intoId, key: fromId });
    const deferrals = await this.giveDeferrals(tx, `user_id = $2`, { to: intoId, key: fromId });
    await this.setGate(tx, intoId, {
      firstPaidAt: earlier(from.firstPaidAt, into.firstPaidAt),
      looksAgain: into.looksAgain && from.firstPaidAt === null,
    });
    await this.refold(tx, [fromId, intoId]);
    const gates = { from: gateOf(from), into: gateOf(into) };
    return { customers, subscriptions, deferrals, gates };
  }

  /** The payments that customers of the merged account have made since: they go back with it. */
  async paidSince(db: Queryable, { intoId }: Pair, moved: MovedBilling): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM billing.invoice WHERE user_id = $1 AND customer_id = ANY($2) ORDER BY id`,
      [intoId, moved.customers.map(({ id }) => id)],
    );
    return rows.map(({ id }) => id);
  }

  /** Puts everything back, with what came of it since. Locks and errors as {@link move}. */
  async moveBack(tx: Tx, pair: Pair, moved: MovedBilling): Promise<void> {
    const { fromId, intoId } = pair;
    for (const userId of [fromId, intoId]) await this.accounts.lock(tx, userId);
    const invoices = await this.paidSince(tx, pair, moved);
    await tx.query(`UPDATE billing.invoice SET user_id = $1 WHERE id = ANY($2)`, [fromId, invoices]);
    await tx.query(
      `UPDATE billing.customer c SET user_id = $1, ours = back.ours AND c.deleted_at IS NULL
       FROM jsonb_to_recordset($3) AS back(id text, ours boolean) WHERE c.id = back.id AND c.user_id = $2`,
      [fromId, intoId, JSON.stringify(moved.customers)],
    );
    const key = { to: fromId, key: moved.customers.map(({ id }) => id) };
    await this.subscriptions.give(tx, `customer_id = ANY($2)`, key);
    await this.subscriptions.give(tx, `id = ANY($2)`, { to: fromId, key: moved.subscriptions });
    await this.giveDeferrals(tx, `entry_id = ANY($2::uuid[])`, { to: fromId, key: moved.deferrals });
    await this.giveDeferrals(
      tx,
      `subscription_id IN (SELECT id FROM billing.subscription WHERE user_id = $1) AND user_id = $2`,
      { to: fromId, key: intoId },
    );
    await this.openGate(tx, fromId, moved.gates.from);
    await this.openGate(tx, intoId, moved.gates.into);
    await this.refold(tx, [fromId, intoId]);
  }

  /** Makes the referrals of both what their own payments say, once both are apart again. */
  async settle(tx: Tx, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) {
      const before = await this.accounts.lock(tx, userId);
      const { looksAgain } = await this.firstPayments.settle(tx, userId);
      if (looksAgain !== before.looksAgain) await this.accounts.noteLooksAgain(tx, userId, looksAgain);
    }
  }

  /** With the gates as they are by now: only those who have paid keep the tier while a payment is late. */
  private async refold(tx: Tx, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds)
      await this.accounts.refold(tx, userId, await this.accounts.lock(tx, userId));
  }

  private async customersOf(db: Queryable, userIds: readonly string[]): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = ANY($1) ORDER BY id`,
      [userIds],
    );
    return rows.map(({ id }) => id);
  }

  private async giveDeferrals(
    tx: Tx,
    where: string,
    { to, key }: { to: string; key: unknown },
  ): Promise<string[]> {
    const [rows]: [{ entry_id: string; state: string }[]] = await tx.query(
      `UPDATE billing.deferral SET user_id = $1 WHERE ${where} RETURNING entry_id, state`,
      [to, key],
    );
    if (rows.some(({ state }) => state === 'asked' || state === 'undoing'))
      throw new DomainError('billing.busy', {
        detail: 'Stripe is just being asked to move a charge of these accounts. Try again in a minute.',
      });
    return rows.map((row) => row.entry_id);
  }

  private async setGate(
    tx: Tx,
    userId: string,
    gate: { firstPaidAt: Date | null; looksAgain: boolean },
  ): Promise<void> {
    await tx.query(`UPDATE billing.account SET first_paid_at = $2, looks_again = $3 WHERE user_id = $1`, [
      userId,
      gate.firstPaidAt,
      gate.looksAgain,
    ]);
  }

  /** What the gate was, and the payments that are the account's own now. */
  private async openGate(tx: Tx, userId: string, { firstPaidAt, looksAgain }: Gate): Promise<void> {
    await tx.query(
      `UPDATE billing.account a SET looks_again = $3,
         first_paid_at = LEAST($2, (SELECT min(i.paid_at) FROM billing.invoice i WHERE i.user_id = a.user_id))
       WHERE a.user_id = $1`,
      [userId, firstPaidAt, looksAgain],
    );
  }
}

function gateOf({ firstPaidAt, looksAgain }: Account): Gate {
  return { firstPaidAt: firstPaidAt?.toISOString() ?? null, looksAgain };
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
