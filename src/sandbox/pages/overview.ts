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

/** The e-mail of the customer behind a row, by the row's id; absent where he has none. */
export type Emails = ReadonlyMap<string, string>;

/** Everything that the overview shows. */
export interface Overview {
  customers: Latest<Resources['customer']>;
  subscriptions: Latest<Resources['subscription']>;
  charges: Latest<Resources['charge']>;
  disputes: Latest<Resources['dispute']>;
  events: Latest<EventSummary>;
  emails: Emails;
}

/** Reads what the overview shows: the newest of everything. */
export async function readOverview(work: Work): Promise<Overview> {
  const lists = {
    customers: await latest(work, 'customer'),
    subscriptions: await latest(work, 'subscription'),
    charges: await latest(work, 'charge'),
    disputes: await latest(work, 'dispute'),
    events: await latestEvents(work.client),
  };
  const { subscriptions, charges, disputes } = lists;
  const ids = [...subscriptions.rows, ...charges.rows, ...disputes.rows].map(({ id }) => id);
  return { ...lists, emails: await emailsBehind(work.client, ids) };
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

/** A dispute names its charge only, and that its customer. */
async function emailsBehind(client: PoolClient, ids: string[]): Promise<Emails> {
  const { rows } = await client.query<{ id: string; email: string }>(
    `SELECT o.id, c.data->>'email' AS email
       FROM sandbox.object o
       LEFT JOIN sandbox.object charge ON charge.id = o.data->>'charge'
       JOIN sandbox.object c ON c.id = coalesce(o.data->>'customer', charge.data->>'customer')
      WHERE o.id = ANY($1) AND c.data->>'email' IS NOT NULL`,
    [ids],
  );
  return new Map(rows.map(({ id, email }) => [id, email]));
}
