import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralList, ListLoader } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { isId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { MergedAccounts } from '../../platform/merged-accounts.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { EventAlerts } from '../webhooks/event-alerts.repository.js';
import { retryParkedEvents } from '../webhooks/parked-events.repository.js';

const stripeIdsByUser = lateralList(
  'uuid',
  `SELECT id FROM billing.customer WHERE user_id = asked.key AND id NOT LIKE '%:%' ORDER BY created_at, id`,
);

/** Which user a customer is. Never decided by an e-mail address. */
@Injectable()
export class CustomersRepository {
  private readonly stripeIdLoader = new ListLoader<{ id: string }>(
    () => this.database.lookups,
    stripeIdsByUser,
  );

  constructor(
    private readonly database: Database,
    private readonly mergedAccounts: MergedAccounts,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly alerts: EventAlerts,
  ) {}

  /** The Stripe customers that are a user, oldest first. */
  async listStripeIds(userId: string): Promise<string[]> {
    const rows = await this.stripeIdLoader.load(userId);
    return rows.map((row) => row.id);
  }

  /** A user's newest customers that were not deleted, at any processor, five at most. */
  async listNewest(db: Queryable, userId: string): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 5`,
      [userId],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * The user of a customer whose lock is held: as mapped, else as our metadata says, which then
   * maps it. Null when neither knows. The mapping wins over the metadata, and a disagreement
   * alerts.
   */
  async findUser(tx: Tx, customerId: string | null, userIdInMetadata: string | null): Promise<string | null> {
    const mapped = customerId === null ? null : await this.findLinkedUser(tx, customerId);
    if (mapped !== null) {
      await this.warnOnMismatch(tx, { customerId, userIdInMetadata }, mapped);
      return mapped;
    }
    const fromMetadata = isId(userIdInMetadata) ? await this.lockCurrentAccount(tx, userIdInMetadata) : null;
    if (fromMetadata !== null && customerId !== null) await this.link(tx, customerId, fromMetadata);
    return fromMetadata;
  }

  /** Alerts when our metadata says another person than a customer is mapped to. */
  async warnOnMismatch(
    tx: Tx,
    { customerId, userIdInMetadata }: { customerId: string | null; userIdInMetadata: string | null },
    mappedTo: string,
  ): Promise<void> {
    if (!isId(userIdInMetadata) || userIdInMetadata === mappedTo) return;
    if ((await this.mergedAccounts.currentOf(tx, userIdInMetadata)) === mappedTo) return;
    this.alerts.raise(tx, 'billing.customer_mismatch', {
      customerId,
      mappedTo,
      metadataSays: userIdInMetadata,
    });
  }

  /**
   * Maps a customer whose lock is held, and retries what waited for it. Idempotent: the first
   * mapping stays.
   */
  async link(tx: Tx, customerId: string, userId: string): Promise<void> {
    const rows: unknown[] = await tx.query(
      `WITH gone AS (DELETE FROM billing.deleted_customer WHERE id = $1 RETURNING deleted_at)
       INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at, deleted_at)
       VALUES ($1, $2, false, $3, (SELECT deleted_at FROM gone)) ON CONFLICT (id) DO NOTHING RETURNING id`,
      [customerId, userId, this.clock.now()],
    );
    if (rows.length > 0) await retryParkedEvents(tx, this.outbox, customerId);
  }

  /**
   * Writes down the customer that we made for a user's checkout, and answers the one that counts.
   * Takes its lock.
   */
  async linkCreated(tx: Tx, customerId: string, accountId: string): Promise<string> {
    lockStripeIds(tx, [customerId]);
    const userId = (await this.lockCurrentAccount(tx, accountId)) ?? accountId;
    const rows: unknown[] = await tx.query(
      `INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at) VALUES ($1, $2, true, $3) ON CONFLICT DO NOTHING RETURNING id`,
      [customerId, userId, this.clock.now()],
    );
    if (rows.length > 0) await retryParkedEvents(tx, this.outbox, customerId);
    const [first]: { id: string }[] = await tx.query(
      `SELECT id FROM billing.customer WHERE user_id = $1 AND used_for_checkout`,
      [userId],
    );
    return first?.id ?? customerId;
  }

  /**
   * Notes that a customer, whose lock is held, was deleted at Stripe: a checkout will make another.
   * False for one we do not know; the note then waits for a mapping.
   */
  async markDeleted(tx: Tx, customerId: string, at: Date): Promise<boolean> {
    if ((await this.findLinkedUser(tx, customerId)) === null) {
      await tx.query(
        `INSERT INTO billing.deleted_customer AS d (id, deleted_at, recorded_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET deleted_at = LEAST(d.deleted_at, excluded.deleted_at)`,
        [customerId, at, this.clock.now()],
      );
      return false;
    }
    await tx.query(
      `UPDATE billing.customer SET deleted_at = LEAST(deleted_at, $2), used_for_checkout = false WHERE id = $1`,
      [customerId, at],
    );
    return true;
  }

  private async findLinkedUser(tx: Tx, customerId: string): Promise<string | null> {
    const rows: { user_id: string }[] = await tx.query(`SELECT user_id FROM billing.customer WHERE id = $1`, [
      customerId,
    ]);
    return rows[0]?.user_id ?? null;
  }

  /**
   * Who one of our accounts is now, locked, so that it is not merged away before its customer is
   * mapped; null for an unknown account.
   */
  private async lockCurrentAccount(tx: Tx, accountId: string): Promise<string | null> {
    const rows: unknown[] = await tx.query(
      `SELECT 1 FROM billing.account WHERE user_id = $1 FOR NO KEY UPDATE`,
      [accountId],
    );
    return rows.length > 0 ? this.mergedAccounts.currentOf(tx, accountId) : null;
  }
}
