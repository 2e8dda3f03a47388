import { Injectable } from '@nestjs/common';
import { Secrets } from '../../platform/secrets.js';
import { PaymentFingerprints } from './payment-fingerprints.js';
import type { Known, Signal } from './signals.js';

/** With what people pay, as keyed hashes. */
@Injectable()
export class PaymentSignals {
  constructor(
    private readonly fingerprints: PaymentFingerprints,
    private readonly secrets: Secrets,
  ) {}

  /** The customers and cards of `userId`. Goes over the network. Errors: see {@link PaymentFingerprints}. */
  async of(userId: string): Promise<Known> {
    const { customers, cards } = await this.fingerprints.of(userId);
    const signal = (kind: Signal['kind'], value: string): Signal => ({
      kind,
      hash: this.secrets.hash('signal', `${kind}:${value}`),
    });
    const signals = [
      ...customers.map((id) => signal('customer', id)),
      ...cards.map((card) => signal('card', card)),
    ];
    return { userId, signals };
  }
}
