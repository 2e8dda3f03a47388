import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { CheckoutRecords } from '../checkout-records.js';
import { Customers } from '../customers.js';
import { applied, ignored, unknownShape, unreadable, userUnknown, type Outcome } from '../outcome.js';
import { idOrNull } from '../stripe-fields.js';
import { lockStripeIds } from '../stripe-locks.js';
import type { EventHandler, EventHandlers } from './event-handler.js';

/** Who a customer is, and that one is no more. Neither says anything about money. */
@Injectable()
export class CustomerEvents {
  readonly handlers: EventHandlers;

  constructor(
    private readonly customers: Customers,
    private readonly checkouts: CheckoutRecords,
    private readonly clock: Clock,
  ) {
    const checkout: EventHandler = (tx, object) => this.checkoutEnded(tx, object as Stripe.Checkout.Session);
    this.handlers = {
      'checkout.session.completed': checkout,
      'checkout.session.async_payment_succeeded': checkout,
      'checkout.session.async_payment_failed': checkout,
      'checkout.session.expired': (tx, object) => this.checkoutExpired(tx, object as Stripe.Checkout.Session),
      'customer.deleted': (tx, object, at) => this.deleted(tx, object as Stripe.Customer, at),
    };
  }

  /** Maps the customer of a checkout that we made; anybody can put a client_reference_id into one that we did not. */
  private async checkoutEnded(tx: Tx, session: Stripe.Checkout.Session): Promise<Outcome> {
    const customerId = idOrNull(session.customer);
    lockStripeIds(tx, [customerId]);
    const userId = await this.checkouts.complete(tx, session.id);
    if (userId === null) return ignored('not_our_checkout');
    if (customerId === null) return applied('without_customer');
    const known = await this.customers.userOf(tx, customerId, userId);
    return applied(known === userId ? 'mapped' : 'mapped_to_another');
  }

  private async checkoutExpired(tx: Tx, session: Stripe.Checkout.Session): Promise<Outcome> {
    if (typeof session.id !== 'string') return unreadable(session, unknownShape);
    return (await this.checkouts.noteClosed(tx, session.id))
      ? applied('closed')
      : ignored('not_our_checkout');
  }

  /**
   * The mapping stays, since older events may still come. What ends the tier is the end of the subscriptions. Of a stranger
   * nothing follows, so nothing waits: it is noted, for the case that the customer turns out to be one of ours.
   */
  private async deleted(tx: Tx, customer: Stripe.Customer, at: Date | null): Promise<Outcome> {
    if (typeof customer.id !== 'string') return unreadable(customer, unknownShape);
    lockStripeIds(tx, [customer.id]);
    const isKnown = await this.customers.noteDeleted(tx, customer.id, at ?? this.clock.now());
    return isKnown ? applied('noted') : ignored(userUnknown);
  }
}
