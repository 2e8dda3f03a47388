import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { PaymentFingerprints, type PaymentIdentity } from '../referral/index.js';
import { Database } from '../platform/database/database.js';
import { askStripe, STRIPE } from './stripe-client.js';

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
      const charges = await askStripe(() => this.stripe.charges.list({ customer, limit: chargesLookedAt }));
      for (const { payment_method_details: details } of charges.data)
        if (details?.card?.fingerprint) cards.add(details.card.fingerprint);
    }
    return { customers, cards: [...cards] };
  }
}
