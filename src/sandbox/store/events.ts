import type { PoolClient } from 'pg';
import type Stripe from 'stripe';
import { readPage, type Filter, type ListQuery, type Page } from './store.js';

/**
 * An event in short. *shape* `status`: of its latest delivery; `attempts` over all deliveries.
 * *unit* `created` seconds since 1970
 */
export interface EventSummary {
  id: string;
  type: string;
  created: number;
  status: string;
  attempts: number;
}

/** Keeps a new event. */
export async function insertEvent(client: PoolClient, event: { id: string; type: string }): Promise<void> {
  await client.query('INSERT INTO sandbox.event (id, type, data) VALUES ($1, $2, $3)', [
    event.id,
    event.type,
    JSON.stringify(event),
  ]);
}

const DELIVERED_SQL = `EXISTS (SELECT FROM sandbox.delivery WHERE event_id = event.id AND status = 'delivered')`;

/** The condition that the app has taken a delivery of the event, or that it has taken none. */
export function deliveryFilter(isDelivered: boolean): Filter {
  return { sql: isDelivered ? DELIVERED_SQL : `NOT ${DELIVERED_SQL}` };
}

/**
 * One page of events, newest first, with `pending_webhooks` as it is by now: 0 once the app, the
 * only endpoint, has taken one delivery.
 */
export async function listEvents(client: PoolClient, query: ListQuery): Promise<Page<Stripe.Event>> {
  const { data, hasMore } = await readPage<Stripe.Event>(client, 'sandbox.event', query);
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM sandbox.event WHERE id = ANY($1) AND ${DELIVERED_SQL}`,
    [data.map(({ id }) => id)],
  );
  const delivered = new Set(rows.map(({ id }) => id));
  return {
    data: data.map((event) => ({ ...event, pending_webhooks: delivered.has(event.id) ? 0 : 1 })),
    hasMore,
  };
}

/** The newest events in short, and how many there are in all. */
export async function summarizeEvents(
  client: PoolClient,
  limit: number,
): Promise<{ rows: EventSummary[]; total: number }> {
  const { rows } = await client.query<EventSummary>(
    `SELECT e.id, e.type, (e.data->>'created')::int AS created, d.status, d.attempts
       FROM (SELECT * FROM sandbox.event ORDER BY seq DESC LIMIT $1) e
       CROSS JOIN LATERAL (
         SELECT (array_agg(status ORDER BY id DESC))[1] AS status, sum(json_array_length(attempts))::int AS attempts
           FROM sandbox.delivery WHERE event_id = e.id) d
      ORDER BY e.seq DESC`,
    [limit],
  );
  const counted = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM sandbox.event');
  return { rows, total: counted.rows[0]?.n ?? 0 };
}
