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
