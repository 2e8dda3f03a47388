import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Config } from '../platform/config.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { CONFIG } from '../platform/tokens.js';
import { Accounts } from './accounts.js';
import { snapshotOf, type SubscriptionSnapshot } from './facts.js';
import { STRIPE, askStripe } from './stripe-client.js';
import { isMissing } from './stripe-errors.js';
import { wholeSubscription } from './stripe-objects.js';
import { withoutStripe } from './missing-subscription.js';
import { Subscriptions, type StoredSubscription } from './subscriptions.js';

const tries = 5;

/** Asks Stripe what a subscription is now, where its events cannot say which of them is the newer. */
@Injectable()
export class SubscriptionSync {
  // eslint-disable-next-line max-params -- one question, and what it takes to write its answer
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly subscriptions: Subscriptions,
    private readonly accounts: Accounts,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Fetches and stores one subscription. The answer is written only if the row has not moved since before the
   * question was asked; otherwise it is asked again, so two of these at once cannot write the older answer last. One that
   * Stripe no longer has is ended as {@link withoutStripe} says. False when nothing had to be written.
   */
  async sync(subscriptionId: string): Promise<boolean> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const known = await this.subscriptions.find(this.database, subscriptionId);
      if (known === null || known.endedAt !== null) return false;
      const answer = await this.fetch(subscriptionId);
      if (answer === null) {
        const left = withoutStripe(known, this.clock.now());
        if (left === null) return false;
        if (await this.writeGone(known, left)) return true;
        continue;
      }
      const snapshot = snapshotOf(answer, this.config.stripePaidPrices);
      if ('ignored' in snapshot)
        throw new Error(`Stripe answered ${subscriptionId} in a shape that is not known`);
      if (await this.write(known, snapshot)) return true;
    }
    throw new Error(`Subscription ${subscriptionId} kept changing while Stripe was asked about it`);
  }

  /** Null for one that Stripe does not have. */
  private async fetch(id: string): Promise<Stripe.Subscription | null> {
    try {
      return await askStripe(async () =>
        wholeSubscription(this.stripe, await this.stripe.subscriptions.retrieve(id)),
      );
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  private writeGone(read: StoredSubscription, left: SubscriptionSnapshot): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const account = await this.accounts.lock(tx, read.userId);
      const known = await this.subscriptions.find(tx, read.id);
      if (known?.revision !== read.revision) return false;
      await this.subscriptions.project(tx, known.userId, left, { at: this.clock.now(), isAnswer: true });
      await this.accounts.refold(tx, read.userId, account);
      return true;
    });
  }

  private write(read: StoredSubscription, snapshot: SubscriptionSnapshot): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const account = await this.accounts.lock(tx, read.userId);
      const written = await this.subscriptions.overwrite(tx, snapshot, read);
      if (written) await this.accounts.refold(tx, read.userId, account);
      return written;
    });
  }
}
