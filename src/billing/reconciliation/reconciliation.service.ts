import { Injectable, Logger } from '@nestjs/common';
import Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import { addMs, minuteMs, dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { Log } from '../../platform/observability/logging/log.js';
import { classifyStripeError, stripeErrorCodes } from '../stripe/stripe-errors.js';
import { ReconcileEvents } from './reconcile-events.js';
import { ReconcileInvoices } from './reconcile-invoices.js';
import { ReconcileReversals } from './reconcile-reversals.js';
import { ReconcileSubscriptions } from './reconcile-subscriptions.js';
import {
  type Finding,
  type ReconciliationResult,
  type ReconciliationOptions,
  ReconciliationRuns,
} from './reconciliation-run.js';
import type { ReconciliationKind } from './reconciliation-cursor.entity.js';

/** The status of a refund or dispute may change days after it was made. */
const objectsLookback = { firstRunMs: 30 * dayMs, overlapMs: 7 * dayMs, isLimited: false };

/** Brings what Stripe has, also where it never made an event of it, which happens. */
@Injectable()
export class ReconcileObjects {
  private readonly parts;

  constructor(
    subscriptions: ReconcileSubscriptions,
    reversals: ReconcileReversals,
    invoices: ReconcileInvoices,
    private readonly runs: ReconciliationRuns,
  ) {
    // subscriptions first: they say whose invoices are worth a question
    this.parts = [subscriptions, reversals, invoices];
  }

  /**
   * Compares subscriptions, what was paid back, and first payments, and applies what differs as an
   * event of it would. The cursor moves only when everything was checked and nothing failed. Again,
   * or two at once: nothing is done twice.
   * Errors: Stripe's; `platform.unavailable`.
   */
  async run(options: ReconciliationOptions = {}): Promise<ReconciliationResult> {
    const round = await this.runs.start('objects', objectsLookback, options);
    for (const part of this.parts) if (!round.isTimeUp) await part.run(round);
    const complete = !round.isTimeUp;
    if (complete && !round.hasFailures) await this.runs.saveProgress(round, round.range.until);
    return round.result(complete);
  }
}

/** What is younger may still be on its way. */
const minAgeMs = 5 * minuteMs;
/** Below the 15 minutes after which the queue takes a task for dead. */
const maxRunMs = 10 * minuteMs;
const maxLoggedFindings = 20;

/**
 * Compares Stripe with what is stored, since deliveries can be lost, and fetches what is missing.
 */
@Injectable()
export class ReconciliationService {
  private readonly logger = new Logger('billing');

  constructor(
    private readonly eventsReconciliation: ReconcileEvents,
    private readonly objectsReconciliation: ReconcileObjects,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Takes the events that never arrived; see {@link ReconcileEvents}. Errors:
   * `billing.stripe_unreachable` and the other codes of Stripe's failures; `platform.unavailable`.
   */
  reconcileEvents(options: ReconciliationOptions = {}): Promise<ReconciliationResult> {
    return withDomainErrors(this.eventsReconciliation.run(options));
  }

  /**
   * Fetches what is missing although no event reported it; see {@link ReconcileObjects}. Errors: as
   * {@link reconcileEvents}.
   */
  reconcileObjects(options: ReconciliationOptions = {}): Promise<ReconciliationResult> {
    return withDomainErrors(this.objectsReconciliation.run(options));
  }

  /**
   * What the worker does every hour: the events, for at most ten minutes. Alerts when one had been
   * lost.
   */
  async runScheduledEvents(): Promise<void> {
    await this.runScheduled('events', (options) => this.reconcileEvents(options));
  }

  /**
   * What the worker does every day: the objects, for at most ten minutes. Alerts when one was not
   * as Stripe has it.
   */
  async runScheduledObjects(): Promise<void> {
    await this.runScheduled('objects', (options) => this.reconcileObjects(options));
  }

  private async runScheduled(
    kind: ReconciliationKind,
    run: (options: ReconciliationOptions) => Promise<ReconciliationResult>,
  ): Promise<void> {
    const now = this.clock.now();
    const findings: Finding[] = [];
    const reconciled = await run({
      until: addMs(now, -minAgeMs),
      stopAt: addMs(now, maxRunMs),
      onFinding: (finding) => {
        if (findings.length < maxLoggedFindings) findings.push(finding);
      },
    });
    this.logger.log({ msg: 'reconciliation.done', kind, ...reconciled });
    if (reconciled.missing > 0)
      this.log.alert('billing.deliveries_missed', { kind, missing: reconciled.missing, findings });
  }
}

async function withDomainErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const cause = error instanceof DomainError ? error.cause : error;
    if (!(cause instanceof Stripe.errors.StripeError)) throw error;
    throw new DomainError(stripeErrorCodes[classifyStripeError(cause)], {
      detail: `Stripe returned an error: ${cause.message}`,
      cause,
    });
  }
}
