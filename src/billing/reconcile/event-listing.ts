import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { eventTypeGroups } from '../events/event-types.js';
import { STRIPE } from '../stripe-client.js';
import { pageSize, wholeList } from '../stripe-lists.js';

/** A span of whole Unix seconds; `until` is no longer in it. */
interface Span {
  from: number;
  until: number;
}

/** Events in the order in which they happened, and the second before which there are no others. */
export interface EventPage {
  events: Stripe.Event[];
  until: number;
}

/** Stripe's own list of events, of the types that we use. It keeps them for 30 days. */
@Injectable()
export class EventListing {
  constructor(@Inject(STRIPE) private readonly stripe: Stripe) {}

  /**
   * The events of a span, oldest first. Stripe lists the newest first, so a span that does not fit on a page is halved
   * until it does: however many there are, a page is all that is held in memory. Errors: Stripe's.
   */
  async *pages({ from, until }: Span): AsyncGenerator<EventPage> {
    if (from >= until) return;
    const lists = await Promise.all(
      this.questions({ from, until }).map((ask) => this.stripe.events.list(ask)),
    );
    if (!lists.some((list) => list.has_more)) {
      yield { events: inOrder(lists.flatMap((list) => list.data)), until };
    } else if (until - from > 1) {
      const middle = Math.floor((from + until) / 2);
      yield* this.pages({ from, until: middle });
      yield* this.pages({ from: middle, until });
    } else yield { events: await this.allOfOneSecond(from), until };
  }

  private async allOfOneSecond(second: number): Promise<Stripe.Event[]> {
    const lists = this.questions({ from: second, until: second + 1 }).map((ask) =>
      wholeList(this.stripe.events.list(ask)),
    );
    return inOrder((await Promise.all(lists)).flat());
  }

  private questions({ from, until }: Span): Stripe.EventListParams[] {
    return eventTypeGroups.map((types) => ({ types, created: { gte: from, lt: until }, limit: pageSize }));
  }
}

/** Those of one second keep Stripe's order, turned round. */
function inOrder(newestFirst: Stripe.Event[]): Stripe.Event[] {
  return newestFirst.toReversed().sort((one, other) => one.created - other.created);
}
