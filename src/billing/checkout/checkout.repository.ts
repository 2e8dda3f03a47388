import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { SubscriptionConflict } from '../billing.events.js';
import { CustomersRepository } from '../customers/customers.repository.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import type { CheckoutSessionEntity } from './checkout-session.entity.js';

/** A session of which it is not known whether it is still open. */
export type StoredSession = Pick<CheckoutSessionEntity, 'id' | 'requestDigest'>;

/** A checkout that Stripe made for us. */
export type NewSession = Omit<CheckoutSessionEntity, 'createdAt' | 'completedAt' | 'closedAt'>;

/**
 * Of how many pages Stripe is asked in one request, and how old they may be: older ones are left to
 * reconciliation.
 */
const maxUnresolved = 3;
const unresolvedWithinMs = 30 * dayMs;

/** What we keep of customers and checkouts that we asked Stripe for. */
@Injectable()
export class CheckoutRepository {
  constructor(
    private readonly database: Database,
    private readonly customersRepository: CustomersRepository,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /**
   * The customer that we made for a user, or null; and how many of theirs are deleted at Stripe.
   */
  async findCheckoutCustomer(userId: string): Promise<{ id: string | null; deleted: number }> {
    const rows = await this.database.query<{ id: string | null; deleted: number }>(
      `SELECT max(id) FILTER (WHERE used_for_checkout) AS id, count(deleted_at)::int AS deleted FROM billing.customer WHERE user_id = $1`,
      [userId],
    );
    return rows[0] ?? { id: null, deleted: 0 };
  }

  /** How often Stripe failed to make something for a user. */
  async countStripeFailures(userId: string): Promise<number> {
    const rows = await this.database.query<{ stripe_failure_count: number }>(
      `SELECT stripe_failure_count FROM billing.account WHERE user_id = $1`,
      [userId],
    );
    return rows[0]?.stripe_failure_count ?? 0;
  }

  /** Counts one more failure than `known`; once, however many requests have seen it. */
  async recordStripeFailure(userId: string, known: number): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `UPDATE billing.account SET stripe_failure_count = stripe_failure_count + 1 WHERE user_id = $1 AND stripe_failure_count = $2`,
        [userId, known],
      ),
    );
  }

  /**
   * Notes that Stripe no longer has a customer, although it never said so in an event. Their
   * subscriptions ended with them, and those events may be lost as well: Stripe is asked about each
   * that lives by what we know. Idempotent.
   */
  async markCustomerMissing(customerId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      lockStripeIds(tx, [customerId]);
      await this.customersRepository.markDeleted(tx, customerId, this.clock.now());
      const liveSubscriptions: { id: string }[] = await tx.query(
        `SELECT id FROM billing.subscription WHERE user_id = (SELECT user_id FROM billing.customer WHERE id = $1)
           AND customer_id = $1 AND ended_at IS NULL ORDER BY id`,
        [customerId],
      );
      const conflicts = liveSubscriptions.map(({ id }): SubscriptionConflict => ({
        name: 'billing.subscription_conflict',
        subscriptionId: id,
      }));
      this.outbox.publish(tx, ...conflicts);
    });
  }

  /**
   * A customer whose subscriptions the user can manage: the one with the newest subscription, else
   * the one made for checkout.
   */
  async findManageableCustomer(userId: string): Promise<string | null> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT c.id FROM billing.customer c LEFT JOIN billing.subscription s ON s.customer_id = c.id AND s.ended_at IS NULL
       WHERE c.user_id = $1 AND c.deleted_at IS NULL AND c.id NOT LIKE '%:%' ORDER BY s.current_period_end DESC NULLS LAST, c.used_for_checkout DESC LIMIT 1`,
      [userId],
    );
    return rows[0]?.id ?? null;
  }

  /** Keeps a new customer; answers the one that counts, should another request have been first. */
  linkCreatedCustomer(customerId: string, userId: string): Promise<string> {
    return this.database.transaction((tx) => this.customersRepository.linkCreated(tx, customerId, userId));
  }

  /**
   * A user's newest pages that Stripe has neither said to be completed nor closed; it may have, and
   * the event was lost. A completed one counts as well while it is not known that its payment has
   * come to an end: no subscription of its customer has been reported yet, or one is incomplete.
   */
  findUnresolved(userId: string): Promise<StoredSession[]> {
    return this.database.query<StoredSession>(
      `SELECT c.id, c.request_digest AS "requestDigest" FROM billing.checkout_session c CROSS JOIN LATERAL (
         SELECT count(*) = 0 OR bool_or(s.status = 'incomplete' AND s.ended_at IS NULL AND s.paid_until IS NULL) AS is_pending
         FROM billing.subscription s WHERE s.user_id = c.user_id AND s.customer_id = c.customer_id) own
       WHERE c.user_id = $1 AND (c.completed_at IS NULL OR own.is_pending) AND c.closed_at IS NULL AND c.created_at > $2
       ORDER BY c.created_at DESC LIMIT ${maxUnresolved}`,
      [userId, addMs(this.clock.now(), -unresolvedWithinMs)],
    );
  }

  /** How many pages were ever made for a user. */
  async countSessions(userId: string): Promise<number> {
    const rows = await this.database.query<{ made: number }>(
      `SELECT count(*)::int AS made FROM billing.checkout_session WHERE user_id = $1`,
      [userId],
    );
    return rows[0]?.made ?? 0;
  }

  /** Keeps a checkout. Idempotent: the first stays. */
  async insert(checkout: NewSession): Promise<void> {
    const { id, userId, customerId, priceId, url, expiresAt, requestDigest } = checkout;
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO billing.checkout_session (id, user_id, customer_id, price_id, url, created_at, expires_at, request_digest)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
        [id, userId, customerId, priceId, url, this.clock.now(), expiresAt, requestDigest],
      ),
    );
  }

  /** Marks a stored checkout as completed and returns its user; null when it is unknown. */
  async markCompleted(tx: Tx, id: string): Promise<string | null> {
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

  /**
   * Marks a page that can no longer be paid, and was not; see {@link close}. False when it is
   * unknown.
   */
  async markClosed(tx: Tx, id: string): Promise<boolean> {
    const [, count]: [unknown, number] = await tx.query(
      `UPDATE billing.checkout_session SET closed_at = LEAST(closed_at, $2) WHERE id = $1`,
      [id, this.clock.now()],
    );
    return count > 0;
  }

  /** As {@link markClosed}, in a transaction of its own. */
  async closeSession(id: string): Promise<void> {
    await this.database.transaction((tx) => this.markClosed(tx, id));
  }
}
