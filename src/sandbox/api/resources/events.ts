import type Stripe from 'stripe';
import { readPage, type Filter } from '../../store/store.js';
import type { UnitOfWork } from '../../unit-of-work.js';
import { type ApiCall, type Endpoint, listEnvelope, readPageQuery, timeRangeFilters } from '../endpoint.js';
import { notFoundError } from '../errors.js';
import type { Params } from '../params.js';

const DELIVERED_SQL = `EXISTS (SELECT FROM sandbox.delivery WHERE event_id = event.id AND status = 'delivered')`;

/** Events: everything that happened, whether or not the app could be notified. */
export const events: Endpoint[] = [
  { method: 'GET', path: '/v1/events', handle: listEvents },
  { method: 'GET', path: '/v1/events/:id', handle: retrieveEvent },
];

async function listEvents({ params, unitOfWork }: ApiCall) {
  const query = readPageQuery(params, [
    ...typeFilters(params),
    ...deliveryFilters(params),
    ...timeRangeFilters(params),
  ]);
  const { data, hasMore } = await readPage<Stripe.Event>(unitOfWork.client, 'sandbox.event', query);
  return listEnvelope({ data: await withPendingWebhooks(unitOfWork, data), hasMore }, '/v1/events');
}

async function retrieveEvent({ unitOfWork, id }: ApiCall): Promise<Stripe.Event> {
  const page = await readPage<Stripe.Event>(unitOfWork.client, 'sandbox.event', {
    filters: [{ sql: 'id = $', value: id }],
    limit: 1,
  });
  const [event] = await withPendingWebhooks(unitOfWork, page.data);
  if (event === undefined) throw notFoundError('event', id);
  return event;
}

/** The events with `pending_webhooks` as it is by now: 0 once the app, the only endpoint, has taken one delivery. */
async function withPendingWebhooks({ client }: UnitOfWork, events: Stripe.Event[]): Promise<Stripe.Event[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM sandbox.event WHERE id = ANY($1) AND ${DELIVERED_SQL}`,
    [events.map(({ id }) => id)],
  );
  const arrived = new Set(rows.map(({ id }) => id));
  return events.map((event) => ({ ...event, pending_webhooks: arrived.has(event.id) ? 0 : 1 }));
}

function typeFilters(params: Params): Filter[] {
  const type = params.text('type');
  const types = params.textList('types');
  return [
    ...(type === undefined
      ? []
      : [{ sql: `type LIKE $`, value: type.replaceAll('_', '\\_').replaceAll('*', '%') }]),
    ...(types.length === 0 ? [] : [{ sql: 'type = ANY($)', value: types }]),
  ];
}

function deliveryFilters(params: Params): Filter[] {
  const success = params.flag('delivery_success');
  if (success === undefined) return [];
  return [{ sql: success ? DELIVERED_SQL : `NOT ${DELIVERED_SQL}` }];
}
