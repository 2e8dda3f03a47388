import { Injectable } from '@nestjs/common';
import { Secrets } from '../../platform/security/secrets.js';
import { hashSignals, type UserSignals, type Signal } from './signals.js';

/** Asks with what a person pays. Declared here, implemented by billing, bound by the application. */
export abstract class PaymentIdentityProvider {
  /** Goes over the network: with no transaction open. Errors: `billing.stripe_unreachable`. */
  abstract findByUser(userId: string): Promise<PaymentIdentity>;
}

/** With what people pay, as keyed hashes. */
@Injectable()
export class PaymentSignals {
  constructor(
    private readonly identities: PaymentIdentityProvider,
    private readonly secrets: Secrets,
  ) {}

  /** The customers and cards of `userId`. Goes over the network. Errors: see {@link PaymentIdentityProvider}. */
  async loadForUser(userId: string): Promise<UserSignals> {
    const { customers, cards } = await this.identities.findByUser(userId);
    const signals = (kind: Signal['kind'], value: string): Signal[] => hashSignals(this.secrets, kind, value);
    return {
      userId,
      signals: [
        ...customers.flatMap((id) => signals('customer', id)),
        ...cards.flatMap((card) => signals('card', card)),
      ],
    };
  }
}

/** With what a person pays, as Stripe knows it. */
export interface PaymentIdentity {
  customers: string[];
  /** Stripe's fingerprints of their cards: the same card is the same anywhere in one account. */
  cards: string[];
}
