import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../../platform/audit-log.js';
import { DomainError } from '../../platform/errors.js';
import { WebhookProcessor } from './webhook-processor.js';
import { WebhookInbox, type ReceivedEvent } from './webhook-inbox.js';
import type { WebhookOutcome } from './webhook-handler.js';
import { StripeObjects } from '../stripe/stripe-objects.js';
import { parseEvent, type SignedEvent } from './stripe-signatures.js';

/** Applies events of the inbox again when a person asks for it. */
@Injectable()
export class EventReplay {
  private readonly log = new Logger('billing');

  constructor(
    private readonly inbox: WebhookInbox,
    private readonly processor: WebhookProcessor,
    private readonly stripeObjects: StripeObjects,
  ) {}

  /**
   * Applies any event of the inbox again, also a dead, ignored or applied one. It is safe: facts are distinguished by
   * what they are about. Errors: `request.not_found`; `billing.replay_failed`, with the event as it was; also
   * where its content was forgotten.
   */
  async replay(eventId: string, actor: Actor): Promise<WebhookOutcome> {
    const received = await this.inbox.find(eventId);
    if (received === null) throw new DomainError('request.not_found', { detail: 'No such event.' });
    const event = await this.loadEvent(received);
    try {
      return await this.processor.replay(event, actor);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      this.log.error({ msg: 'event.replay_failed', eventId, err: error });
      throw new DomainError('billing.replay_failed', {
        detail: `It failed again and stays unchanged. The log shows the reason (event.replay_failed, ${eventId}).`,
        cause: error,
      });
    }
  }

  /** The event as received; one that could not be read carries its object as Stripe answers it in our version. */
  private async loadEvent(received: ReceivedEvent): Promise<SignedEvent> {
    if (received.payload === null)
      throw new DomainError('billing.replay_failed', {
        detail:
          'Its content was deleted because of its age (KEEP_EVENTS_DAYS). Fetch the current state from Stripe: npx twofold reconcile --since 30d',
      });
    const event = parseEvent(received.payload);
    return received.needsRefetch ? { ...event, object: await this.stripeObjects.refetch(event) } : event;
  }
}
