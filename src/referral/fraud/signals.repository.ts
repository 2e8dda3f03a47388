import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import { enqueueWrite, type Queryable, type Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { allAccountsSql } from '../../platform/merged-accounts.js';
import type { SignalKind } from './signal.entity.js';
import type { Signal, UserSignals } from './signals.js';

/**
 * Stores signals of people. A transaction that stores the same signal for another person waits, so
 * that the later one sees the earlier; all locks are taken at once and in one order. Idempotent:
 * nothing is written.
 */
export function saveSignals(tx: Tx, users: readonly UserSignals[], at: Date): void {
  const rows = rowsOf(users);
  if (rows.length === 0) return;
  const kinds = rows.map(({ kind }) => kind);
  const hashes = rows.map(({ hash }) => hash);
  enqueueWrite(
    tx,
    `SELECT pg_advisory_xact_lock(hashtextextended(s.key, 14)) FROM (
       SELECT DISTINCT kind || encode(hash, 'hex') AS key FROM unnest($1::text[], $2::bytea[]) AS u(kind, hash)
       WHERE kind IN ('mailbox', 'customer', 'card') ORDER BY 1) s`,
    [kinds, hashes],
  );
  write(tx, rows, at);
}

/**
 * Stores signals of users who were created in this transaction, in one statement. Nothing is
 * locked, so a user who signs up at the same moment may not see them.
 */
export function recordSignals(tx: Tx, people: readonly UserSignals[], at: Date): void {
  write(tx, rowsOf(people), at);
}

type SignalRow = Signal & { userId: string };

function rowsOf(people: readonly UserSignals[]): SignalRow[] {
  return people.flatMap(({ userId, signals }) => signals.map((signal) => ({ userId, ...signal })));
}

function write(tx: Tx, rows: readonly SignalRow[], at: Date): void {
  enqueueWrite(
    tx,
    `INSERT INTO referral.signal (user_id, kind, hash, seen_at)
     SELECT user_id, kind, hash, $4 FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS u(user_id, kind, hash)
     ON CONFLICT DO NOTHING`,
    [rows.map(({ userId }) => userId), rows.map(({ kind }) => kind), rows.map(({ hash }) => hash), at],
  );
}

/**
 * How much is kept for good as a keyed hash: erased people who were rewarded, codes that erased
 * people had chosen, and what people may share.
 */
export async function countKeyedHashes(db: Queryable): Promise<{ tombstones: number; signals: number }> {
  const [row] = await db.query<{ tombstones: number; signals: number }>(
    `SELECT ((SELECT count(*) FROM referral.tombstone) + (SELECT count(*) FROM referral.erased_code))::int AS tombstones, (SELECT count(*) FROM referral.signal)::int AS signals`,
  );
  return row ?? { tombstones: 0, signals: 0 };
}

/** A referral that a shared mailbox concerns. */
export interface AffectedReferral {
  id: string;
  referrer_id: string | null;
  referred_id: string;
}

/** Of many people behind one signal only the newest are named. */
const maxSharing = 20;

/** A person who shares a kind of signal with another one. */
export interface SharingPerson {
  userId: string;
  kind: SignalKind;
}

/** The signals of people, and who shares them. */
@Injectable()
export class SignalsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Who shares signals with a person, the newest of each signal, each person once for each kind; at
   * most `limit`. Merged accounts are one person.
   */
  findSharing(db: Queryable, userId: string, limit: number): Promise<SharingPerson[]> {
    return db.query<SharingPerson>(
      `WITH own AS (
         SELECT s.kind, s.hash FROM referral.signal s WHERE s.user_id = ANY (${allAccountsSql('$1::uuid')})
       )
       SELECT DISTINCT own.kind, platform.current_account_of(o.user_id) AS "userId" FROM own CROSS JOIN LATERAL (
         SELECT s.user_id FROM referral.signal s WHERE s.kind = own.kind AND s.hash = own.hash
         ORDER BY s.seen_at DESC LIMIT ${maxSharing}) o
       WHERE NOT o.user_id = ANY (${allAccountsSql('$1::uuid')})
       ORDER BY own.kind, 2 LIMIT $2`,
      [userId, limit],
    );
  }

  /** Whether this mailbox is recorded for `userId`, under whichever key. */
  async hasMailbox(db: Queryable, userId: string, mailbox: readonly Signal[]): Promise<boolean> {
    const rows = await db.query(
      `SELECT 1 FROM referral.signal WHERE user_id = $1 AND kind = 'mailbox' AND hash = ANY($2) LIMIT 1`,
      [userId, mailbox.map(({ hash }) => hash)],
    );
    return rows.length > 0;
  }

  /**
   * Locks, sorted, the referral that `userId` came with and those of friends who share one of the
   * mailboxes. Merged accounts are one person, on either side.
   */
  lockReferralsSharing(tx: Tx, userId: string, mailboxes: readonly Signal[]): Promise<AffectedReferral[]> {
    return tx.query(
      `WITH own AS (SELECT unnest(platform.all_accounts_of(platform.current_account_of($1))) AS id),
       sharing AS (SELECT unnest(platform.all_accounts_of(platform.current_account_of(s.user_id))) AS id
                   FROM referral.signal s WHERE s.kind = 'mailbox' AND s.hash = ANY($2))
       SELECT r.id, r.referrer_id, r.referred_id FROM referral.referral r
       WHERE r.referred_id IN (SELECT id FROM own)
         OR (r.referrer_id IN (SELECT id FROM own) AND r.referred_id IN (SELECT id FROM sharing))
       ORDER BY r.id FOR NO KEY UPDATE OF r`,
      [userId, mailboxes.map(({ hash }) => hash)],
    );
  }

  /**
   * Deletes the signals of an erased account; mailbox, customer and card stay for a person who was
   * invited or rewarded.
   */
  async erase(tx: Tx, userId: string, wasRewarded: boolean): Promise<void> {
    // the keyed hashes of mailbox, customer and card stay: by them a new user is distinguished from
    // a person who comes again
    await tx.query(
      `DELETE FROM referral.signal WHERE user_id = $1 AND (kind IN ('network', 'device')
         OR NOT ($2 OR EXISTS (SELECT 1 FROM referral.referral WHERE referred_id = $1)))`,
      [userId, wasRewarded],
    );
  }

  /** What an account is known by, as its owner may see it. */
  exportUser(userId: string): Promise<unknown[]> {
    return this.database.query(
      `SELECT kind, seen_at AS "seenAt" FROM referral.signal WHERE user_id = $1 ORDER BY kind, seen_at`,
      [userId],
    );
  }
}

const retentionDays = 400;

/** Deletes circumstantial signals after a time. */
@Injectable()
export class SignalRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes networks and devices of sign-ups after 400 days: both change owners, so that they mean
   * little by then. Mailboxes, customers and cards stay, since a reward is given once, however long
   * ago.
   */
  async prune(): Promise<void> {
    await deleteInBatches(
      this.database,
      'referral.signal',
      `seen_at <= $1 AND kind IN ('network', 'device')`,
      [addMs(this.clock.now(), -retentionDays * dayMs)],
    );
  }
}
