import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Database } from '../../platform/database/database.js';
import { isStripeId } from '../../platform/processor-ids.js';
import { PaymentIdentityProvider, type PaymentIdentity } from '../../referral/index.js';
import { callStripe, STRIPE } from '../stripe/stripe-client.js';
import { isStripeObjectMissing } from '../stripe/stripe-errors.js';
import { CustomersRepository } from './customers.repository.js';

const maxCharges = 20;

/** Reads with which cards a person paid from their charges at Stripe. */
@Injectable()
export class CardFingerprints extends PaymentIdentityProvider {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly customersRepository: CustomersRepository,
    private readonly database: Database,
  ) {
    super();
  }

  /**
   * The customers of `userId` and the fingerprints of the cards in their newest charges. Errors:
   * `billing.stripe_unreachable`.
   */
  async findByUser(userId: string): Promise<PaymentIdentity> {
    const customers = await this.customersRepository.listNewest(this.database, userId);
    const cards = new Set<string>();
    for (const customer of customers.filter(isStripeId)) {
      for (const { payment_method_details: details } of await this.listCharges(customer))
        if (details?.card?.fingerprint) cards.add(details.card.fingerprint);
    }
    return { customers, cards: [...cards] };
  }

  /** None of a customer that Stripe no longer has. */
  private async listCharges(customer: string): Promise<Stripe.Charge[]> {
    try {
      return (await callStripe(() => this.stripe.charges.list({ customer, limit: maxCharges }))).data;
    } catch (error) {
      if (isStripeObjectMissing(error)) return [];
      throw error;
    }
  }
}
