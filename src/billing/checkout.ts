import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';
import { CONFIG } from '../platform/tokens.js';
import { BillingService } from './billing.service.js';
import { CheckoutRecords, type OpenCheckout } from './checkout-records.js';
import { Plans } from './plans.js';
import { STRIPE, askStripe, isRepeated } from './stripe-client.js';

/** Sends people to Stripe, to subscribe or to manage what they have. No transaction is open while Stripe is asked. */
@Injectable()
export class Checkout {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly records: CheckoutRecords,
    private readonly billing: BillingService,
    private readonly plans: Plans,
  ) {}

  /**
   * A page where `me` can pay for `priceId`. Asked twice at once: the same customer and the same page.
   * Errors: `billing.already_subscribed`, `billing.unknown_price`, `billing.stripe_unreachable`.
   */
  async begin(me: Principal, priceId: string): Promise<string> {
    if ((await this.billing.subscriptionOf(me.userId)) !== null)
      throw new DomainError('billing.already_subscribed', {
        detail: 'Change or cancel it in the billing portal instead of paying twice.',
        facts: { portal: `${this.config.baseUrl}/api/v1/billing/portal` },
      });
    if (!(await this.plans.offered()).some((plan) => plan.priceId === priceId))
      throw new DomainError('billing.unknown_price');
    const customerId = await this.customerOf(me);
    const { open, made } = await this.records.of(me.userId);
    const same = open.find((checkout) => checkout.priceId === priceId);
    if (same !== undefined) return same.url;
    await this.close(open);
    return this.create(me, customerId, priceId, made);
  }

  /** Stripe's page where `me` manages their subscription. Errors: `billing.no_customer` before the first checkout. */
  async portal(me: Principal): Promise<string> {
    const customerId = await this.records.anyCustomer(me.userId);
    if (customerId === null)
      throw new DomainError('billing.no_customer', {
        detail: 'Subscribe first; then this leads to your invoices.',
      });
    const session = await askStripe(() =>
      this.stripe.billingPortal.sessions.create({
        customer: customerId,
        return_url: `${this.config.baseUrl}/settings`,
      }),
    );
    return session.url;
  }

  /** Two requests at once send the same idempotency key, so Stripe makes one customer; a new one after a deletion. */
  private async customerOf(me: Principal): Promise<string> {
    const { id: known, deleted } = await this.records.ownCustomer(me.userId);
    if (known !== null) return known;
    const email = createHash('sha256').update(me.email).digest('hex').slice(0, 16);
    const key = `twofold-customer-${me.userId}-${email}${deleted === 0 ? '' : `-${deleted}`}`;
    const customer = await this.make(me, key, (keyed) =>
      this.stripe.customers.create({ email: me.email, metadata: { twofold_user_id: me.userId } }, keyed),
    );
    return this.records.adopt(customer.id, me.userId);
  }

  /**
   * `made` counts the checkouts so far: two requests at once share the number, the key, and so the session. Had they
   * asked for different prices, Stripe refuses the second: two open pages could both be paid.
   */
  private async create(me: Principal, customer: string, priceId: string, made: number): Promise<string> {
    const session = await this.make(me, `twofold-checkout-${me.userId}-${made}`, (keyed) =>
      this.stripe.checkout.sessions.create(
        {
          mode: 'subscription',
          customer,
          client_reference_id: me.userId,
          line_items: [{ price: priceId, quantity: 1 }],
          subscription_data: { metadata: { twofold_user_id: me.userId } },
          success_url: `${this.config.baseUrl}/settings?checkout=done`,
          cancel_url: `${this.config.baseUrl}/pricing?checkout=cancelled`,
        },
        keyed,
      ),
    );
    if (session.url === null) throw new Error('Stripe made a checkout without a page');
    await this.records.store({
      id: session.id,
      userId: me.userId,
      customerId: customer,
      priceId,
      url: session.url,
      expiresAt: new Date(session.expires_at * 1000),
    });
    return session.url;
  }

  /** Has Stripe make something once. What Stripe failed at, it would repeat to the same key for a day: the next try has another. */
  private async make<Made>(
    { userId }: Principal,
    key: string,
    create: (keyed: Stripe.RequestOptions) => Promise<Made>,
  ): Promise<Made> {
    const failures = await this.records.failures(userId);
    try {
      return await askStripe(() =>
        create({ idempotencyKey: failures === 0 ? key : `${key}-again-${failures}` }),
      );
    } catch (error) {
      if (isRepeated(error)) await this.records.noteFailure(userId, failures);
      throw error;
    }
  }

  /** An older page for another price must not be paid, too. One that is being paid at this moment cannot be closed. */
  private async close(open: OpenCheckout[]): Promise<void> {
    for (const checkout of open) {
      const { status } = await askStripe(() => this.stripe.checkout.sessions.retrieve(checkout.id));
      if (status === 'complete')
        throw new DomainError('billing.busy', {
          detail: 'Your payment is just arriving. Look again in a moment.',
        });
      if (status === 'open') await askStripe(() => this.stripe.checkout.sessions.expire(checkout.id));
      await this.records.expire(checkout.id);
    }
  }
}
