import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Config } from '../platform/config.js';
import type { Tx } from '../platform/database/tx.js';
import { CONFIG } from '../platform/tokens.js';
import { Accounts } from './accounts.js';
import { Customers } from './customers.js';
import { paymentOf, snapshotOf } from './facts.js';
import type { Outcome } from './inbox.js';
import { StripeEventParts } from './stripe-event-parts.js';
import type { SignedEvent } from './stripe-signature.js';

/** What each kind of event does. Locks: Stripe ids, then the account, then whatever follows below it. */
@Injectable()
export class StripeEvents {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly customers: Customers,
    private readonly accounts: Accounts,
    private readonly parts: StripeEventParts,
  ) {}

  /** Applies an accepted event in its transaction. Safe in any order, and any number of times. */
  async apply(tx: Tx, event: SignedEvent): Promise<Outcome> {
    const foreign = this.foreign(event);
    if (foreign !== null) return { outcome: 'ignored', detail: foreign };
    switch (event.type) {
      case 'invoice.paid':
      case 'invoice.payment_succeeded':
        return this.invoicePaid(tx, event.object as Stripe.Invoice);
      case 'customer.subscription.created':
      case 'customer.subscription.updated':
      case 'customer.subscription.deleted':
        return this.subscriptionChanged(tx, event.object as Stripe.Subscription, event.createdAt);
      case 'checkout.session.completed':
        return this.checkoutCompleted(tx, event.object as Stripe.Checkout.Session);
      default:
        return { outcome: 'ignored', detail: 'type_not_used' };
    }
  }

  /** Why an event is not about our own account and mode, or null. */
  private foreign(event: SignedEvent): string | null {
    if (event.thin) return 'thin_event';
    if (event.account !== null) return 'connected_account';
    const live = /^(sk|rk)_live_/.test(this.config.stripeSecretKey ?? '');
    return event.livemode === live ? null : 'other_mode';
  }

  private async invoicePaid(tx: Tx, invoice: Stripe.Invoice): Promise<Outcome> {
    const payment = paymentOf(invoice, this.config.stripePaidPrices);
    if ('ignored' in payment) return this.parts.ignore(invoice.id, payment);
    await this.customers.lock(tx, [payment.customerId, payment.subscriptionId]);
    const userId = await this.customers.userOf(tx, payment.customerId, payment.userIdInMetadata);
    if (userId === null) return parked(payment.customerId ?? payment.subscriptionId);
    return this.parts.grants.grantPaid(tx, userId, payment);
  }

  private async subscriptionChanged(tx: Tx, subscription: Stripe.Subscription, at: Date): Promise<Outcome> {
    const snapshot = snapshotOf(subscription, this.config.stripePaidPrices);
    if ('ignored' in snapshot) return this.parts.ignore(subscription.id, snapshot);
    await this.customers.lock(tx, [snapshot.customerId, snapshot.id]);
    const userId = await this.customers.userOf(tx, snapshot.customerId, snapshot.userIdInMetadata);
    if (userId === null) return parked(snapshot.customerId ?? snapshot.id);
    const account = await this.accounts.lock(tx, userId);
    const detail = await this.parts.subscriptions.project(tx, userId, snapshot, at);
    if (detail === 'in_doubt') await this.parts.doubt(tx, snapshot.id);
    if (detail === 'written') await this.accounts.refold(tx, userId, account);
    return { outcome: 'applied', detail };
  }

  /** Maps the customer of a checkout that we made; anybody can put a client_reference_id into one that we did not. */
  private async checkoutCompleted(tx: Tx, session: Stripe.Checkout.Session): Promise<Outcome> {
    const customerId =
      typeof session.customer === 'string' ? session.customer : (session.customer?.id ?? null);
    await this.customers.lock(tx, [customerId]);
    const userId = await this.parts.completeCheckout(tx, session.id);
    if (userId === null) return { outcome: 'ignored', detail: 'not_our_checkout' };
    if (customerId === null) return { outcome: 'applied', detail: 'without_customer' };
    const known = await this.customers.userOf(tx, customerId, userId);
    return { outcome: 'applied', detail: known === userId ? 'mapped' : 'mapped_to_another' };
  }
}

function parked(waitingKey: string): Outcome {
  return { outcome: 'parked', detail: 'user_unknown', waitingKey };
}
