import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { StripeObjects } from '../stripe/stripe-objects.js';
import type { SubscriptionSnapshot } from '../stripe/stripe-parsers.js';
import { BillingAccounts } from './billing-accounts.js';
import { SubscriptionsRepository, type StoredSubscription } from './subscriptions.repository.js';

const maxAttempts = 5;

/**
 * Asks Stripe what a subscription is now, where its events cannot say which of them is the newer.
 */
@Injectable()
export class SubscriptionSync {
  constructor(
    private readonly stripeObjects: StripeObjects,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly billingAccounts: BillingAccounts,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Fetches and stores one subscription. The answer is written only if the row has not moved since
   * before the question was asked; otherwise it is asked again, so two of these at once cannot
   * write the older answer last. One that Stripe no longer has is ended as
   * {@link snapshotOfMissing} says. False when nothing had to be written.
   */
  async sync(subscriptionId: string): Promise<boolean> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const known = await this.subscriptionsRepository.findById(this.database, subscriptionId);
      if (known === null || known.endedAt !== null) return false;
      const snapshot = await this.stripeObjects.findSubscription(subscriptionId);
      if (snapshot === null) {
        const left = snapshotOfMissing(known, this.clock.now());
        if (left === null) return false;
        if (await this.writeMissing(known, left)) return true;
        continue;
      }
      if (await this.write(known, snapshot)) return true;
    }
    throw new Error(`Subscription ${subscriptionId} kept changing while it was fetched from Stripe`);
  }

  private writeMissing(read: StoredSubscription, left: SubscriptionSnapshot): Promise<boolean> {
    return this.change(read.userId, async (tx) => {
      const known = await this.subscriptionsRepository.findById(tx, read.id);
      if (known?.revision !== read.revision) return false;
      await this.subscriptionsRepository.applySnapshot(tx, known.userId, left, {
        at: this.clock.now(),
        isFetched: true,
      });
      return true;
    });
  }

  private write(read: StoredSubscription, snapshot: SubscriptionSnapshot): Promise<boolean> {
    return this.change(read.userId, (tx) => this.subscriptionsRepository.replaceSnapshot(tx, snapshot, read));
  }

  private change(userId: string, write: (tx: Tx) => Promise<boolean>): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const { isChanged } = await this.billingAccounts.changeSubscriptions(tx, userId, async () => ({
        isChanged: await write(tx),
      }));
      return isChanged;
    });
  }
}

/**
 * What is left of a living subscription that Stripe no longer has: nothing charges it again, and
 * what was paid for stays until it is over; then it has ended. Null when that is known already.
 */
export function snapshotOfMissing(known: StoredSubscription, now: Date): SubscriptionSnapshot | null {
  const paidFor = [known.paidUntil, known.deferredUntil].filter((end) => end !== null && end > now);
  const isOver = paidFor.length === 0;
  if (!isOver && known.status === 'active' && known.cancelAtPeriodEnd && known.collectionVoided) return null;
  const { id, priceId, grantsPaidTier, currentPeriodStart, currentPeriodEnd, cancelAt } = known;
  return {
    id,
    customerId: null,
    userIdInMetadata: null,
    status: isOver ? 'canceled' : 'active',
    priceId,
    grantsPaidTier,
    currentPeriodStart,
    currentPeriodEnd,
    cancelAt,
    cancelAtPeriodEnd: true,
    collectionVoided: true,
    endedAt: isOver ? now : null,
  };
}
