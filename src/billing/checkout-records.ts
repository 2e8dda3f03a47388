import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Customers } from './customers.js';

/** A checkout that can still be paid. */
export interface OpenCheckout {
  id: string;
  priceId: string;
  url: string;
}

/** A checkout that Stripe made for us. */
export interface NewCheckout extends OpenCheckout {
  userId: string;
  customerId: string;
  expiresAt: Date;
}

/** What we keep of customers and checkouts that we asked Stripe for. */
@Injectable()
export class CheckoutRecords {
  constructor(
    private readonly database: Database,
    private readonly customers: Customers,
    private readonly clock: Clock,
  ) {}

  /** The customer that we made for a user, or null; and how many of theirs are deleted at Stripe. */
  async ownCustomer(userId: string): Promise<{ id: string | null; deleted: number }> {
    const rows = await this.database.query<{ id: string | null; deleted: number }>(
      `SELECT max(id) FILTER (WHERE ours) AS id, count(deleted_at)::int AS deleted FROM billing.customer WHERE user_id = $1`,
      [userId],
    );
    return rows[0] ?? { id: null, deleted: 0 };
  }

  /** How often Stripe failed to make something for a user. */
  async failures(userId: string): Promise<number> {
    const rows = await this.database.query<{ stripe_failures: number }>(
      `SELECT stripe_failures FROM billing.account WHERE user_id = $1`,
      [userId],
    );
    return rows[0]?.stripe_failures ?? 0;
  }

  /** Counts one more failure than `known`; once, however many requests have seen it. */
  async noteFailure(userId: string, known: number): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `UPDATE billing.account SET stripe_failures = stripe_failures + 1 WHERE user_id = $1 AND stripe_failures = $2`,
        [userId, known],
      ),
    );
  }

  /** A customer whose subscriptions the user can manage: the one with the newest subscription, else ours. */
  async anyCustomer(userId: string): Promise<string | null> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT c.id FROM billing.customer c LEFT JOIN billing.subscription s ON s.customer_id = c.id AND s.ended_at IS NULL
       WHERE c.user_id = $1 AND c.deleted_at IS NULL ORDER BY s.current_period_end DESC NULLS LAST, c.ours DESC LIMIT 1`,
      [userId],
    );
    return rows[0]?.id ?? null;
  }

  /** Keeps a new customer; answers the one that counts, should another request have been first. */
  adopt(customerId: string, userId: string): Promise<string> {
    return this.database.transaction((tx) => this.customers.adopt(tx, customerId, userId));
  }

  /** A user's checkouts: those that can still be paid, and how many were ever made. */
  async of(userId: string): Promise<{ open: OpenCheckout[]; made: number }> {
    const rows = await this.database.query<{ id: string; price_id: string; url: string; open: boolean }>(
      `SELECT id, price_id, url, completed_at IS NULL AND expires_at > $2 AS open FROM billing.checkout_session WHERE user_id = $1`,
      [userId, this.clock.now()],
    );
    const open = rows
      .filter((row) => row.open)
      .map((row) => ({ id: row.id, priceId: row.price_id, url: row.url }));
    return { open, made: rows.length };
  }

  /** Keeps a checkout. Again: the first stays. */
  async store(checkout: NewCheckout): Promise<void> {
    const { id, userId, customerId, priceId, url, expiresAt } = checkout;
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO billing.checkout_session (id, user_id, customer_id, price_id, url, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        [id, userId, customerId, priceId, url, this.clock.now(), expiresAt],
      ),
    );
  }

  /** Marks a checkout of ours as completed and answers whose it is; null when it is not ours. */
  async complete(tx: Tx, id: string): Promise<string | null> {
    const rows: { user_id: string }[] = await tx.query(
      `SELECT user_id FROM billing.checkout_session WHERE id = $1`,
      [id],
    );
    if (rows[0] === undefined) return null;
    await tx.query(
      `UPDATE billing.checkout_session SET completed_at = $2 WHERE id = $1 AND completed_at IS NULL`,
      [id, this.clock.now()],
    );
    return rows[0].user_id;
  }

  /** Marks a checkout as closed. */
  async expire(id: string): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(`UPDATE billing.checkout_session SET expires_at = $2 WHERE id = $1`, [id, this.clock.now()]),
    );
  }
}
