import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Database } from '../../platform/database/database.js';
import { forEachKey } from '../../platform/database/for-each-key.js';
import { dayMs, minuteMs } from '../../platform/durations.js';
import { EventIntake } from '../event-intake.js';
import { parseEvent } from '../stripe-signature.js';
import { EventListing } from './event-listing.js';
import type { Round, Reconciled, ReconcileOptions } from './round.js';
import { Rounds } from './rounds.js';

/** Stripe keeps events for 30 days. One may be listed a moment after it was made, and clocks differ. */
const reach = { reachMs: 30 * dayMs, overlapMs: 15 * minuteMs, isLimited: true };

/** Takes the events that Stripe has made and that never arrived. */
@Injectable()
export class ReconcileEvents {
  constructor(
    private readonly listing: EventListing,
    private readonly intake: EventIntake,
    private readonly rounds: Rounds,
    private readonly database: Database,
  ) {}

  /**
   * Compares Stripe's events with the inbox and takes the missing ones, as if they were delivered. An event that fails is
   * kept in the inbox and tried again by itself, so the cursor moves on. Again, or two at once: nothing is done twice.
   * Errors: Stripe's; `platform.unavailable`. What was reached until then is kept.
   */
  async run(options: ReconcileOptions = {}): Promise<Reconciled> {
    const round = await this.rounds.begin('events', reach, options);
    const end = Math.ceil(round.span.until.getTime() / 1000);
    const from = Math.floor(round.span.since.getTime() / 1000);
    for await (const { events, until } of this.listing.pages({ from, until: end })) {
      await this.take(round, events);
      round.looked(events.length);
      await this.rounds.reached(round, new Date(until * 1000));
      if (round.isOver && until < end) return round.result(false);
    }
    return round.result(true);
  }

  private async take(round: Round, events: Stripe.Event[]): Promise<void> {
    const known = await this.known(events.map(({ id }) => id));
    for (const event of events.filter(({ id }) => !known.has(id)))
      await round.bring({ what: 'event', id: event.id, says: event.type }, async () => {
        const { outcome, detail } = await this.intake.take(parseEvent(JSON.stringify(event)));
        // it arrived by itself between the two questions
        return outcome === 'duplicate' ? null : `${outcome}: ${detail}`;
      });
  }

  private async known(eventIds: string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ event_id: string }>(
      forEachKey('text', `SELECT event_id FROM billing.inbox WHERE event_id = asked.key`),
      [JSON.stringify(eventIds)],
    );
    return new Set(rows.map((row) => row.event_id));
  }
}
