import type { PoolClient } from 'pg';
import type { SandboxDatabase } from '../store/store.js';
import { notFoundError } from '../api/errors.js';

/**
 * How long to wait after the first, second, … failed attempt; after the last, a delivery is given
 * up.
 */
const RETRY_SECONDS = [1, 2, 4, 8, 15, 30, 60, 120, 240, 480];
/**
 * How long a claim keeps others away; longer than a request may take, so that only a killed process
 * leaves one behind.
 */
const CLAIM_MS = 20_000;

/** An event as it is sent. */
export interface SentEvent {
  id: string;
  type: string;
}

/**
 * One try. *shape* `status` null: no answer, `error` says why. *unit* milliseconds since 1970, and
 * taken.
 */
export interface Attempt {
  atMs: number;
  tookMs: number;
  status: number | null;
  error: string | null;
}

/** A delivery that this process is to make now. */
export interface ClaimedDelivery {
  id: string;
  attempts: Attempt[];
  event: SentEvent;
}

/**
 * Takes up to `limit` deliveries that are due, in random order: the app must not come to rely on
 * one.
 */
export async function claimDue(database: SandboxDatabase, limit: number): Promise<ClaimedDelivery[]> {
  const now = Date.now();
  const { rows } = await database.query<ClaimedDelivery>(
    `UPDATE sandbox.delivery d SET due_at_ms = $1
       FROM sandbox.event e
      WHERE e.id = d.event_id AND d.id IN (
        SELECT id FROM sandbox.delivery WHERE status = 'pending' AND due_at_ms <= $2
         ORDER BY random() LIMIT $3 FOR UPDATE SKIP LOCKED)
      RETURNING d.id, d.attempts, e.data AS event`,
    [now + CLAIM_MS, now, limit],
  );
  return rows;
}

/**
 * Notes how an attempt went. Returns the wait until the next one in milliseconds, or null when
 * there is none.
 */
export async function recordAttempt(
  database: SandboxDatabase,
  claimedDelivery: ClaimedDelivery,
  attempt: Attempt,
): Promise<number | null> {
  const isDelivered = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
  const wait = isDelivered ? undefined : RETRY_SECONDS[claimedDelivery.attempts.length];
  const status = isDelivered ? 'delivered' : wait === undefined ? 'failed' : 'pending';
  await database.query(
    'UPDATE sandbox.delivery SET status = $2, due_at_ms = $3, attempts = $4 WHERE id = $1',
    [
      claimedDelivery.id,
      status,
      Date.now() + (wait ?? 0) * 1_000,
      JSON.stringify([...claimedDelivery.attempts, attempt]),
    ],
  );
  return wait === undefined ? null : wait * 1_000;
}

/** When the next delivery falls due, in milliseconds since 1970; null when none waits. */
export async function nextDueAtMs(database: SandboxDatabase): Promise<number | null> {
  const { rows } = await database.query<{ due: string | null }>(
    `SELECT min(due_at_ms) AS due FROM sandbox.delivery WHERE status = 'pending'`,
  );
  const due = rows[0]?.due ?? null;
  return due === null ? null : Number(due);
}

/**
 * An event with every delivery of it, the first one first. *errors* 404 when there is no such event
 */
export async function eventWithDeliveries(client: PoolClient, eventId: string) {
  const events = await client.query<{ data: SentEvent }>('SELECT data FROM sandbox.event WHERE id = $1', [
    eventId,
  ]);
  const [event] = events.rows;
  if (event === undefined) throw notFoundError('event', eventId);
  const { rows: deliveries } = await client.query<{ id: string; status: string; attempts: Attempt[] }>(
    'SELECT id, status, attempts FROM sandbox.delivery WHERE event_id = $1 ORDER BY id',
    [eventId],
  );
  return { event: event.data, deliveries };
}

/**
 * Lets an event be delivered once more, whether or not it has arrived. *errors* 404 when there is
 * no such event
 */
export async function redeliver(client: PoolClient, eventId: string): Promise<void> {
  const { rowCount } = await client.query(
    'INSERT INTO sandbox.delivery (event_id, due_at_ms) SELECT id, $2 FROM sandbox.event WHERE id = $1',
    [eventId, Date.now()],
  );
  if (rowCount === 0) throw notFoundError('event', eventId);
}

/** The events that never arrived and do not wait to be sent any more. */
const UNDELIVERED_SQL = `FROM sandbox.event e
      WHERE NOT EXISTS (SELECT FROM sandbox.delivery d
                         WHERE d.event_id = e.id AND d.status IN ('pending', 'delivered'))`;

/**
 * Lets every event that never arrived and does not wait any more be delivered once more. Returns
 * how many those were.
 */
export async function redeliverUndelivered(client: PoolClient): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO sandbox.delivery (event_id, due_at_ms) SELECT e.id, $1 ${UNDELIVERED_SQL}`,
    [Date.now()],
  );
  return rowCount ?? 0;
}

/** How many events never arrived and do not wait any more. */
export async function countUndelivered(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n ${UNDELIVERED_SQL}`);
  return rows[0]?.n ?? 0;
}

/** How many deliveries wait, have arrived, were given up and were dropped. */
export async function countDeliveries(client: PoolClient): Promise<Record<string, number>> {
  const { rows } = await client.query<{ status: string; n: number }>(
    'SELECT status, count(*)::int AS n FROM sandbox.delivery GROUP BY status',
  );
  const counts = { pending: 0, delivered: 0, failed: 0, dropped: 0 };
  return { ...counts, ...Object.fromEntries(rows.map(({ status, n }) => [status, n])) };
}
