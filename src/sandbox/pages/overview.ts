import type { PoolClient } from 'pg';
import type { ResourceType, Resources } from '../store/store.js';
import { readFaults, type Faults } from '../webhooks/faults.js';
import { countUndelivered } from '../webhooks/deliveries.js';
import type { UnitOfWork } from '../unit-of-work.js';

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
  invoices: Latest<Resources['invoice']>;
  events: Latest<EventSummary>;
  emails: Emails;
  /** What came of the payments and invoices that are shown. */
  refunds: Resources['refund'][];
  disputes: Resources['dispute'][];
  warnings: Resources['radar.early_fraud_warning'][];
  creditNotes: Resources['credit_note'][];
  faults: Faults;
  undelivered: number;
}

/** Reads what the overview shows: the newest of everything. */
export async function readOverview(unitOfWork: UnitOfWork): Promise<Overview> {
  const lists = {
    customers: await listLatest(unitOfWork, 'customer'),
    subscriptions: await listLatest(unitOfWork, 'subscription'),
    charges: await listLatest(unitOfWork, 'charge'),
    invoices: await listLatest(unitOfWork, 'invoice'),
    events: await listLatestEvents(unitOfWork.client),
  };
  const charges = lists.charges.rows.map(({ id }) => id);
  const invoices = lists.invoices.rows.map(({ id }) => id);
  const subscriptions = lists.subscriptions.rows.map(({ id }) => id);
  return {
    ...lists,
    refunds: await listRelated(unitOfWork, 'refund', 'charge', charges),
    disputes: await listRelated(unitOfWork, 'dispute', 'charge', charges),
    warnings: await listRelated(unitOfWork, 'radar.early_fraud_warning', 'charge', charges),
    creditNotes: await listRelated(unitOfWork, 'credit_note', 'invoice', invoices),
    emails: await loadEmails(unitOfWork.client, [...subscriptions, ...charges]),
    faults: await readFaults(unitOfWork.client),
    undelivered: await countUndelivered(unitOfWork.client),
  };
}

/** What belongs to some payments or invoices, the latest 100 of it. */
async function listRelated<K extends ResourceType>(
  { store }: UnitOfWork,
  type: K,
  of: 'charge' | 'invoice',
  ids: string[],
): Promise<Resources[K][]> {
  const filters = [{ sql: `data->>'${of}' = ANY($)`, value: ids }];
  return (await store.list(type, { filters, limit: 100 })).data;
}

async function listLatest<K extends ResourceType>(
  { store }: UnitOfWork,
  type: K,
): Promise<Latest<Resources[K]>> {
  const { data: rows } = await store.list(type, { filters: [], limit: SHOWN });
  return { rows, total: await store.count(type) };
}

async function listLatestEvents(client: PoolClient): Promise<Latest<EventSummary>> {
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

async function loadEmails(client: PoolClient, ids: string[]): Promise<Emails> {
  const { rows } = await client.query<{ id: string; email: string }>(
    `SELECT o.id, c.data->>'email' AS email
       FROM sandbox.object o JOIN sandbox.object c ON c.id = o.data->>'customer'
      WHERE o.id = ANY($1) AND c.data->>'email' IS NOT NULL`,
    [ids],
  );
  return new Map(rows.map(({ id, email }) => [id, email]));
}
