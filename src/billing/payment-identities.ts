import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { PaymentFingerprints, type PaymentIdentity } from '../referral/index.js';
import { Database } from '../platform/database/database.js';
import { askStripe, STRIPE } from './stripe-client.js';
import { isMissing } from './stripe-errors.js';

const chargesLookedAt = 20;

/** Reads with which cards somebody paid from their charges at Stripe. */
@Injectable()
export class PaymentIdentities extends PaymentFingerprints {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly database: Database,
  ) {
    super();
  }

  /** The customers of `userId` and the fingerprints of the cards in their newest charges. Errors: `billing.stripe_unreachable`. */
  async of(userId: string): Promise<PaymentIdentity> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM billing.customer WHERE user_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 5`,
      [userId],
    );
    const customers = rows.map(({ id }) => id);
    const cards = new Set<string>();
    for (const customer of customers) {
      for (const { payment_method_details: details } of await this.charges(customer))
        if (details?.card?.fingerprint) cards.add(details.card.fingerprint);
    }
    return { customers, cards: [...cards] };
  }

  /** None of a customer that Stripe no longer has. */
  private async charges(customer: string): Promise<Stripe.Charge[]> {
    try {
      return (await askStripe(() => this.stripe.charges.list({ customer, limit: chargesLookedAt }))).data;
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}
