import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { defaultProductName, getBrand } from '../../platform/brand.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import type { PlanDto } from '../billing.dto.js';
import { STRIPE, callStripe } from '../stripe/stripe-client.js';
import { isStripeObjectMissing, refusalCode } from '../stripe/stripe-errors.js';
import { lockStripeIds } from '../stripe/stripe-locks.js';
import { idOrNull } from '../stripe/stripe-parsers.js';
import { StripeEventDispatcher } from '../webhooks/webhook-processor.js';
import { CustomerReplaced } from './checkout-customers.js';
import { CheckoutRepository, type StoredSession } from './checkout.repository.js';
import { IdempotentCreation } from './idempotent-creation.js';

type Session = Stripe.Checkout.Session;

/** Applies what a checkout made when the events that say so have not arrived. */
@Injectable()
export class CompletedCheckouts {
  constructor(
    private readonly dispatcher: StripeEventDispatcher,
    private readonly database: Database,
  ) {}

  /**
   * Applies a completed checkout, fetched with its subscription and its invoice with payments, as
   * their events would.
   * Idempotent. Errors: `billing.busy` while its payment is on its way, so that a user cannot pay
   * twice.
   */
  async apply(session: Session): Promise<void> {
    const { subscription, invoice } = session;
    const payments = listPaidPayments(invoice);
    await this.database.transaction(async (tx) => {
      const paymentIds = payments.flatMap(({ payment }) => [
        idOrNull(payment.payment_intent),
        idOrNull(payment.charge),
      ]);
      // in one order, before any of the handlers takes its own
      lockStripeIds(tx, [
        ...paymentIds,
        idOrNull(invoice),
        idOrNull(session.customer),
        idOrNull(subscription),
      ]);
      await this.dispatcher.applyFetched(tx, 'checkout.session.completed', session);
      if (typeof subscription === 'object' && subscription !== null)
        await this.dispatcher.applyFetched(tx, 'customer.subscription.updated', subscription);
      for (const payment of payments) await this.dispatcher.applyFetched(tx, 'invoice_payment.paid', payment);
      if (typeof invoice === 'object' && invoice?.status === 'paid')
        await this.dispatcher.applyFetched(tx, 'invoice.paid', invoice);
    });
    if (session.payment_status === 'unpaid' && !hasEnded(subscription))
      throw new DomainError('billing.busy', {
        detail: 'We’ll confirm your payment in a moment.',
      });
  }
}

/** What a checkout made comes along with it, so that one question answers everything. */
const expand = ['customer', 'subscription', 'invoice.payments'];

/** What `me` buys, as which customer at Stripe. */
interface Purchase {
  me: Principal;
  customerId: string;
  plan: PlanDto;
  returnTo: { success: string; cancel: string };
}

/** The checkout sessions: pages at Stripe where users pay. */
@Injectable()
export class CheckoutSessions {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly checkouts: CheckoutRepository,
    private readonly creation: IdempotentCreation,
    private readonly completed: CompletedCheckouts,
  ) {}

  /**
   * The address of a session where `me` buys `plan` as a customer: an open one that was asked for
   * with the same request, or a new one. `recheck` runs before one is created: a stored session may
   * just have turned out to be paid.
   * Errors: those of `recheck` and of {@link callStripe}; `billing.busy` while a payment is on its
   * way; {@link CustomerReplaced}.
   */
  async findOrCreateUrl(purchase: Purchase, recheck: () => Promise<void>): Promise<string> {
    const { userId } = purchase.me;
    const request = this.buildRequest(purchase);
    const sessionCount = await this.checkouts.countSessions(userId);
    const reusable = await this.findReusableUrl(userId, request);
    if (reusable !== null) return reusable;
    await recheck();
    return this.create(userId, request, sessionCount);
  }

  private buildRequest({ me, customerId, plan, returnTo }: Purchase): Stripe.Checkout.SessionCreateParams {
    return {
      mode: 'subscription',
      customer: customerId,
      client_reference_id: me.userId,
      line_items: [{ price: plan.priceId, ...(plan.usageType === 'metered' ? {} : { quantity: 1 }) }],
      subscription_data: { metadata: { twofold_user_id: me.userId } },
      success_url: returnTo.success,
      cancel_url: returnTo.cancel,
      ...brandingSettings(),
    };
  }

  /**
   * Asks Stripe for the status of a user's stored pages. Answers the address of one that is open
   * and was asked for with the same `request`, or null; every other open one is closed, since two
   * open pages could both be paid. What was paid without our hearing of it is applied. Errors:
   * those of {@link callStripe}; `billing.busy` while a payment is on its way, or while a page that
   * is not wanted stays open; {@link CustomerReplaced}.
   */
  private async findReusableUrl(
    userId: string,
    request: Stripe.Checkout.SessionCreateParams,
  ): Promise<string | null> {
    const digest = hashRequest(request);
    let url: string | null = null;
    for (const page of await this.checkouts.findUnresolved(userId)) {
      const session = await this.fetch(page.id);
      if (url === null && page.requestDigest === digest && isPayable(session)) url = session.url;
      else {
        if (isPayable(session)) await this.requireCurrentCustomer(userId, request.customer);
        await this.resolveUnused(page, session);
      }
    }
    return url;
  }

  /** An open page may be the one that a request beside this one has just made. */
  private async requireCurrentCustomer(userId: string, customerId: string | undefined): Promise<void> {
    const current = await this.checkouts.findCheckoutCustomer(userId);
    if (current.id !== customerId) throw new CustomerReplaced();
  }

  /**
   * Makes a page. `count` counts the user's pages so far: two requests at once share the number,
   * the key, and so the page. If they asked for different prices, Stripe refuses the second, and
   * the next attempt has another key. If that attempt was faster, only the page that was stored
   * first is used. Errors: those of {@link callStripe}; `billing.busy`.
   */
  private async create(
    userId: string,
    request: Stripe.Checkout.SessionCreateParams,
    sessionCount: number,
  ): Promise<string> {
    const customerId = request.customer ?? '';
    const key = `twofold-checkout-${userId}-${sessionCount}-${customerId}`;
    const session = await this.creation.create(userId, { key, customerId }, (keyed) =>
      this.stripe.checkout.sessions.create(request, keyed),
    );
    if (session.url === null) throw new Error('Stripe created a checkout session without a URL');
    await this.checkouts.insert({
      id: session.id,
      userId,
      customerId,
      priceId: request.line_items?.[0]?.price ?? '',
      url: session.url,
      expiresAt: new Date(session.expires_at * 1000),
      requestDigest: hashRequest(request),
    });
    // the next request closes whichever of them is not asked for
    if ((await this.checkouts.countSessions(userId)) > sessionCount + 1)
      throw new DomainError('billing.busy');
    return session.url;
  }

  /** Null for a page that Stripe does not have. */
  private async fetch(id: string): Promise<Session | null> {
    try {
      return await callStripe(() => this.stripe.checkout.sessions.retrieve(id, { expand }));
    } catch (error) {
      if (isStripeObjectMissing(error)) return null;
      throw error;
    }
  }

  private async resolveUnused(stored: StoredSession, found: Session | null): Promise<void> {
    const session = found?.status === 'open' ? await this.expire(stored.id) : found;
    // it could still be paid, and so could the next one
    if (isPayable(session)) throw new DomainError('billing.busy');
    if (session?.status === 'complete') await this.completed.apply(session);
    else await this.checkouts.closeSession(stored.id);
  }

  /**
   * Closes an open page; one that was closed or paid at the same moment is answered as it is now.
   */
  private async expire(id: string): Promise<Session | null> {
    try {
      return await callStripe(() => this.stripe.checkout.sessions.expire(id));
    } catch (error) {
      if (refusalCode(error) === null) throw error;
      return this.fetch(id);
    }
  }
}

function isPayable(session: Session | null): session is Session & { url: string } {
  return session?.status === 'open' && session.url !== null && !isDeletedCustomer(session.customer);
}

function isDeletedCustomer(customer: Session['customer']): boolean {
  return typeof customer === 'object' && customer?.deleted === true;
}

function hashRequest(request: Stripe.Checkout.SessionCreateParams): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

function listPaidPayments(invoice: Session['invoice']): Stripe.InvoicePayment[] {
  if (typeof invoice !== 'object' || invoice === null) return [];
  return (invoice.payments?.data ?? []).filter(({ status }) => status === 'paid');
}

function hasEnded(subscription: Session['subscription']): boolean {
  return typeof subscription === 'object' && subscription !== null && subscription.ended_at !== null;
}

/** The name and colour of the product; what is not set stays as it is set at Stripe. */
function brandingSettings(): Pick<Stripe.Checkout.SessionCreateParams, 'branding_settings'> {
  const { productName, brandColour } = getBrand();
  const settings = {
    ...(productName === defaultProductName ? {} : { display_name: productName }),
    ...(brandColour === null ? {} : { button_color: brandColour }),
  };
  return Object.keys(settings).length === 0 ? {} : { branding_settings: settings };
}
