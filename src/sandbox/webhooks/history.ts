import type { PoolClient } from 'pg';
import { noSuch } from '../api/errors.js';
import type { Attempt, SentEvent } from './deliveries.js';

/** An event with every delivery of it, the first one first. *errors* 404 when there is no such event */
export async function eventWithDeliveries(client: PoolClient, eventId: string) {
  const events = await client.query<{ data: SentEvent }>('SELECT data FROM sandbox.event WHERE id = $1', [
    eventId,
  ]);
  const [event] = events.rows;
  if (event === undefined) throw noSuch('event', eventId);
  const { rows: deliveries } = await client.query<{ id: string; status: string; attempts: Attempt[] }>(
    'SELECT id, status, attempts FROM sandbox.delivery WHERE event_id = $1 ORDER BY id',
    [eventId],
  );
  return { event: event.data, deliveries };
}

/** Lets an event be delivered once more, whether or not it has arrived. *errors* 404 when there is no such event */
export async function deliverAgain(client: PoolClient, eventId: string): Promise<void> {
  const { rowCount } = await client.query(
    'INSERT INTO sandbox.delivery (event_id, due_at_ms) SELECT id, $2 FROM sandbox.event WHERE id = $1',
    [eventId, Date.now()],
  );
  if (rowCount === 0) throw noSuch('event', eventId);
}

/** The events that never arrived and do not wait to be sent any more. */
const UNDELIVERED = `FROM sandbox.event e
      WHERE NOT EXISTS (SELECT FROM sandbox.delivery d
                         WHERE d.event_id = e.id AND d.status IN ('pending', 'delivered'))`;

/** Lets every event that never arrived and does not wait any more be delivered once more. Returns how many those were. */
export async function deliverUndelivered(client: PoolClient): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO sandbox.delivery (event_id, due_at_ms) SELECT e.id, $1 ${UNDELIVERED}`,
    [Date.now()],
  );
  return rowCount ?? 0;
}

/** How many events never arrived and do not wait any more. */
export async function countUndelivered(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n ${UNDELIVERED}`);
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
