import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { Outbox } from '../platform/outbox.js';
import type { EventParked } from './billing.events.js';
import { StripeEvents } from './events/stripe-events.js';
import { WebhookInbox } from './inbox.js';
import type { Outcome } from './outcome.js';
import type { SignedEvent } from './stripe-signature.js';
import { asksStripe } from './waiting-reasons.js';

type InTransaction = (work: (tx: Tx) => Promise<Outcome>) => Promise<Outcome>;

/** The one way in for what Stripe says: delivered, looked up, or tried again. */
@Injectable()
export class EventIntake {
  constructor(
    private readonly inbox: WebhookInbox,
    private readonly events: StripeEvents,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /**
   * Takes one event into the inbox and applies it, in the transaction that the caller commits. What Stripe's answer would
   * free is asked of Stripe right after the commit.
   */
  async receive(tx: Tx, event: SignedEvent): Promise<Outcome> {
    return this.receiveAgain(tx, event, null);
  }

  /**
   * Takes one event in a transaction of its own. A failure of ours is counted before it is thrown on; after ten
   * of them the event is dead, which is an answer.
   * Errors: `platform.unavailable`, which is not counted.
   */
  take(event: SignedEvent, inTransaction: InTransaction = this.ownTransaction): Promise<Outcome> {
    return this.counted(event, () => inTransaction((tx) => this.receive(tx, event)));
  }

  /** As {@link take}, for an event that is parked for `reason`: Stripe is asked only when it waits for something else now. */
  takeAgain(event: SignedEvent, reason: string | null): Promise<Outcome> {
    return this.counted(event, () => this.ownTransaction((tx) => this.receiveAgain(tx, event, reason)));
  }

  /** Has Stripe asked, in a job of its own, for what a waiting event waits for. */
  askLater(eventId: string): Promise<void> {
    return this.database.transaction((tx) => this.publishParked(tx, eventId));
  }

  private readonly ownTransaction: InTransaction = (work) => this.database.transaction(work);

  private async counted(event: SignedEvent, work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DomainError) throw error;
      const dead = await this.inbox.countFailure(event);
      if (dead === null) throw error;
      return dead;
    }
  }

  /** Applies an event anew, whatever became of it before, in one transaction with the note of who wanted it. */
  replay(event: SignedEvent, actor: Actor): Promise<Outcome> {
    return this.database.transaction(async (tx) => {
      await this.inbox.accept(tx, event);
      await this.inbox.reopen(tx, event.id);
      const outcome = await this.apply(tx, event);
      await this.askIfParked(tx, event, outcome);
      this.audit.record(tx, {
        action: 'billing.event_replayed',
        actor,
        facts: { eventId: event.id, type: event.type, outcome: outcome.outcome, detail: outcome.detail },
      });
      return outcome;
    });
  }

  /** Applies an object that Stripe was just asked for, as an event of `type` would. Again: nothing is written. */
  takeFetched(type: string, object: unknown): Promise<Outcome> {
    return this.database.transaction((tx) => this.events.applyFetched(tx, type, object));
  }

  private async receiveAgain(tx: Tx, event: SignedEvent, reason: string | null): Promise<Outcome> {
    const outcome = (await this.inbox.accept(tx, event)) ?? (await this.apply(tx, event));
    if (outcome.detail !== reason) await this.askIfParked(tx, event, outcome);
    return outcome;
  }

  private async askIfParked(tx: Tx, { id }: SignedEvent, { outcome, detail }: Outcome): Promise<void> {
    if (outcome === 'parked' && asksStripe(detail)) await this.publishParked(tx, id);
  }

  private publishParked(tx: Tx, eventId: string): Promise<void> {
    const parked: EventParked = { name: 'billing.event_parked', eventId };
    return this.outbox.publish(tx, parked);
  }

  private async apply(tx: Tx, event: SignedEvent): Promise<Outcome> {
    const outcome = await this.events.apply(tx, event);
    await this.inbox.settle(tx, event, outcome);
    return outcome;
  }
}
