import { Injectable } from '@nestjs/common';
import { readPageByIndex } from '../../platform/database/bulk-mode.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { ReversalKind } from '../reversals/reversal.js';
import { pageSize } from '../stripe/stripe-objects.js';
import type { ReconciliationKind } from './reconciliation-cursor.entity.js';

/** A stored subscription, as far as it is compared. */
export interface SubscriptionRow {
  id: string;
  status: string;
  price_id: string | null;
  grants_paid_tier: boolean;
  current_period_end: Date | null;
  cancel_at: Date | null;
  cancel_at_period_end: boolean;
  collection_voided: boolean;
  ended_at: Date | null;
  snapshot_at: Date | null;
}

/**
 * A customer, whether their user has ever paid, and whether they subscribed, or may have before we
 * knew them.
 */
export interface CustomerRow {
  id: string;
  userId: string;
  subscribed: boolean;
  hasPaid: boolean;
}

/** How many customers are read at a time. */
export const customersPerPage = 1_000;

/**
 * What is stored of Stripe, as reconciliation compares it with Stripe, and how far it has come.
 * What other processors were paid is left out.
 */
@Injectable()
export class ReconciliationRepository {
  constructor(private readonly database: Database) {}

  /** How far Stripe was compared with us, without a gap; null before the first time. */
  async findCursor(kind: ReconciliationKind): Promise<Date | null> {
    const rows = await this.database.query<{ compared_until: Date }>(
      `SELECT compared_until FROM billing.reconciliation_cursor WHERE kind = $1`,
      [kind],
    );
    return rows[0]?.compared_until ?? null;
  }

  /** Notes how far Stripe was compared. Of two at once, the farthest stays. */
  async advanceCursor(kind: ReconciliationKind, reachedAt: Date): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO billing.reconciliation_cursor AS c (kind, compared_until) VALUES ($1, $2)
       ON CONFLICT (kind) DO UPDATE SET compared_until = GREATEST(c.compared_until, excluded.compared_until)`,
        [kind, reachedAt],
      ),
    );
  }

  /** Those of these events that the inbox has. */
  async filterKnownEvents(eventIds: string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ event_id: string }>(
      lateralLookup('text', `SELECT event_id FROM billing.inbox WHERE event_id = asked.key`),
      [JSON.stringify(eventIds)],
    );
    return new Set(rows.map((row) => row.event_id));
  }

  /** Those of these customers that belong to a user. */
  async filterKnownCustomers(customerIds: (string | null)[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      lateralLookup('text', `SELECT id FROM billing.customer WHERE id = asked.key`),
      [JSON.stringify(customerIds)],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** The next {@link customersPerPage} customers behind the id `after`. */
  listCustomers(after: string): Promise<CustomerRow[]> {
    return readPageByIndex<CustomerRow>(this.database, nextCustomersSql, [after]);
  }

  /** Those of these subscriptions that are stored, by id. */
  async findSubscriptions(ids: string[]): Promise<Map<string, SubscriptionRow>> {
    const rows = await this.database.query<SubscriptionRow>(
      lateralLookup('text', `SELECT * FROM billing.subscription WHERE id = asked.key`),
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /**
   * Those that live, by what we know, and should have been renewed or have ended before `moment`.
   */
  async *listOverdueSubscriptions(moment: Date): AsyncGenerator<SubscriptionRow> {
    for (let last = ''; ;) {
      const rows = await this.database.query<SubscriptionRow>(
        `SELECT * FROM billing.subscription WHERE ended_at IS NULL AND id > $1 AND id NOT LIKE '%:%'
           AND (snapshot_at IS NULL OR current_period_end < $2) ORDER BY id LIMIT ${pageSize}`,
        [last, moment],
      );
      yield* rows;
      last = rows.at(-1)?.id ?? '';
      if (rows.length < pageSize) return;
    }
  }

  /** The statuses of those of these reversals that are stored, by id. */
  async findReversalStatuses(ids: string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<{ id: string; status: string }>(
      lateralLookup('text', `SELECT id, status FROM billing.reversal WHERE id = asked.key`),
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.id, row.status]));
  }

  /**
   * The next page of refunds and disputes behind `id` that are undecided, or were reported after
   * these times and can change again.
   */
  listUndecidedReversals(
    id: string,
    { refundsSince, disputesSince }: { refundsSince: Date; disputesSince: Date },
  ): Promise<{ id: string; kind: Extract<ReversalKind, 'refund' | 'dispute'> }[]> {
    return readPageByIndex(
      this.database,
      `SELECT id, kind FROM billing.reversal
       WHERE id > $3 AND id NOT LIKE '%:%'
         AND (kind = 'refund' AND (status IN ('pending', 'requires_action') OR status = 'succeeded' AND snapshot_at > $1)
           OR kind = 'dispute' AND (status NOT IN ('won', 'lost', 'warning_closed', 'charge_refunded', 'prevented')
                                    OR status IN ('lost', 'warning_closed') AND snapshot_at > $2))
       ORDER BY id LIMIT ${pageSize}`,
      [refundsSince, disputesSince, id],
    );
  }
}

/**
 * A page by its key alone, with a look-up for each customer: no page may read, or join, all that
 * there is.
 */
const nextCustomersSql = `SELECT c.id, c.user_id AS "userId",
    (SELECT a.first_paid_at IS NOT NULL FROM billing.account a WHERE a.user_id = c.user_id) AS "hasPaid",
    NOT c.used_for_checkout OR EXISTS (SELECT FROM billing.subscription s WHERE s.customer_id = c.id AND s.user_id = c.user_id) AS subscribed
  FROM (SELECT id, user_id, used_for_checkout FROM billing.customer WHERE id > $1 AND id NOT LIKE '%:%' ORDER BY id LIMIT ${customersPerPage}) c ORDER BY c.id`;
