import { Injectable } from '@nestjs/common';
import { Secrets } from '../../platform/secrets.js';
import { PaymentFingerprints } from './payment-fingerprints.js';
import { signalsOf, type Known, type Signal } from './signals.js';

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
    const signals = (kind: Signal['kind'], value: string): Signal[] => signalsOf(this.secrets, kind, value);
    return {
      userId,
      signals: [
        ...customers.flatMap((id) => signals('customer', id)),
        ...cards.flatMap((card) => signals('card', card)),
      ],
    };
  }
}
