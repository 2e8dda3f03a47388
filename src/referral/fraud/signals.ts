import type { Secrets } from '../../platform/secrets.js';
import { send } from '../../platform/database/sent.js';
import type { Tx } from '../../platform/database/tx.js';

/** What people may share: a mailbox behind several spellings, a customer or a card at Stripe, a network, a device. */
export type SignalKind = 'mailbox' | 'customer' | 'card' | 'network' | 'device';

/** One thing that is known of somebody, as a keyed hash. */
export interface Signal {
  kind: SignalKind;
  hash: Buffer;
}

/** What an e-mail domain is known as. `unjudged`: it could not be looked up, so somebody has to look. */
export type DomainClass = 'familiar' | 'unfamiliar' | 'disposable' | 'unjudged';

/** One thing as it is kept: under every key in use, so that a new key does not blind the rules to what they know. */
export function signalsOf(secrets: Secrets, kind: SignalKind, value: string): Signal[] {
  return secrets.hashes('signal', `${kind}:${value}`).map((hash) => ({ kind, hash }));
}

/** Somebody with what is known of them. */
export interface Known {
  userId: string;
  signals: readonly Signal[];
}

/**
 * Notes what is known of people. Who notes the same thing of somebody else at the same time waits, so that the later one
 * sees the earlier; all locks are taken at once and in one order. Again: nothing is written.
 */
export function noteSignals(tx: Tx, people: readonly Known[], at: Date): void {
  const rows = rowsOf(people);
  if (rows.length === 0) return;
  const kinds = rows.map(({ kind }) => kind);
  const hashes = rows.map(({ hash }) => hash);
  send(
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
 * locked, so somebody who signs up at the same moment may not see it.
 */
export function recordSignals(tx: Tx, people: readonly Known[], at: Date): void {
  write(tx, rowsOf(people), at);
}

type SignalRow = Signal & { userId: string };

function rowsOf(people: readonly Known[]): SignalRow[] {
  return people.flatMap(({ userId, signals }) => signals.map((signal) => ({ userId, ...signal })));
}

function write(tx: Tx, rows: readonly SignalRow[], at: Date): void {
  send(
    tx,
    `INSERT INTO referral.signal (user_id, kind, hash, seen_at)
     SELECT user_id, kind, hash, $4 FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS u(user_id, kind, hash)
     ON CONFLICT DO NOTHING`,
    [rows.map(({ userId }) => userId), rows.map(({ kind }) => kind), rows.map(({ hash }) => hash), at],
  );
}
