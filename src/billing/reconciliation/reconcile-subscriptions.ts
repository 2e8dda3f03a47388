import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import { addMs, hourMs } from '../../platform/durations.js';
import { WebhookProcessor } from '../webhooks/webhook-processor.js';
import { parseSubscription, type SubscriptionSnapshot } from '../stripe/stripe-parsers.js';
import { STRIPE } from '../stripe/stripe-client.js';
import { idOrNull } from '../stripe/stripe-fields.js';
import { withAllItems } from '../stripe/stripe-objects.js';
import { SubscriptionSync } from '../subscriptions/subscription-sync.js';
import type { ReconciliationRun } from './reconciliation-run.js';
import { paginate, createdBetween, nullIfMissing, pageSize } from '../stripe/stripe-lists.js';

/** A renewal is reported within the hour; what has not been reported by then is asked for. */
const renewalDelayMs = hourMs;

interface SubscriptionRow {
  id: string;
  status: string;
  price_id: string | null;
  grants_paid_tier: boolean;
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
    private readonly processor: WebhookProcessor,
    private readonly sync: SubscriptionSync,
    private readonly database: Database,
  ) {}

  /** Checks all of them, and applies what differs. Errors: see {@link ReconciliationRun.apply}. */
  async run(reconciliationRun: ReconciliationRun): Promise<void> {
    const made = this.stripe.subscriptions.list({
      status: 'all',
      created: createdBetween(reconciliationRun.range),
      limit: pageSize,
    });
    for await (const page of paginate(made)) {
      const known = await this.findKnown(page.map(({ id }) => id));
      for (const one of await this.filterOurs(page))
        await this.compare(reconciliationRun, one, known.get(one.id));
      reconciliationRun.compared(page.length);
      if (reconciliationRun.isTimeUp) return;
    }
    for await (const row of this.listOverdue(addMs(reconciliationRun.range.until, -renewalDelayMs))) {
      const one = await nullIfMissing(this.stripe.subscriptions.retrieve(row.id));
      if (one === null) await this.endMissing(reconciliationRun, row.id);
      else await this.compare(reconciliationRun, one, row);
      reconciliationRun.compared(1);
      if (reconciliationRun.isTimeUp) return;
    }
  }

  /** Stripe no longer has it, so no event of its end can arrive any more. */
  private endMissing(reconciliationRun: ReconciliationRun, id: string): Promise<void> {
    return reconciliationRun.apply({ kind: 'subscription', id, status: 'missing' }, async () =>
      (await this.sync.sync(id)) ? 'applied: written' : null,
    );
  }

  private async compare(
    reconciliationRun: ReconciliationRun,
    listed: Stripe.Subscription,
    row: SubscriptionRow | undefined,
  ): Promise<void> {
    const one = await withAllItems(this.stripe, listed);
    const snapshot = parseSubscription(one, this.config.stripePaidPrices);
    if (!('ignored' in snapshot) && row !== undefined && isUpToDate(row, snapshot)) return;
    await reconciliationRun.apply({ kind: 'subscription', id: one.id, status: one.status }, async () => {
      if (row?.snapshot_at) {
        await this.sync.sync(one.id);
        return 'applied: written';
      }
      // nothing but payments reported it so far
      const { outcome, detail } = await this.processor.applyFetched('customer.subscription.updated', one);
      // our metadata may name a person who has been erased
      return outcome === 'parked' ? null : `${outcome}: ${detail}`;
    });
  }

  /** An account at Stripe may sell other things to other people. */
  private async filterOurs(page: Stripe.Subscription[]): Promise<Stripe.Subscription[]> {
    const customers = page.map(({ customer }) => idOrNull(customer));
    const rows = await this.database.query<{ id: string }>(
      lateralLookup('text', `SELECT id FROM billing.customer WHERE id = asked.key`),
      [JSON.stringify(customers)],
    );
    const ours = new Set(rows.map((row) => row.id));
    return page.filter(
      ({ customer, metadata }) =>
        ours.has(idOrNull(customer) ?? '') || metadata?.twofold_user_id !== undefined,
    );
  }

  private async findKnown(ids: string[]): Promise<Map<string, SubscriptionRow>> {
    const rows = await this.database.query<SubscriptionRow>(
      lateralLookup('text', `SELECT * FROM billing.subscription WHERE id = asked.key`),
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Those that live, by what we know, and should have been renewed or have ended before `moment`. */
  private async *listOverdue(moment: Date): AsyncGenerator<SubscriptionRow> {
    for (let last = ''; ;) {
      const rows = await this.database.query<SubscriptionRow>(
        `SELECT * FROM billing.subscription WHERE ended_at IS NULL AND id > $1
           AND (snapshot_at IS NULL OR current_period_end < $2) ORDER BY id LIMIT ${pageSize}`,
        [last, moment],
      );
      yield* rows;
      last = rows.at(-1)?.id ?? '';
      if (rows.length < pageSize) return;
    }
  }
}

/** An end is final: nothing that is said afterwards counts. */
function isUpToDate(subscriptionRow: SubscriptionRow, snapshot: SubscriptionSnapshot): boolean {
  if (subscriptionRow.ended_at !== null) return true;
  return (
    subscriptionRow.snapshot_at !== null &&
    snapshot.endedAt === null &&
    subscriptionRow.status === snapshot.status &&
    subscriptionRow.price_id === snapshot.priceId &&
    subscriptionRow.grants_paid_tier === snapshot.grantsPaidTier &&
    subscriptionRow.cancel_at?.getTime() === snapshot.cancelAt?.getTime() &&
    subscriptionRow.cancel_at_period_end === snapshot.cancelAtPeriodEnd &&
    subscriptionRow.collection_voided === snapshot.collectionVoided &&
    subscriptionRow.current_period_end?.getTime() === snapshot.currentPeriodEnd?.getTime()
  );
}
