import type Stripe from 'stripe';
import { deliveryFilter, listEvents } from '../../store/events.js';
import type { Filter } from '../../store/store.js';
import { type ApiCall, type Endpoint, listEnvelope, readPageQuery, timeRangeFilters } from '../endpoint.js';
import { notFoundError } from '../errors.js';
import type { Params } from '../params.js';

/** Events: everything that happened, whether or not the app could be notified. */
export const events: Endpoint[] = [
  { method: 'GET', path: '/v1/events', handle: listByFilters },
  { method: 'GET', path: '/v1/events/:id', handle: retrieveEvent },
];

async function listByFilters({ params, unitOfWork }: ApiCall) {
  const query = readPageQuery(params, [
    ...typeFilters(params),
    ...deliveryFilters(params),
    ...timeRangeFilters(params),
  ]);
  return listEnvelope(await listEvents(unitOfWork.client, query), '/v1/events');
}

async function retrieveEvent({ unitOfWork, id }: ApiCall): Promise<Stripe.Event> {
  const filters = [{ sql: 'id = $', value: id }];
  const [event] = (await listEvents(unitOfWork.client, { filters, limit: 1 })).data;
  if (event === undefined) throw notFoundError('event', id);
  return event;
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
  return success === undefined ? [] : [deliveryFilter(success)];
}
