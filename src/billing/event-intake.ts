import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { StripeEvents } from './events/stripe-events.js';
import { WebhookInbox } from './inbox.js';
import type { Outcome } from './outcome.js';
import type { SignedEvent } from './stripe-signature.js';

/** The one way in for what Stripe says: delivered, looked up, or tried again. */
@Injectable()
export class EventIntake {
  constructor(
    private readonly inbox: WebhookInbox,
    private readonly events: StripeEvents,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** Takes one event into the inbox and applies it, in the transaction that the caller commits. */
  async receive(tx: Tx, event: SignedEvent): Promise<Outcome> {
    const settled = await this.inbox.accept(tx, event);
    return settled ?? this.apply(tx, event);
  }

  /**
   * Takes one event in a transaction of its own. A failure of ours is counted before it is thrown on; after ten
   * of them the event is dead, which is an answer.
   * Errors: `platform.unavailable`, which is not counted.
   */
  async take(
    event: SignedEvent,
    inTransaction: (work: (tx: Tx) => Promise<Outcome>) => Promise<Outcome> = (work) =>
      this.database.transaction(work),
  ): Promise<Outcome> {
    try {
      return await inTransaction((tx) => this.receive(tx, event));
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

  private async apply(tx: Tx, event: SignedEvent): Promise<Outcome> {
    const outcome = await this.events.apply(tx, event);
    this.inbox.settle(tx, event, outcome);
    return outcome;
  }
}
