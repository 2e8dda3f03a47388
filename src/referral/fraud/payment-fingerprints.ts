/** With what somebody pays, as Stripe knows it. */
export interface PaymentIdentity {
  customers: string[];
  /** Stripe's fingerprints of their cards: the same card is the same anywhere in one account. */
  cards: string[];
}

/** Asks with what somebody pays. Declared here, implemented by billing, bound by the application. */
export abstract class PaymentFingerprints {
  /** Goes over the network: with no transaction open. Errors: `billing.stripe_unreachable`. */
  abstract of(userId: string): Promise<PaymentIdentity>;
}
