import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import type { SubscriptionSnapshot } from './facts.js';
import { pastDueAfter, type PastDue, type SaidStatus } from './past-due.js';
import type { Standing } from './tier.js';

/** A stored subscription. `snapshotAt` is null while only payments have told of it. */
export interface StoredSubscription extends Standing {
  id: string;
  userId: string;
  priceId: string | null;
  currentPeriodStart: Date | null;
  cancelAt: Date | null;
  cancelAtPeriodEnd: boolean;
  pastDue: PastDue;
  snapshotAt: Date | null;
  revision: number;
  /** When it was read, by our clock. */
  readAt: Date;
}

/** When Stripe gave a snapshot: in an event made `at`, or as the answer to a question asked at `askedAt`. */
type SaidWhen = Pick<SaidStatus, 'at' | 'askedAt'>;

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
  cancel_at: Date | null;
  cancel_at_period_end: boolean;
  collection_voided: boolean;
  ended_at: Date | null;
  paid_until: Date | null;
  deferred_until: Date | null;
  past_due_since: Date | null;
  past_due_said_at: Date[];
  otherwise_said_at: Date | null;
  snapshot_at: Date | null;
  revision: number;
}

/** The stored subscriptions. Every writer holds the lock of the user's billing account. */
@Injectable()
export class Subscriptions {
  constructor(private readonly clock: Clock) {}

  /** All subscriptions of a user, through all of their customers, newest period first. */
  async of(db: Queryable, userId: string): Promise<StoredSubscription[]> {
    const rows = await db.query<Row>(
      `SELECT * FROM billing.subscription WHERE user_id = $1 ORDER BY current_period_end DESC NULLS LAST, id`,
      [userId],
    );
    return rows.map((row) => stored(row, this.clock.now()));
  }

  /** One subscription, or null. */
  async find(db: Queryable, id: string): Promise<StoredSubscription | null> {
    const rows = await db.query<Row>(`SELECT * FROM billing.subscription WHERE id = $1`, [id]);
    return rows[0] === undefined ? null : stored(rows[0], this.clock.now());
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
   * Writes a snapshot as of `at` unless a newer one is known. An end is final: it always wins and is never undone. Two
   * different snapshots of one second are `in_doubt`. What an older event says of being past due is kept all the same.
   * `isAnswer`: Stripe was just asked for it, so that its time says nothing.
   */
  async project(
    tx: Tx,
    userId: string,
    snapshot: SubscriptionSnapshot,
    { at, isAnswer }: { at: Date; isAnswer: boolean },
  ): Promise<SnapshotOutcome> {
    const said = { at, askedAt: isAnswer ? this.clock.now() : null };
    const known = await this.find(tx, snapshot.id);
    if (known !== null && known.endedAt !== null) return 'already';
    const outcome = outcomeOf(known, snapshot, at);
    if (outcome === 'written') await this.write(tx, userId, snapshot, { said, known });
    else if (known !== null && !isAnswer) await this.hear(tx, known, snapshot, said);
    return outcome;
  }

  /** Writes what Stripe answered just now. False when the row has moved on since it was read: ask again. */
  async overwrite(
    tx: Tx,
    snapshot: SubscriptionSnapshot,
    { revision, readAt }: StoredSubscription,
  ): Promise<boolean> {
    const known = await this.find(tx, snapshot.id);
    if (known === null || known.revision !== revision) return false;
    if (known.endedAt === null && known.snapshotAt !== null) {
      const said = { at: known.snapshotAt, askedAt: readAt };
      await this.write(tx, known.userId, snapshot, { said, known });
    }
    return true;
  }

  private async hear(
    tx: Tx,
    known: StoredSubscription,
    { status }: SubscriptionSnapshot,
    said: SaidWhen,
  ): Promise<void> {
    const { since, saidAt, otherwiseAt } = pastDueAfter(statusOf(known), { status, ...said }, false);
    await tx.query(
      `UPDATE billing.subscription SET past_due_since = $2, past_due_said_at = $3, otherwise_said_at = $4 WHERE id = $1`,
      [known.id, since, saidAt, otherwiseAt],
    );
  }

  private async write(
    tx: Tx,
    userId: string,
    snapshot: SubscriptionSnapshot,
    { said, known }: { said: SaidWhen; known: StoredSubscription | null },
  ): Promise<void> {
    const pastDue = pastDueAfter(known && statusOf(known), { status: snapshot.status, ...said }, true);
    const columns = {
      status: snapshot.status,
      price_id: snapshot.priceId,
      makes_paid: snapshot.makesPaid,
      current_period_start: snapshot.currentPeriodStart,
      current_period_end: snapshot.currentPeriodEnd,
      cancel_at: snapshot.cancelAt,
      cancel_at_period_end: snapshot.cancelAtPeriodEnd,
      collection_voided: snapshot.collectionVoided,
      ended_at: snapshot.endedAt,
      past_due_since: pastDue.since,
      past_due_said_at: pastDue.saidAt,
      otherwise_said_at: pastDue.otherwiseAt,
    };
    const names = Object.keys(columns);
    await tx.query(
      `INSERT INTO billing.subscription AS s (id, user_id, customer_id, snapshot_at, ${names.join(', ')})
       VALUES ($1, $2, $3, $4, ${names.map((_, n) => `$${n + 5}`).join(', ')})
       ON CONFLICT (id) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')},
         snapshot_at = GREATEST(s.snapshot_at, excluded.snapshot_at), revision = s.revision + 1`,
      [snapshot.id, userId, snapshot.customerId ?? '', said.at, ...Object.values(columns)],
    );
  }
}

/** Whether a subscription has begun and not ended. */
export function isLiving(own: StoredSubscription): boolean {
  return own.endedAt === null && (own.status !== 'incomplete' || own.paidUntil !== null);
}

/** Whether a living subscription will charge again; a planned end that is periods away does not keep it from that. */
export function goesOn(own: StoredSubscription): boolean {
  return !own.cancelAtPeriodEnd;
}

function outcomeOf(
  known: StoredSubscription | null,
  snapshot: SubscriptionSnapshot,
  at: Date,
): SnapshotOutcome {
  if (known === null || known.snapshotAt === null || snapshot.endedAt !== null) return 'written';
  if (at < known.snapshotAt) return 'stale';
  if (at > known.snapshotAt) return 'written';
  return sameAs(known, snapshot) ? 'already' : 'in_doubt';
}

function sameAs(known: StoredSubscription, snapshot: SubscriptionSnapshot): boolean {
  const same = (one: Date | null, other: Date | null) => one?.getTime() === other?.getTime();
  return (
    known.status === snapshot.status &&
    known.priceId === snapshot.priceId &&
    known.makesPaid === snapshot.makesPaid &&
    known.cancelAtPeriodEnd === snapshot.cancelAtPeriodEnd &&
    known.collectionVoided === snapshot.collectionVoided &&
    same(known.cancelAt, snapshot.cancelAt) &&
    same(known.currentPeriodStart, snapshot.currentPeriodStart) &&
    same(known.currentPeriodEnd, snapshot.currentPeriodEnd)
  );
}

function statusOf({ status, snapshotAt, pastDue }: StoredSubscription) {
  return { status, snapshotAt, ...pastDue };
}

function stored(row: Row, readAt: Date): StoredSubscription {
  return {
    id: row.id,
    userId: row.user_id,
    status: row.status,
    priceId: row.price_id,
    makesPaid: row.makes_paid,
    currentPeriodStart: row.current_period_start,
    currentPeriodEnd: row.current_period_end,
    cancelAt: row.cancel_at,
    cancelAtPeriodEnd: row.cancel_at_period_end,
    collectionVoided: row.collection_voided,
    endedAt: row.ended_at,
    paidUntil: row.paid_until,
    deferredUntil: row.deferred_until,
    pastDueSince: row.past_due_since ?? row.snapshot_at,
    pastDue: {
      since: row.past_due_since,
      saidAt: row.past_due_said_at,
      otherwiseAt: row.otherwise_said_at,
    },
    snapshotAt: row.snapshot_at,
    revision: row.revision,
    readAt,
  };
}
