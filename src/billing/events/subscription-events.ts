import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Config } from '../../platform/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/outbox.js';
import { CONFIG } from '../../platform/tokens.js';
import { Accounts } from '../accounts.js';
import type { SubscriptionInDoubt } from '../billing.events.js';
import { Customers } from '../customers.js';
import { snapshotOf } from '../facts.js';
import { applied, listCut, ofUnknownUser, unknownShape, unreadable, type Outcome } from '../outcome.js';
import { moment } from '../stripe-fields.js';
import { lockStripeIds } from '../stripe-locks.js';
import { Subscriptions } from '../subscriptions.js';
import type { EventHandler, EventHandlers } from './event-handler.js';

/**
 * Snapshots of subscriptions. A change that is pending is not in force, so it is not looked at. What Stripe answered is
 * compared with what we know in a job of its own, since it may be older than an event that came in between.
 */
@Injectable()
export class SubscriptionEvents {
  readonly handlers: EventHandlers;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly customers: Customers,
    private readonly accounts: Accounts,
    private readonly subscriptions: Subscriptions,
    private readonly outbox: Outbox,
  ) {
    const changed: EventHandler = (tx, object, at) => this.changed(tx, object as Stripe.Subscription, at);
    this.handlers = {
      'customer.subscription.created': changed,
      'customer.subscription.updated': changed,
      'customer.subscription.deleted': changed,
      'customer.subscription.paused': changed,
      'customer.subscription.resumed': changed,
    };
  }

  private async changed(tx: Tx, subscription: Stripe.Subscription, at: Date | null): Promise<Outcome> {
    const snapshot = snapshotOf(subscription, this.config.stripePaidPrices);
    if ('ignored' in snapshot)
      return unreadable(subscription, snapshot.ignored === listCut ? listCut : unknownShape);
    lockStripeIds(tx, [snapshot.customerId, snapshot.id]);
    const userId = await this.customers.userOf(tx, snapshot.customerId, snapshot.userIdInMetadata);
    if (userId === null) return ofUnknownUser(snapshot);
    const account = await this.accounts.lock(tx, userId);
    const detail = await this.subscriptions.project(tx, userId, snapshot, {
      at: at ?? moment(subscription.created) ?? new Date(0),
      isAnswer: at === null,
    });
    if (detail === 'in_doubt' || (at === null && detail !== 'written')) await this.doubt(tx, snapshot.id);
    // one that came late may still say since when the subscription is past due
    if (detail !== 'already') await this.accounts.refold(tx, userId, account);
    return applied(detail);
  }

  /** Puts off asking Stripe until after the commit. */
  private doubt(tx: Tx, subscriptionId: string): Promise<void> {
    const event: SubscriptionInDoubt = { name: 'billing.subscription_in_doubt', subscriptionId };
    return this.outbox.publish(tx, event);
  }
}
