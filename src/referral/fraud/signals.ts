import { Injectable } from '@nestjs/common';
import { Secrets } from '../../platform/security/secrets.js';
import type { SignalKind } from './signal.entity.js';

/** A signal of a person, as a keyed hash. */
export interface Signal {
  kind: SignalKind;
  hash: Buffer;
}

/**
 * The hashes of one value under every key in use, so that the rules still match after a new key.
 */
export function hashSignals(secrets: Secrets, kind: SignalKind, value: string): Signal[] {
  return secrets.hashes('signal', `${kind}:${value}`).map((hash) => ({ kind, hash }));
}

/** A person with their signals. */
export interface UserSignals {
  userId: string;
  signals: readonly Signal[];
}

/** The customers and cards that a person pays with, as Stripe knows them. */
export interface PaymentIdentity {
  customers: string[];
  /** Stripe's fingerprints of their cards: the same card is the same anywhere in one account. */
  cards: string[];
}

/**
 * Looks up what a person pays with. Declared here, implemented by billing, bound by the
 * application.
 */
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

  /**
   * The customers and cards of `userId`. Goes over the network. Errors: see
   * {@link PaymentIdentityProvider}.
   */
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
