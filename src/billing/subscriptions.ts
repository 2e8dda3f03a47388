import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../platform/database/tx.js';
import type { SubscriptionSnapshot } from './facts.js';
import type { Standing } from './tier.js';

/** A stored subscription. `snapshotAt` is null while only payments have told of it. */
export interface StoredSubscription extends Standing {
  id: string;
  userId: string;
  priceId: string | null;
  cancelAtPeriodEnd: boolean;
  snapshotAt: Date | null;
  revision: number;
}

/** What became of a snapshot: written, older than what we know, or impossible to tell apart by time. */
export type SnapshotOutcome = 'written' | 'already' | 'stale' | 'in_doubt';

interface Row {
  id: string;
  user_id: string;
  status: string;
  price_id: string | null;
  makes_paid: boolean;
  current_period_start: Date | null;
  current_period_end: Date | null;
  cancel_at_period_end: boolean;
  ended_at: Date | null;
  paid_until: Date | null;
  deferred_until: Date | null;
  snapshot_at: Date | null;
  revision: number;
}

/** The stored subscriptions. Every writer holds the lock of the user's billing account. */
@Injectable()
export class Subscriptions {
  /** All subscriptions of a user, through all of their customers, newest period first. */
  async of(db: Queryable, userId: string): Promise<StoredSubscription[]> {
    const rows = await db.query<Row>(
      `SELECT * FROM billing.subscription WHERE user_id = $1 ORDER BY current_period_end DESC NULLS LAST, id`,
      [userId],
    );
    return rows.map(stored);
  }

  /** One subscription, or null. */
  async find(db: Queryable, id: string): Promise<StoredSubscription | null> {
    const rows = await db.query<Row>(`SELECT * FROM billing.subscription WHERE id = $1`, [id]);
    return rows[0] === undefined ? null : stored(rows[0]);
  }

  /** Makes those of `where` (about `key`, $2) subscriptions of `to`; an answer that Stripe gave meanwhile is asked for again. */
  async give(tx: Tx, where: string, { to, key }: { to: string; key: unknown }): Promise<string[]> {
    const [rows]: [{ id: string }[]] = await tx.query(
      `UPDATE billing.subscription SET user_id = $1, revision = revision + 1 WHERE ${where} AND user_id <> $1 RETURNING id`,
      [to, key],
    );
    return rows.map(({ id }) => id).sort();
  }

  /** Notes where credit has put the next charge off to. */
  async putOff(tx: Tx, id: string, until: Date): Promise<void> {
    await tx.query(`UPDATE billing.subscription SET deferred_until = $2 WHERE id = $1`, [id, until]);
  }

  /**
   * Writes a snapshot as of `at` unless a newer one is known. An end is final: it always wins and is never undone.
   * Two different snapshots of one second are `in_doubt`.
   */
  async project(tx: Tx, userId: string, snapshot: SubscriptionSnapshot, at: Date): Promise<SnapshotOutcome> {
    const known = await this.find(tx, snapshot.id);
    if (
      known === null ||
      known.snapshotAt === null ||
      (snapshot.endedAt !== null && known.endedAt === null)
    ) {
      await this.write(tx, userId, snapshot, at);
      return 'written';
    }
    if (known.endedAt !== null) return 'already';
    if (at < known.snapshotAt) return 'stale';
    if (at > known.snapshotAt) {
      await this.write(tx, userId, snapshot, at);
      return 'written';
    }
    return sameAs(known, snapshot) ? 'already' : 'in_doubt';
  }

  /** Writes what Stripe answered just now. False when the row has moved on since `revision` was read: ask again. */
  async overwrite(tx: Tx, snapshot: SubscriptionSnapshot, revision: number): Promise<boolean> {
    const known = await this.find(tx, snapshot.id);
    if (known === null || known.revision !== revision) return false;
    if (known.endedAt === null && known.snapshotAt !== null)
      await this.write(tx, known.userId, snapshot, known.snapshotAt);
    return true;
  }

  private async write(tx: Tx, userId: string, snapshot: SubscriptionSnapshot, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO billing.subscription AS s (id, user_id, customer_id, status, price_id, makes_paid, current_period_start,
         current_period_end, cancel_at_period_end, ended_at, snapshot_at)
       VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, price_id = excluded.price_id, makes_paid = excluded.makes_paid,
         current_period_start = excluded.current_period_start, current_period_end = excluded.current_period_end,
         cancel_at_period_end = excluded.cancel_at_period_end, ended_at = excluded.ended_at,
         snapshot_at = GREATEST(s.snapshot_at, excluded.snapshot_at), revision = s.revision + 1`,
      [
        snapshot.id,
        userId,
        snapshot.customerId ?? '',
        snapshot.status,
        snapshot.priceId,
        snapshot.makesPaid,
        snapshot.currentPeriodStart,
        snapshot.currentPeriodEnd,
        snapshot.cancelAtPeriodEnd,
        snapshot.endedAt,
        at,
      ],
    );
  }
}

/** Whether a subscription has begun and not ended. */
export function isLiving(own: StoredSubscription): boolean {
  return own.endedAt === null && (own.status !== 'incomplete' || own.paidUntil !== null);
}

function sameAs(known: StoredSubscription, snapshot: SubscriptionSnapshot): boolean {
  return (
    known.status === snapshot.status &&
    known.priceId === snapshot.priceId &&
    known.makesPaid === snapshot.makesPaid &&
    known.cancelAtPeriodEnd === snapshot.cancelAtPeriodEnd &&
    known.currentPeriodStart?.getTime() === snapshot.currentPeriodStart?.getTime() &&
    known.currentPeriodEnd?.getTime() === snapshot.currentPeriodEnd?.getTime()
  );
}

function stored(row: Row): StoredSubscription {
  return {
    id: row.id,
    userId: row.user_id,
    status: row.status,
    priceId: row.price_id,
    makesPaid: row.makes_paid,
    currentPeriodStart: row.current_period_start,
    currentPeriodEnd: row.current_period_end,
    cancelAtPeriodEnd: row.cancel_at_period_end,
    endedAt: row.ended_at,
    paidUntil: row.paid_until,
    deferredUntil: row.deferred_until,
    snapshotAt: row.snapshot_at,
    revision: row.revision,
  };
}
