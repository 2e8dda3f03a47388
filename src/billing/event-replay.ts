import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../platform/audit.js';
import { DomainError } from '../platform/errors.js';
import { EventIntake } from './event-intake.js';
import { WebhookInbox, type ReceivedEvent } from './inbox.js';
import { unknownShape, type Outcome } from './outcome.js';
import { PaymentSync } from './reversals/payment-sync.js';
import { isPaymentId, StripeObjects } from './stripe-objects.js';
import { parseEvent, type SignedEvent } from './stripe-signature.js';

/** Tries events again: those that wait, on their own; any, when somebody asks for it. */
@Injectable()
export class EventReplay {
  private readonly log = new Logger('billing');

  constructor(
    private readonly inbox: WebhookInbox,
    private readonly intake: EventIntake,
    private readonly payments: PaymentSync,
    private readonly objects: StripeObjects,
  ) {}

  /** Tries a parked or failed event again. Null when it is no longer waiting. */
  async retry(eventId: string): Promise<Outcome | null> {
    const received = await this.inbox.find(eventId);
    if (received === null || (received.status !== 'parked' && received.status !== 'failed')) return null;
    return this.intake.take(await this.readable(received));
  }

  /**
   * Tries waiting events again, at most `limit`, and asks Stripe for what they wait for; one that fails does not keep
   * the others waiting.
   */
  async retryWaiting(limit: number): Promise<void> {
    for (const eventId of await this.inbox.waitingIds(limit))
      try {
        await this.askFor(await this.inbox.find(eventId));
        await this.retry(eventId);
      } catch (error) {
        if (error instanceof DomainError && error.code === 'platform.unavailable') throw error;
        this.log.error({ msg: 'event.failed_again', eventId, err: error });
      }
  }

  /**
   * Applies any event of the inbox again, also a dead, ignored or applied one. It is safe: facts are told apart by
   * what they are about. Errors: `request.not_found`; `billing.replay_failed`, with the event as it was; also
   * where its content was forgotten.
   */
  async replay(eventId: string, actor: Actor): Promise<Outcome> {
    const received = await this.inbox.find(eventId);
    if (received === null) throw new DomainError('request.not_found', { detail: 'No such event.' });
    const event = await this.readable(received);
    try {
      return await this.intake.replay(event, actor);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      this.log.error({ msg: 'event.replay_failed', eventId, err: error });
      throw new DomainError('billing.replay_failed', {
        detail: `It failed again, and stays as it was. The log says why (event.replay_failed, ${eventId}).`,
        cause: error,
      });
    }
  }

  /** The event as received; one that could not be read carries its object as Stripe answers it in our version. */
  private async readable(received: ReceivedEvent): Promise<SignedEvent> {
    if (received.payload === null)
      throw new DomainError('billing.replay_failed', {
        detail:
          'Its content was forgotten by age (KEEP_EVENTS_DAYS). What Stripe has now is brought by: npx twofold reconcile --since 30d',
      });
    const event = parseEvent(received.payload);
    return received.detail === unknownShape ? { ...event, object: await this.objects.fresh(event) } : event;
  }

  private async askFor(received: ReceivedEvent | null): Promise<void> {
    const key = received?.waitingKey;
    if (typeof key === 'string' && isPaymentId(key)) await this.payments.sync(key);
  }
}
