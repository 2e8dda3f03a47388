import { Injectable, Inject } from '@nestjs/common';
import Stripe from 'stripe';
import { dayMs, minuteMs } from '../../platform/durations.js';
import { STRIPE } from '../stripe/stripe-client.js';
import { pageSize, fetchWholeList } from '../stripe/stripe-objects.js';
import { handledEventTypeGroups } from '../webhooks/stripe-event-types.js';
import { parseEvent } from '../webhooks/stripe-signatures.js';
import { WebhookProcessor } from '../webhooks/webhook-processor.js';
import {
  type ReconciliationRun,
  type ReconciliationResult,
  type ReconciliationOptions,
  ReconciliationRuns,
} from './reconciliation-run.js';
import { ReconciliationRepository } from './reconciliation.repository.js';

/**
 * Stripe keeps events for 30 days. One may be listed a moment after it was made, and clocks differ.
 */
const eventsLookback = { firstRunMs: 30 * dayMs, overlapMs: 15 * minuteMs, isLimited: true };

/** Stripe's own list of events, of the types that we use. It keeps them for 30 days. */
@Injectable()
export class EventListing {
  constructor(@Inject(STRIPE) private readonly stripe: Stripe) {}

  /**
   * The events of a span, oldest first. Stripe lists the newest first, so a span that does not fit
   * on a page is halved until it does: however many there are, a page is all that is held in
   * memory. Errors: Stripe's.
   */
  async *pages({ from, until }: UnixRange): AsyncGenerator<EventPage> {
    if (from >= until) return;
    const lists = await Promise.all(
      this.listParams({ from, until }).map((ask) => this.stripe.events.list(ask)),
    );
    if (!lists.some((list) => list.has_more)) {
      yield { events: oldestFirst(lists.flatMap((list) => list.data)), until };
    } else if (until - from > 1) {
      const middle = Math.floor((from + until) / 2);
      yield* this.pages({ from, until: middle });
      yield* this.pages({ from: middle, until });
    } else yield { events: await this.listSecond(from), until };
  }

  private async listSecond(second: number): Promise<Stripe.Event[]> {
    const lists = this.listParams({ from: second, until: second + 1 }).map((ask) =>
      fetchWholeList(this.stripe.events.list(ask)),
    );
    return oldestFirst((await Promise.all(lists)).flat());
  }

  private listParams({ from, until }: UnixRange): Stripe.EventListParams[] {
    return handledEventTypeGroups.map((types) => ({
      types,
      created: { gte: from, lt: until },
      limit: pageSize,
    }));
  }
}

/** Takes the events that Stripe has made and that never arrived. */
@Injectable()
export class ReconcileEvents {
  constructor(
    private readonly listing: EventListing,
    private readonly processor: WebhookProcessor,
    private readonly runs: ReconciliationRuns,
    private readonly repository: ReconciliationRepository,
  ) {}

  /**
   * Compares Stripe's events with the inbox and takes the missing ones, as if they were delivered.
   * An event that fails is kept in the inbox and tried again by itself, so the cursor moves on.
   * Again, or two at once: nothing is done twice.
   * Errors: Stripe's; `platform.unavailable`. What was reached until then is kept.
   */
  async run(options: ReconciliationOptions = {}): Promise<ReconciliationResult> {
    const round = await this.runs.start('events', eventsLookback, options);
    const end = Math.ceil(round.range.until.getTime() / 1000);
    const from = Math.floor(round.range.since.getTime() / 1000);
    for await (const { events, until } of this.listing.pages({ from, until: end })) {
      await this.processMissing(round, events);
      round.compared(events.length);
      await this.runs.saveProgress(round, new Date(until * 1000));
      if (round.isTimeUp && until < end) return round.result(false);
    }
    return round.result(true);
  }

  private async processMissing(reconciliationRun: ReconciliationRun, events: Stripe.Event[]): Promise<void> {
    const known = await this.repository.filterKnownEvents(events.map(({ id }) => id));
    for (const event of events.filter(({ id }) => !known.has(id)))
      await reconciliationRun.apply({ kind: 'event', id: event.id, status: event.type }, async () => {
        const { outcome, detail } = await this.processor.processDelivery(parseEvent(JSON.stringify(event)));
        // it arrived by itself between the two questions
        return outcome === 'duplicate' ? null : `${outcome}: ${detail}`;
      });
  }
}

/** A span of whole Unix seconds; `until` is no longer in it. */
interface UnixRange {
  from: number;
  until: number;
}

/** Events in the order in which they happened, and the second before which there are no others. */
export interface EventPage {
  events: Stripe.Event[];
  until: number;
}

/** Those of one second keep Stripe's order, turned round. */
function oldestFirst(newestFirst: Stripe.Event[]): Stripe.Event[] {
  return newestFirst.toReversed().sort((one, other) => one.created - other.created);
}
