import { Injectable } from '@nestjs/common';
import { dayMs } from '../../platform/durations.js';
import { ReconcileInvoices } from './reconcile-invoices.js';
import { ReconcileReversals } from './reconcile-reversals.js';
import { ReconcileSubscriptions } from './reconcile-subscriptions.js';
import type { Reconciled, ReconcileOptions } from './round.js';
import { Rounds } from './rounds.js';

/** A refund or dispute may turn some days after it was made. */
const reach = { reachMs: 30 * dayMs, overlapMs: 7 * dayMs, isLimited: false };

/** Brings what Stripe has, also where it never made an event of it, which happens. */
@Injectable()
export class ReconcileObjects {
  private readonly parts;

  constructor(
    subscriptions: ReconcileSubscriptions,
    reversals: ReconcileReversals,
    invoices: ReconcileInvoices,
    private readonly rounds: Rounds,
  ) {
    // subscriptions first: they say whose invoices are worth a question
    this.parts = [subscriptions, reversals, invoices];
  }

  /**
   * Compares subscriptions, what was paid back, and first payments, and applies what differs as an event of it would. The
   * cursor moves only when everything was looked at and nothing failed. Again, or two at once: nothing is done twice.
   * Errors: Stripe's; `platform.unavailable`.
   */
  async run(options: ReconcileOptions = {}): Promise<Reconciled> {
    const round = await this.rounds.begin('objects', reach, options);
    for (const part of this.parts) if (!round.isOver) await part.run(round);
    const complete = !round.isOver;
    if (complete && !round.hasFailures) await this.rounds.reached(round, round.span.until);
    return round.result(complete);
  }
}
