import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { CheckoutRepository } from '../checkout/checkout.repository.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { idOrNull } from '../stripe/stripe-parsers.js';
import {
  applied,
  ignored,
  unknownShape,
  parkUnreadable,
  unknownUser,
  type WebhookOutcome,
  type WebhookHandler,
  type WebhookHandlers,
} from '../webhooks/webhook-handler.js';
import { CustomersRepository } from './customers.repository.js';

/** Who a customer is, and that one is no more. Neither says anything about money. */
@Injectable()
export class CustomerWebhookHandlers {
  readonly handlers: WebhookHandlers;

  constructor(
    private readonly customersRepository: CustomersRepository,
    private readonly checkouts: CheckoutRepository,
    private readonly clock: Clock,
  ) {
    const checkout: WebhookHandler = (tx, object) =>
      this.handleCheckoutCompleted(tx, object as Stripe.Checkout.Session);
    this.handlers = {
      'checkout.session.completed': checkout,
      'checkout.session.async_payment_succeeded': checkout,
      'checkout.session.async_payment_failed': checkout,
      'checkout.session.expired': (tx, object) =>
        this.handleCheckoutExpired(tx, object as Stripe.Checkout.Session),
      'customer.deleted': (tx, object, at) => this.handleCustomerDeleted(tx, object as Stripe.Customer, at),
    };
  }

  /**
   * Maps the customer of a checkout that we made; anybody can put a client_reference_id into one
   * that we did not.
   */
  private async handleCheckoutCompleted(tx: Tx, session: Stripe.Checkout.Session): Promise<WebhookOutcome> {
    const customerId = idOrNull(session.customer);
    lockStripeIds(tx, [customerId]);
    const userId = await this.checkouts.markCompleted(tx, session.id);
    if (userId === null) return ignored('unknown_checkout_session');
    if (customerId === null) return applied('without_customer');
    const known = await this.customersRepository.findUser(tx, customerId, userId);
    return applied(known === userId ? 'linked' : 'linked_to_another_user');
  }

  private async handleCheckoutExpired(tx: Tx, session: Stripe.Checkout.Session): Promise<WebhookOutcome> {
    if (typeof session.id !== 'string') return parkUnreadable(session, unknownShape);
    return (await this.checkouts.markClosed(tx, session.id))
      ? applied('closed')
      : ignored('unknown_checkout_session');
  }

  /**
   * The mapping stays, since older events may still come. What ends the tier is the end of the
   * subscriptions. For an unknown customer nothing follows, so nothing waits: it is noted, for the
   * case that the customer turns out to be known.
   */
  private async handleCustomerDeleted(
    tx: Tx,
    customer: Stripe.Customer,
    at: Date | null,
  ): Promise<WebhookOutcome> {
    if (typeof customer.id !== 'string') return parkUnreadable(customer, unknownShape);
    lockStripeIds(tx, [customer.id]);
    const isKnown = await this.customersRepository.markDeleted(tx, customer.id, at ?? this.clock.now());
    return isKnown ? applied('customer_marked_deleted') : ignored(unknownUser);
  }
}
