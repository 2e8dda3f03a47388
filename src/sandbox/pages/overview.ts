import { summarizeEvents, type EventSummary } from '../store/events.js';
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

/** The email of the customer behind a row, by the row's id; absent where they have none. */
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
    events: await summarizeEvents(unitOfWork.client, SHOWN),
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
    emails: await unitOfWork.store.customerEmails([...subscriptions, ...charges]),
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
