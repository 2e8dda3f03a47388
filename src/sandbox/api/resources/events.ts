import type Stripe from 'stripe';
import { pageOf, type Filter } from '../../store/page.js';
import type { Work } from '../../work.js';
import type { Call, Endpoint } from '../endpoint.js';
import { noSuch } from '../errors.js';
import { envelope, pageQuery, within } from '../listing.js';
import type { Params } from '../params.js';

const ARRIVED = `EXISTS (SELECT FROM sandbox.delivery WHERE event_id = event.id AND status = 'delivered')`;

/** Events: everything that happened, whether or not the app could be told. */
export const events: Endpoint[] = [
  { method: 'GET', path: '/v1/events', answer: listEvents },
  { method: 'GET', path: '/v1/events/:id', answer: retrieveEvent },
];

async function listEvents({ params, work }: Call) {
  const query = pageQuery(params, [...ofTypes(params), ...delivered(params), ...within(params)]);
  const { data, hasMore } = await pageOf<Stripe.Event>(work.client, 'sandbox.event', query);
  return envelope({ data: await asDelivered(work, data), hasMore }, '/v1/events');
}

async function retrieveEvent({ work, id }: Call): Promise<Stripe.Event> {
  const page = await pageOf<Stripe.Event>(work.client, 'sandbox.event', {
    filters: [{ sql: 'id = $', value: id }],
    limit: 1,
  });
  const [event] = await asDelivered(work, page.data);
  if (event === undefined) throw noSuch('event', id);
  return event;
}

/** The events with `pending_webhooks` as it is by now: 0 once the app, the only endpoint, has taken one delivery. */
async function asDelivered({ client }: Work, events: Stripe.Event[]): Promise<Stripe.Event[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM sandbox.event WHERE id = ANY($1) AND ${ARRIVED}`,
    [events.map(({ id }) => id)],
  );
  const arrived = new Set(rows.map(({ id }) => id));
  return events.map((event) => ({ ...event, pending_webhooks: arrived.has(event.id) ? 0 : 1 }));
}

function ofTypes(params: Params): Filter[] {
  const type = params.text('type');
  const types = params.texts('types');
  return [
    ...(type === undefined
      ? []
      : [{ sql: `type LIKE $`, value: type.replaceAll('_', '\\_').replaceAll('*', '%') }]),
    ...(types.length === 0 ? [] : [{ sql: 'type = ANY($)', value: types }]),
  ];
}

function delivered(params: Params): Filter[] {
  const success = params.flag('delivery_success');
  if (success === undefined) return [];
  return [{ sql: success ? ARRIVED : `NOT ${ARRIVED}` }];
}
