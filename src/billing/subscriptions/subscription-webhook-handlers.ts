import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { SubscriptionConflict } from '../billing.events.js';
import { CustomersRepository } from '../customers/customers.repository.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { parseSubscription, fromUnix } from '../stripe/stripe-parsers.js';
import {
  applied,
  truncatedList,
  parkForUnknownUser,
  unknownShape,
  parkUnreadable,
  type WebhookOutcome,
  type WebhookHandler,
  type WebhookHandlers,
} from '../webhooks/webhook-handler.js';
import { BillingAccounts } from './billing-accounts.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';

/**
 * Snapshots of subscriptions. A change that is pending is not in force, so it is not checked. What
 * Stripe answered is compared with what we know in a job of its own, since it may be older than an
 * event that came in between.
 */
@Injectable()
export class SubscriptionWebhookHandlers {
  readonly handlers: WebhookHandlers;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly customersRepository: CustomersRepository,
    private readonly billingAccounts: BillingAccounts,
    private readonly subscriptionsRepository: SubscriptionsRepository,
    private readonly outbox: Outbox,
  ) {
    const changed: WebhookHandler = (tx, object, at) =>
      this.handleSubscriptionChanged(tx, object as Stripe.Subscription, at);
    this.handlers = {
      'customer.subscription.created': changed,
      'customer.subscription.updated': changed,
      'customer.subscription.deleted': changed,
      'customer.subscription.paused': changed,
      'customer.subscription.resumed': changed,
    };
  }

  private async handleSubscriptionChanged(
    tx: Tx,
    subscription: Stripe.Subscription,
    at: Date | null,
  ): Promise<WebhookOutcome> {
    const snapshot = parseSubscription(subscription, this.config.stripePaidPrices);
    if ('ignored' in snapshot)
      return parkUnreadable(subscription, snapshot.ignored === truncatedList ? truncatedList : unknownShape);
    lockStripeIds(tx, [snapshot.customerId, snapshot.id]);
    const userId = await this.customersRepository.findUser(
      tx,
      snapshot.customerId,
      snapshot.userIdInMetadata,
    );
    if (userId === null) return parkForUnknownUser(snapshot);
    const { detail } = await this.billingAccounts.changeSubscriptions(tx, userId, async () => {
      const detail = await this.subscriptionsRepository.applySnapshot(tx, userId, snapshot, {
        at: at ?? fromUnix(subscription.created) ?? new Date(0),
        isFetched: at === null,
      });
      if (detail === 'conflict' || (at === null && detail !== 'written')) {
        const conflict: SubscriptionConflict = {
          name: 'billing.subscription_conflict',
          subscriptionId: snapshot.id,
        };
        this.outbox.publish(tx, conflict);
      }
      // one that came late may still say since when the subscription is past due
      return { detail, isChanged: detail !== 'already' };
    });
    return applied(detail);
  }
}
