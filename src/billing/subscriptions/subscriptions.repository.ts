import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralList, ListLoader } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { SubscriptionSnapshot } from '../stripe/stripe-parsers.js';
import { addReport, type PastDueHistory, type ReportedStatus } from './past-due.js';
import type { SubscriptionState } from './tier.js';

/** A stored subscription. `snapshotAt` is null while only payments have reported it. */
export interface StoredSubscription extends SubscriptionState {
  id: string;
  userId: string;
  priceId: string | null;
  currentPeriodStart: Date | null;
  cancelAt: Date | null;
  cancelAtPeriodEnd: boolean;
  pastDueHistory: PastDueHistory;
  snapshotAt: Date | null;
  revision: number;
  /** When it was read, by our clock. */
  readAt: Date;
}

/**
 * When Stripe gave a snapshot: in an event made `at`, or as the answer to a question asked at
 * `askedAt`.
 */
type ReportTime = Pick<ReportedStatus, 'at' | 'askedAt'>;

/** The outcome of a snapshot: written, older than what we know, or impossible to order by time. */
export type SnapshotOutcome = 'written' | 'already' | 'stale' | 'conflict';

interface SubscriptionRow {
  id: string;
  user_id: string;
  status: string;
  price_id: string | null;
  grants_paid_tier: boolean;
  current_period_start: Date | null;
  current_period_end: Date | null;
  cancel_at: Date | null;
  cancel_at_period_end: boolean;
  collection_voided: boolean;
  ended_at: Date | null;
  paid_until: Date | null;
  deferred_until: Date | null;
  past_due_since: Date | null;
  past_due_reported_at: Date[];
  other_status_reported_at: Date | null;
  snapshot_at: Date | null;
  revision: number;
}

/** The subscriptions of `account` (a parameter, or the key of a {@link lateralList}). */
const selectByUser = (account: '$1' | 'asked.key') =>
  `SELECT * FROM billing.subscription WHERE user_id = ${account} ORDER BY current_period_end DESC NULLS LAST, id`;

/** The stored subscriptions. Every writer holds the lock of the user's billing account. */
@Injectable()
export class SubscriptionsRepository {
  private readonly rowLoader = new ListLoader<SubscriptionRow>(
    () => this.database.lookups,
    lateralList('uuid', selectByUser('asked.key')),
  );

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** All subscriptions of a user, through all of their customers, newest period first. */
  async listByUser(db: Queryable, userId: string): Promise<StoredSubscription[]> {
    const rows = await db.query<SubscriptionRow>(selectByUser('$1'), [userId]);
    return rows.map((row) => toStoredSubscription(row, this.clock.now()));
  }

  /** As {@link listByUser}, outside a transaction, together with those of other requests. */
  async loadByUser(userId: string): Promise<StoredSubscription[]> {
    const rows = await this.rowLoader.load(userId);
    return rows.map((row) => toStoredSubscription(row, this.clock.now()));
  }

  /** One subscription, or null. */
  async findById(db: Queryable, id: string): Promise<StoredSubscription | null> {
    const rows = await db.query<SubscriptionRow>(`SELECT * FROM billing.subscription WHERE id = $1`, [id]);
    return rows[0] === undefined ? null : toStoredSubscription(rows[0], this.clock.now());
  }

  /**
   * Those of `userIds` whose paid tier reaches beyond `moment` by itself: it renews, or is late and
   * not given up yet.
   */
  async filterPayingBeyond(db: Queryable, userIds: string[], moment: Date): Promise<Set<string>> {
    const rows = await db.query<{ user_id: string }>(
      `SELECT a.user_id FROM billing.account a
       WHERE a.user_id = ANY($1) AND a.tier = 'paid' AND (a.tier_expires_at IS NULL OR a.tier_expires_at > $2) AND EXISTS (
         SELECT 1 FROM billing.subscription s WHERE s.user_id = a.user_id AND s.ended_at IS NULL AND s.grants_paid_tier
           AND NOT s.cancel_at_period_end AND (s.cancel_at IS NULL OR s.cancel_at > $2))`,
      [userIds, moment],
    );
    return new Set(rows.map((row) => row.user_id));
  }

  /** Whose subscriptions at Stripe live and are still collected. */
  async listCollectedUsers(db: Queryable): Promise<string[]> {
    const rows = await db.query<{ user_id: string }>(
      `SELECT DISTINCT user_id FROM billing.subscription WHERE ended_at IS NULL AND NOT collection_voided AND id NOT LIKE '%:%'`,
    );
    return rows.map((row) => row.user_id);
  }

  /**
   * Lets a user's living subscriptions at Stripe end with what was paid for: no further period
   * will be. Answers how many there are.
   */
  async voidCollection(tx: Tx, userId: string): Promise<number> {
    const [, count]: [unknown, number] = await tx.query(
      `UPDATE billing.subscription SET collection_voided = true, revision = revision + 1
         WHERE user_id = $1 AND ended_at IS NULL AND NOT collection_voided AND id NOT LIKE '%:%'`,
      [userId],
    );
    return count;
  }

  /** Stores the date that credit deferred the next charge to. */
  async setDeferredUntil(tx: Tx, id: string, until: Date): Promise<void> {
    await tx.query(`UPDATE billing.subscription SET deferred_until = $2 WHERE id = $1`, [id, until]);
  }

  /**
   * Writes a snapshot as of `at` unless a newer one is known. An end is final: it always wins and
   * is never undone. Two different snapshots of one second are `conflict`. What an older event says
   * of being past due is kept all the same. `isFetched`: Stripe was just asked for it, so that its
   * time has no meaning.
   */
  async applySnapshot(
    tx: Tx,
    userId: string,
    snapshot: SubscriptionSnapshot,
    { at, isFetched }: { at: Date; isFetched: boolean },
  ): Promise<SnapshotOutcome> {
    const report = { at, askedAt: isFetched ? this.clock.now() : null };
    const known = await this.findById(tx, snapshot.id);
    if (known !== null && known.endedAt !== null) return 'already';
    const outcome = compareSnapshot(known, snapshot, at);
    if (outcome === 'written') await this.writeSnapshot(tx, userId, snapshot, { report, known });
    else if (known !== null && !isFetched) await this.recordReport(tx, known, snapshot, report);
    return outcome;
  }

  /**
   * Writes what Stripe answered just now. False when the row has moved on since it was read: ask
   * again.
   */
  async replaceSnapshot(
    tx: Tx,
    snapshot: SubscriptionSnapshot,
    { revision, readAt }: StoredSubscription,
  ): Promise<boolean> {
    const known = await this.findById(tx, snapshot.id);
    if (known === null || known.revision !== revision) return false;
    if (known.endedAt === null && known.snapshotAt !== null) {
      const report = { at: known.snapshotAt, askedAt: readAt };
      await this.writeSnapshot(tx, known.userId, snapshot, { report, known });
    }
    return true;
  }

  private async recordReport(
    tx: Tx,
    known: StoredSubscription,
    { status }: SubscriptionSnapshot,
    report: ReportTime,
  ): Promise<void> {
    const { since, reportedAt, otherStatusAt } = addReport(
      toStoredStatus(known),
      { status, ...report },
      false,
    );
    await tx.query(
      `UPDATE billing.subscription SET past_due_since = $2, past_due_reported_at = $3, other_status_reported_at = $4 WHERE id = $1`,
      [known.id, since, reportedAt, otherStatusAt],
    );
  }

  private async writeSnapshot(
    tx: Tx,
    userId: string,
    snapshot: SubscriptionSnapshot,
    { report, known }: { report: ReportTime; known: StoredSubscription | null },
  ): Promise<void> {
    const pastDue = addReport(known && toStoredStatus(known), { status: snapshot.status, ...report }, true);
    const columns = {
      status: snapshot.status,
      price_id: snapshot.priceId,
      grants_paid_tier: snapshot.grantsPaidTier,
      current_period_start: snapshot.currentPeriodStart,
      current_period_end: snapshot.currentPeriodEnd,
      cancel_at: snapshot.cancelAt,
      cancel_at_period_end: snapshot.cancelAtPeriodEnd,
      collection_voided: snapshot.collectionVoided,
      ended_at: snapshot.endedAt,
      past_due_since: pastDue.since,
      past_due_reported_at: pastDue.reportedAt,
      other_status_reported_at: pastDue.otherStatusAt,
    };
    const names = Object.keys(columns);
    await tx.query(
      `INSERT INTO billing.subscription AS s (id, user_id, customer_id, snapshot_at, ${names.join(', ')})
       VALUES ($1, $2, $3, $4, ${names.map((_, n) => `$${n + 5}`).join(', ')})
       ON CONFLICT (id) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')},
         snapshot_at = GREATEST(s.snapshot_at, excluded.snapshot_at), revision = s.revision + 1`,
      [snapshot.id, userId, snapshot.customerId ?? '', report.at, ...Object.values(columns)],
    );
  }
}

/** Whether a subscription has begun and not ended. */
export function isLive(subscription: StoredSubscription): boolean {
  const { endedAt, status, paidUntil, readAt } = subscription;
  if (endedAt !== null) return false;
  if (isPaidPeriod(subscription)) return paidUntil !== null && paidUntil > readAt;
  return status !== 'incomplete' || paidUntil !== null;
}

/** A period that was paid for at another processor without a subscription: it ends by itself. */
function isPaidPeriod({ id }: StoredSubscription): boolean {
  return /^[^:]+:payment:/.test(id);
}

/**
 * Whether a living subscription will charge again; a planned end that is periods away does not keep
 * it from that.
 */
export function willRenew(subscription: StoredSubscription): boolean {
  return !subscription.cancelAtPeriodEnd;
}

function compareSnapshot(
  known: StoredSubscription | null,
  snapshot: SubscriptionSnapshot,
  at: Date,
): SnapshotOutcome {
  if (known === null || known.snapshotAt === null || snapshot.endedAt !== null) return 'written';
  if (at < known.snapshotAt) return 'stale';
  if (at > known.snapshotAt) return 'written';
  return isSameSnapshot(known, snapshot) ? 'already' : 'conflict';
}

function isSameSnapshot(known: StoredSubscription, snapshot: SubscriptionSnapshot): boolean {
  const same = (one: Date | null, other: Date | null) => one?.getTime() === other?.getTime();
  return (
    known.status === snapshot.status &&
    known.priceId === snapshot.priceId &&
    known.grantsPaidTier === snapshot.grantsPaidTier &&
    known.cancelAtPeriodEnd === snapshot.cancelAtPeriodEnd &&
    known.collectionVoided === snapshot.collectionVoided &&
    same(known.cancelAt, snapshot.cancelAt) &&
    same(known.currentPeriodStart, snapshot.currentPeriodStart) &&
    same(known.currentPeriodEnd, snapshot.currentPeriodEnd)
  );
}

function toStoredStatus({ status, snapshotAt, pastDueHistory }: StoredSubscription) {
  return { status, snapshotAt, ...pastDueHistory };
}

function toStoredSubscription(subscriptionRow: SubscriptionRow, readAt: Date): StoredSubscription {
  return {
    id: subscriptionRow.id,
    userId: subscriptionRow.user_id,
    status: subscriptionRow.status,
    priceId: subscriptionRow.price_id,
    grantsPaidTier: subscriptionRow.grants_paid_tier,
    currentPeriodStart: subscriptionRow.current_period_start,
    currentPeriodEnd: subscriptionRow.current_period_end,
    cancelAt: subscriptionRow.cancel_at,
    cancelAtPeriodEnd: subscriptionRow.cancel_at_period_end,
    collectionVoided: subscriptionRow.collection_voided,
    endedAt: subscriptionRow.ended_at,
    paidUntil: subscriptionRow.paid_until,
    deferredUntil: subscriptionRow.deferred_until,
    pastDueSince: subscriptionRow.past_due_since ?? subscriptionRow.snapshot_at,
    pastDueHistory: {
      since: subscriptionRow.past_due_since,
      reportedAt: subscriptionRow.past_due_reported_at,
      otherStatusAt: subscriptionRow.other_status_reported_at,
    },
    snapshotAt: subscriptionRow.snapshot_at,
    revision: subscriptionRow.revision,
    readAt,
  };
}
