import type { PoolClient } from 'pg';
import type { ResourceType, Resources } from '../store/resources.js';
import type { Work } from '../work.js';

const SHOWN = 25;

/** The newest rows of a kind, and how many there are in all. */
export interface Latest<T> {
  rows: T[];
  total: number;
}

/** An event in short. *shape* `status`: of its latest delivery; `attempts` over all deliveries. *unit* `created` seconds since 1970 */
export interface EventSummary {
  id: string;
  type: string;
  created: number;
  status: string;
  attempts: number;
}

/** Everything that the overview shows. */
export interface Overview {
  customers: Latest<Resources['customer']>;
  subscriptions: Latest<Resources['subscription']>;
  charges: Latest<Resources['charge']>;
  disputes: Latest<Resources['dispute']>;
  events: Latest<EventSummary>;
}

/** Reads what the overview shows: the newest of everything. */
export async function readOverview(work: Work): Promise<Overview> {
  return {
    customers: await latest(work, 'customer'),
    subscriptions: await latest(work, 'subscription'),
    charges: await latest(work, 'charge'),
    disputes: await latest(work, 'dispute'),
    events: await latestEvents(work.client),
  };
}

async function latest<K extends ResourceType>({ store }: Work, type: K): Promise<Latest<Resources[K]>> {
  const { data: rows } = await store.list(type, { filters: [], limit: SHOWN });
  return { rows, total: await store.count(type) };
}

async function latestEvents(client: PoolClient): Promise<Latest<EventSummary>> {
  const { rows } = await client.query<EventSummary>(
    `SELECT e.id, e.type, (e.data->>'created')::int AS created, d.status, d.attempts
       FROM (SELECT * FROM sandbox.event ORDER BY seq DESC LIMIT $1) e
       CROSS JOIN LATERAL (
         SELECT (array_agg(status ORDER BY id DESC))[1] AS status, sum(json_array_length(attempts))::int AS attempts
           FROM sandbox.delivery WHERE event_id = e.id) d
      ORDER BY e.seq DESC`,
    [SHOWN],
  );
  const counted = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM sandbox.event');
  return { rows, total: counted.rows[0]?.n ?? 0 };
}
