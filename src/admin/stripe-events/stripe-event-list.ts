import { inboxList, type InboxQueries, type StripeEventDto } from '../../billing/index.js';
import type { ListSource } from '../lists/list-view.js';

/** The list of Stripe's events. */
export function stripeEventList(inbox: InboxQueries): ListSource<StripeEventDto> {
  return {
    ...{ name: 'events', definition: inboxList },
    list: (request, limit) => inbox.listPage(request, limit),
    count: (request, max) => inbox.count(request, max),
  };
}
