import { Injectable, Logger } from '@nestjs/common';
import Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import { after, minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { Log } from '../../platform/log.js';
import { failureOf, stripeCodes } from '../stripe-errors.js';
import type { Compared } from './cursors.js';
import { ReconcileEvents } from './reconcile-events.js';
import { ReconcileObjects } from './reconcile-objects.js';
import type { Finding, Reconciled, ReconcileOptions } from './round.js';

/** What is younger may still be on its way. */
const onItsWayMs = 5 * minuteMs;
/** Below the 15 minutes after which the queue takes a task for dead. */
const longestMs = 10 * minuteMs;
const findingsInTheLog = 20;

/** Compares what Stripe has with what we know, since deliveries can be lost, and brings what is missing. */
@Injectable()
export class Reconcile {
  private readonly logger = new Logger('billing');

  constructor(
    private readonly byEvents: ReconcileEvents,
    private readonly byObjects: ReconcileObjects,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Takes the events that never arrived; see {@link ReconcileEvents}. Errors: `billing.stripe_unreachable` and
   * the other codes of Stripe's failures; `platform.unavailable`. */
  events(options: ReconcileOptions = {}): Promise<Reconciled> {
    return asked(this.byEvents.run(options));
  }

  /** Brings what is missing although no event told of it; see {@link ReconcileObjects}. Errors: as {@link events}. */
  objects(options: ReconcileOptions = {}): Promise<Reconciled> {
    return asked(this.byObjects.run(options));
  }

  /** What the worker does every hour: the events, for at most ten minutes. Alerts when one had been lost. */
  async eventsByTheClock(): Promise<void> {
    await this.byTheClock('events', (options) => this.events(options));
  }

  /** What the worker does every day: the objects, for at most ten minutes. Alerts when one was not as Stripe has it. */
  async objectsByTheClock(): Promise<void> {
    await this.byTheClock('objects', (options) => this.objects(options));
  }

  private async byTheClock(
    what: Compared,
    run: (options: ReconcileOptions) => Promise<Reconciled>,
  ): Promise<void> {
    const now = this.clock.now();
    const findings: Finding[] = [];
    const reconciled = await run({
      until: after(now, -onItsWayMs),
      stopAt: after(now, longestMs),
      onFinding: (finding) => {
        if (findings.length < findingsInTheLog) findings.push(finding);
      },
    });
    this.logger.log({ msg: 'reconcile.done', what, ...reconciled });
    if (reconciled.missed > 0)
      this.log.alert('billing.deliveries_missed', { what, missed: reconciled.missed, findings });
  }
}

async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const cause = error instanceof DomainError ? error.cause : error;
    if (!(cause instanceof Stripe.errors.StripeError)) throw error;
    throw new DomainError(stripeCodes[failureOf(cause)], {
      detail: `Stripe did not answer as it should: ${cause.message}`,
      cause,
    });
  }
}
