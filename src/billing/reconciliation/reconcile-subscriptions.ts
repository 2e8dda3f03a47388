import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { addMs, hourMs } from '../../platform/durations.js';
import { STRIPE } from '../stripe/stripe-client.js';
import { withAllItems, paginate, createdBetween, nullIfMissing, pageSize } from '../stripe/stripe-objects.js';
import { parseSubscription, type SubscriptionSnapshot, idOrNull } from '../stripe/stripe-parsers.js';
import { SubscriptionSync } from '../subscriptions/subscription-sync.js';
import { WebhookProcessor } from '../webhooks/webhook-processor.js';
import type { ReconciliationRun } from './reconciliation-run.js';
import { ReconciliationRepository, type SubscriptionRow } from './reconciliation.repository.js';

/** A renewal is reported within the hour; what has not been reported by then is asked for. */
const renewalDelayMs = hourMs;

/**
 * Compares our users' subscriptions with Stripe's: those made in the round's time, and those whose
 * row is out of date.
 */
@Injectable()
export class ReconcileSubscriptions {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly processor: WebhookProcessor,
    private readonly sync: SubscriptionSync,
    private readonly repository: ReconciliationRepository,
  ) {}

  /** Checks all of them, and applies what differs. Errors: see {@link ReconciliationRun.apply}. */
  async run(reconciliationRun: ReconciliationRun): Promise<void> {
    const made = this.stripe.subscriptions.list({
      status: 'all',
      created: createdBetween(reconciliationRun.range),
      limit: pageSize,
    });
    for await (const page of paginate(made)) {
      const known = await this.repository.findSubscriptions(page.map(({ id }) => id));
      for (const one of await this.filterOurs(page))
        await this.compare(reconciliationRun, one, known.get(one.id));
      reconciliationRun.compared(page.length);
      if (reconciliationRun.isTimeUp) return;
    }
    for await (const row of this.repository.listOverdueSubscriptions(
      addMs(reconciliationRun.range.until, -renewalDelayMs),
    )) {
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
    const ours = await this.repository.filterKnownCustomers(customers);
    return page.filter(
      ({ customer, metadata }) =>
        ours.has(idOrNull(customer) ?? '') || metadata?.twofold_user_id !== undefined,
    );
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
