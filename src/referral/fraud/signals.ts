import type { Secrets } from '../../platform/security/secrets.js';
import { enqueueWrite, type Tx, type Queryable } from '../../platform/database/tx.js';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { SignalKind } from './signal.entity.js';

/** One thing that is known of a person, as a keyed hash. */
export interface Signal {
  kind: SignalKind;
  hash: Buffer;
}

/** One thing as it is kept: under every key in use, so that a new key does not blind the rules to what they know. */
export function hashSignals(secrets: Secrets, kind: SignalKind, value: string): Signal[] {
  return secrets.hashes('signal', `${kind}:${value}`).map((hash) => ({ kind, hash }));
}

/** A person with what is known of them. */
export interface UserSignals {
  userId: string;
  signals: readonly Signal[];
}

/**
 * Notes what is known of people. Who notes the same thing of another person at the same time waits, so that the later one
 * sees the earlier; all locks are taken at once and in one order. Idempotent: nothing is written.
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
 * Records what is known of people who were made in this transaction, in one statement for any number of them. Nothing is
 * locked, so a person who signs up at the same moment may not see it.
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

/** How much is kept for good as a keyed hash: erased people who were rewarded, codes that erased people had chosen, and what people may share. */
export async function countKeyedHashes(db: Queryable): Promise<{ tombstones: number; signals: number }> {
  const [row] = await db.query<{ tombstones: number; signals: number }>(
    `SELECT ((SELECT count(*) FROM referral.tombstone) + (SELECT count(*) FROM referral.erased_code))::int AS tombstones, (SELECT count(*) FROM referral.signal)::int AS signals`,
  );
  return row ?? { tombstones: 0, signals: 0 };
}

const retentionDays = 400;

/** Forgets what people shared only by circumstance. */
@Injectable()
export class SignalRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes networks and devices of sign-ups after 400 days: both pass from hand to hand, so that they say little by then.
   * Mailboxes, customers and cards stay, since a reward is given once, however long ago.
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
