import {
  deliveryList,
  type DeliveriesRepository,
  type ListedDelivery,
} from '../../outgoing-webhooks/index.js';
import type { ListSource } from '../lists/list-view.js';

/** The list of deliveries to an endpoint, or to all. */
export function deliverySource(
  deliveries: DeliveriesRepository,
  endpointId: string | null,
): ListSource<ListedDelivery> {
  const page = `/admin/webhooks/${endpointId}`;
  return {
    ...{ name: 'deliveries', definition: deliveryList },
    ...(endpointId === null
      ? {}
      : { place: { page, file: `${page}/deliveries.csv` }, about: { endpointId } }),
    list: (request, limit) => deliveries.listPage(endpointId, request, limit),
    count: (request, max) => deliveries.count(endpointId, request, max),
  };
}
