import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { after, minuteMs } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';
import { EventIntake } from './event-intake.js';
import { paymentUnknown, refundUnknown } from './outcome.js';
import { ParkedEvents } from './parked-events.js';
import { PaymentSync } from './reversals/payment-sync.js';
import { wasNotAsked } from './stripe-circuit.js';
import { isOutOfReach } from './stripe-errors.js';
import { isPaymentId, StripeObjects } from './stripe-objects.js';
import { parseEvent } from './stripe-signature.js';

/** One run of the sweep ends after so long; the next one goes on with those looked at longest ago. */
const longestRunMs = minuteMs;

/** Tries events again that wait: when what they wait for becomes known, and from time to time in case that was missed. */
@Injectable()
export class ParkedEventRetries {
  private readonly log = new Logger('billing');

  constructor(
    private readonly events: ParkedEvents,
    private readonly intake: EventIntake,
    private readonly payments: PaymentSync,
    private readonly objects: StripeObjects,
    private readonly clock: Clock,
  ) {}

  /**
   * Tries an event again that what it waited for may have freed. Asks nothing of Stripe: where its object must be read
   * there, a job of its own does. Errors: `platform.unavailable`; a failure of ours is counted, and it goes on waiting.
   */
  async retry(eventId: string): Promise<void> {
    await this.guarded(eventId, () => this.applyAgain(eventId));
  }

  /**
   * Asks Stripe for what an event waits for, and applies it. When Stripe does not answer, the event waits for its next look.
   * Again: nothing, once it is applied. Errors: as {@link retry}; while the circuit is open, that of the call which was not
   * made, so that the job is kept until Stripe is back.
   */
  async ask(eventId: string): Promise<void> {
    const outage = await this.guarded(eventId, () => this.askAndApply(eventId));
    if (wasNotAsked(outage)) throw outage;
  }

  /**
   * Tries events again whose next look is due, at most `limit` of each line; one that fails does not keep the others
   * waiting, and a Stripe that does not answer keeps only those waiting that need its answer.
   */
  async retryDue(limit: number): Promise<void> {
    const stopAt = after(this.clock.now(), longestRunMs);
    const isOver = () => this.clock.now() > stopAt;
    for (const eventId of await this.events.due('customer', limit)) {
      if (isOver()) break;
      await this.retry(eventId);
    }
    for (const eventId of await this.events.due('answer', limit)) {
      if (isOver()) return;
      const outage = await this.guarded(eventId, () => this.askAndApply(eventId));
      if (outage !== null) return;
    }
  }

  private async applyAgain(eventId: string): Promise<void> {
    const waiting = await this.events.beginLook(eventId);
    if (waiting?.reread) await this.intake.askLater(eventId);
    else if (waiting !== null) await this.intake.takeAgain(parseEvent(waiting.payload), waiting.detail);
  }

  private async askAndApply(eventId: string): Promise<void> {
    const waiting = await this.events.beginLook(eventId);
    if (waiting === null) return;
    const { detail, waitingKey, reread, payload } = waiting;
    const event = parseEvent(payload);
    const isAboutAPayment = detail === paymentUnknown || detail === refundUnknown;
    if (isAboutAPayment && waitingKey !== null && isPaymentId(waitingKey))
      await this.payments.sync(waitingKey, event);
    const whole = reread ? { ...event, object: await this.objects.fresh(event) } : event;
    await this.intake.takeAgain(whole, detail);
  }

  /** Answers why Stripe could not be asked, else null. Errors: `platform.unavailable`, which would fail for all of them. */
  private async guarded(eventId: string, look: () => Promise<unknown>): Promise<DomainError | null> {
    try {
      await look();
    } catch (error) {
      if (error instanceof DomainError && error.code === 'platform.unavailable') throw error;
      if (isOutOfReach(error)) {
        this.log.warn({ msg: 'event.not_answered', eventId, err: error });
        return error;
      }
      this.log.error({ msg: 'event.failed_again', eventId, err: error });
    }
    return null;
  }
}
