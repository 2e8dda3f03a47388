import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import type { Config } from '../../platform/config.js';
import { Database } from '../../platform/database/database.js';
import { forEachKey } from '../../platform/database/for-each-key.js';
import { after, hourMs } from '../../platform/durations.js';
import { CONFIG } from '../../platform/tokens.js';
import { EventIntake } from '../event-intake.js';
import { snapshotOf, type SubscriptionSnapshot } from '../facts.js';
import { STRIPE } from '../stripe-client.js';
import { idOrNull } from '../stripe-fields.js';
import { wholeSubscription } from '../stripe-objects.js';
import { SubscriptionSync } from '../subscription-sync.js';
import type { Round } from './round.js';
import { inPages, madeBetween, orNull, pageSize } from '../stripe-lists.js';

/** A renewal is told within the hour; what has not been told by then is asked for. */
const renewalMs = hourMs;

interface Row {
  id: string;
  status: string;
  price_id: string | null;
  makes_paid: boolean;
  current_period_end: Date | null;
  cancel_at: Date | null;
  cancel_at_period_end: boolean;
  collection_voided: boolean;
  ended_at: Date | null;
  snapshot_at: Date | null;
}

/** Compares our users' subscriptions with Stripe's: those made in the round's time, and those whose row is out of date. */
@Injectable()
export class ReconcileSubscriptions {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly intake: EventIntake,
    private readonly sync: SubscriptionSync,
    private readonly database: Database,
  ) {}

  /** Looks at all of them, and applies what differs. Errors: see {@link Round.bring}. */
  async run(round: Round): Promise<void> {
    const made = this.stripe.subscriptions.list({
      status: 'all',
      created: madeBetween(round.span),
      limit: pageSize,
    });
    for await (const page of inPages(made)) {
      const known = await this.known(page.map(({ id }) => id));
      for (const one of await this.ours(page)) await this.compare(round, one, known.get(one.id));
      round.looked(page.length);
      if (round.isOver) return;
    }
    for await (const row of this.overdue(after(round.span.until, -renewalMs))) {
      const one = await orNull(this.stripe.subscriptions.retrieve(row.id));
      if (one === null) await this.endMissing(round, row.id);
      else await this.compare(round, one, row);
      round.looked(1);
      if (round.isOver) return;
    }
  }

  /** Stripe no longer has it, so no event of its end can arrive any more. */
  private endMissing(round: Round, id: string): Promise<void> {
    return round.bring({ what: 'subscription', id, says: 'missing' }, async () =>
      (await this.sync.sync(id)) ? 'applied: written' : null,
    );
  }

  private async compare(round: Round, listed: Stripe.Subscription, row: Row | undefined): Promise<void> {
    const one = await wholeSubscription(this.stripe, listed);
    const snapshot = snapshotOf(one, this.config.stripePaidPrices);
    if (!('ignored' in snapshot) && row !== undefined && fits(row, snapshot)) return;
    await round.bring({ what: 'subscription', id: one.id, says: one.status }, async () => {
      if (row?.snapshot_at) {
        await this.sync.sync(one.id);
        return 'applied: written';
      }
      // nothing but payments told of it so far
      const { outcome, detail } = await this.intake.takeFetched('customer.subscription.updated', one);
      // our metadata may name somebody who has been erased
      return outcome === 'parked' ? null : `${outcome}: ${detail}`;
    });
  }

  /** An account at Stripe may sell other things to other people. */
  private async ours(page: Stripe.Subscription[]): Promise<Stripe.Subscription[]> {
    const customers = page.map(({ customer }) => idOrNull(customer));
    const rows = await this.database.query<{ id: string }>(
      forEachKey('text', `SELECT id FROM billing.customer WHERE id = asked.key`),
      [JSON.stringify(customers)],
    );
    const ours = new Set(rows.map((row) => row.id));
    return page.filter(
      ({ customer, metadata }) =>
        ours.has(idOrNull(customer) ?? '') || metadata?.twofold_user_id !== undefined,
    );
  }

  private async known(ids: string[]): Promise<Map<string, Row>> {
    const rows = await this.database.query<Row>(
      forEachKey('text', `SELECT * FROM billing.subscription WHERE id = asked.key`),
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /**
   * Those that live, by what we know, and should have been renewed or have ended before `moment`. And those that 0.5.0 stored
   * as ending with their period: it kept no date of the end, and said so of a distant one, too.
   */
  private async *overdue(moment: Date): AsyncGenerator<Row> {
    for (let last = ''; ;) {
      const rows = await this.database.query<Row>(
        `SELECT * FROM billing.subscription WHERE ended_at IS NULL AND id > $1
           AND (snapshot_at IS NULL OR current_period_end < $2 OR (cancel_at_period_end AND cancel_at IS NULL)) ORDER BY id LIMIT ${pageSize}`,
        [last, moment],
      );
      yield* rows;
      last = rows.at(-1)?.id ?? '';
      if (rows.length < pageSize) return;
    }
  }
}

/** An end is final: nothing that is said afterwards counts. */
function fits(row: Row, snapshot: SubscriptionSnapshot): boolean {
  if (row.ended_at !== null) return true;
  return (
    row.snapshot_at !== null &&
    snapshot.endedAt === null &&
    row.status === snapshot.status &&
    row.price_id === snapshot.priceId &&
    row.makes_paid === snapshot.makesPaid &&
    row.cancel_at?.getTime() === snapshot.cancelAt?.getTime() &&
    row.cancel_at_period_end === snapshot.cancelAtPeriodEnd &&
    row.collection_voided === snapshot.collectionVoided &&
    row.current_period_end?.getTime() === snapshot.currentPeriodEnd?.getTime()
  );
}
