import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { PaymentSync } from '../payments/payment-sync.js';
import { isReportEventId, parseReportEvent } from '../reports/report.js';
import { wasBlockedByCircuit } from '../stripe/stripe-client.js';
import { isStripeUnreachable } from '../stripe/stripe-errors.js';
import { isPaymentId, StripeObjects } from '../stripe/stripe-objects.js';
import { InboxRepository, type ReceivedEvent } from './inbox.repository.js';
import { ParkedEventsRepository } from './parked-events.repository.js';
import { parseEvent, type SignedEvent } from './stripe-signatures.js';
import { unknownPayment, missingRefunds, type WebhookOutcome } from './webhook-handler.js';
import { WebhookProcessor } from './webhook-processor.js';

/**
 * How long one run retries; the next run continues with the events that were checked longest ago.
 */
const maxRunMs = minuteMs;

/**
 * Tries events again that wait: when what they wait for becomes known, and from time to time in
 * case that was missed.
 */
@Injectable()
export class ParkedEventRetries {
  private readonly log = new Logger('billing');

  constructor(
    private readonly parkedEvents: ParkedEventsRepository,
    private readonly processor: WebhookProcessor,
    private readonly paymentSync: PaymentSync,
    private readonly stripeObjects: StripeObjects,
    private readonly clock: Clock,
  ) {}

  /**
   * Tries an event again that what it waited for may have freed. Asks nothing of Stripe: where its
   * object must be read there, a job of its own does. Errors: `platform.unavailable`; our own
   * failure is counted, and it goes on waiting.
   */
  async retry(eventId: string): Promise<void> {
    await this.attempt(eventId, () => this.applyFromPayload(eventId));
  }

  /**
   * Asks Stripe for what an event waits for, and applies it. When Stripe does not answer, the event
   * waits for its next look.
   * Idempotent: nothing, once it is applied. Errors: as {@link retry}; while the circuit is open,
   * that of the call which was not made, so that the job is kept until Stripe is back.
   */
  async retryWithStripe(eventId: string): Promise<void> {
    const outage = await this.attempt(eventId, () => this.fetchAndApply(eventId));
    if (outage !== null && wasBlockedByCircuit(outage)) throw outage;
  }

  /**
   * Retries events that are due, at most `limit` of each queue. One that fails does not delay the
   * others; while Stripe does not answer, only those wait that need its answer.
   */
  async retryDue(limit: number): Promise<void> {
    const stopAt = addMs(this.clock.now(), maxRunMs);
    const isOver = () => this.clock.now() > stopAt;
    for (const eventId of await this.parkedEvents.findDue('customer', limit)) {
      if (isOver()) break;
      await this.retry(eventId);
    }
    for (const eventId of await this.parkedEvents.findDue('answer', limit)) {
      if (isOver()) return;
      const outage = await this.attempt(eventId, () => this.fetchAndApply(eventId));
      if (outage !== null) return;
    }
  }

  private async applyFromPayload(eventId: string): Promise<void> {
    const waiting = await this.parkedEvents.startRetry(eventId);
    if (waiting?.needsRefetch) await this.processor.scheduleStripeLookup(eventId);
    else if (waiting !== null)
      await this.processor.processDelivery(parseStoredEvent(eventId, waiting.payload), {
        parkedFor: waiting.detail,
      });
  }

  private async fetchAndApply(eventId: string): Promise<void> {
    const waiting = await this.parkedEvents.startRetry(eventId);
    if (waiting === null) return;
    const { detail, waitingKey, needsRefetch, payload } = waiting;
    const event = parseStoredEvent(eventId, payload);
    const isAboutAPayment = detail === unknownPayment || detail === missingRefunds;
    if (isAboutAPayment && waitingKey !== null && isPaymentId(waitingKey))
      await this.paymentSync.sync(waitingKey, event);
    const whole = needsRefetch ? { ...event, object: await this.stripeObjects.refetch(event) } : event;
    await this.processor.processDelivery(whole, { parkedFor: detail });
  }

  /**
   * Answers why Stripe could not be asked, else null. Errors: `platform.unavailable`, which would
   * fail for all of them.
   */
  private async attempt(eventId: string, work: () => Promise<unknown>): Promise<DomainError | null> {
    try {
      await work();
    } catch (error) {
      if (error instanceof DomainError && error.code === 'platform.unavailable') throw error;
      if (isStripeUnreachable(error)) {
        this.log.warn({ msg: 'event.stripe_unreachable', eventId, err: error });
        return error;
      }
      this.log.error({ msg: 'event.retry_failed', eventId, err: error });
    }
    return null;
  }
}

/** Applies events of the inbox again on request of staff. */
@Injectable()
export class EventReplay {
  private readonly log = new Logger('billing');

  constructor(
    private readonly inbox: InboxRepository,
    private readonly processor: WebhookProcessor,
    private readonly stripeObjects: StripeObjects,
  ) {}

  /**
   * Applies any event of the inbox again, also a dead, ignored or applied one. It is safe: every
   * handler is idempotent. Errors: `request.not_found`; `billing.replay_failed`, with the event as
   * it was; also where its content was forgotten.
   */
  async replay(eventId: string, actor: Actor, reason?: string): Promise<WebhookOutcome> {
    const received = await this.inbox.find(eventId);
    if (received === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.eventUnknown' } });
    const event = await this.loadEvent(eventId, received);
    try {
      return await this.processor.replay(event, actor, reason);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      this.log.error({ msg: 'event.replay_failed', eventId, err: error });
      throw new DomainError('billing.replay_failed', {
        text: { key: 'console.problem.replayFailed', values: { eventId } },
        cause: error,
      });
    }
  }

  /**
   * The event as received; one that could not be read carries its object as Stripe answers it in
   * our version.
   */
  private async loadEvent(eventId: string, received: ReceivedEvent): Promise<SignedEvent> {
    if (received.payload === null)
      throw new DomainError('billing.replay_failed', {
        text: { key: 'console.problem.replayPurged' },
      });
    const event = parseStoredEvent(eventId, received.payload);
    return received.needsRefetch ? { ...event, object: await this.stripeObjects.refetch(event) } : event;
  }
}

/** An event as it was stored: one of Stripe's, or a report of another processor. */
function parseStoredEvent(eventId: string, payload: string): SignedEvent {
  return isReportEventId(eventId) ? parseReportEvent(payload) : parseEvent(payload);
}
