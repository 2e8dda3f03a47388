import { Injectable } from '@nestjs/common';
import { dayMs } from '../../platform/durations.js';
import { ReconcileInvoices } from './reconcile-invoices.js';
import { ReconcileReversals } from './reconcile-reversals.js';
import { ReconcileSubscriptions } from './reconcile-subscriptions.js';
import {
  type ReconciliationResult,
  type ReconciliationOptions,
  ReconciliationRuns,
} from './reconciliation-run.js';

/** A refund or dispute may turn some days after it was made. */
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
   * Compares subscriptions, what was paid back, and first payments, and applies what differs as an event of it would. The
   * cursor moves only when everything was checked and nothing failed. Again, or two at once: nothing is done twice.
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
