import type { CallOptions, Http } from './http.js';
import type {
  ChangeAnswer,
  PaymentAnswer,
  PutDispute,
  PutPayment,
  PutRefund,
  PutSubscription,
} from './types.js';

/**
 * Facts of a payment processor other than Stripe. Each call is idempotent, and facts may be
 * reported in any order. `provider` is the processor's name, such as `paddle`; `id` is its own id.
 */
export class Payments {
  constructor(private readonly http: Http) {}

  /** Reports a payment. The first one of an invited person credits both. */
  put(provider: string, id: string, payment: PutPayment, options?: CallOptions): Promise<PaymentAnswer> {
    const path = { provider, id };
    return this.http.call('put', '/api/v1/payments/{provider}/{id}', { path, body: payment, options });
  }
}

/** Refunds of {@link Payments}. */
export class Refunds {
  constructor(private readonly http: Http) {}

  /** Reports a refund, and again when its status changes. */
  put(provider: string, id: string, refund: PutRefund, options?: CallOptions): Promise<ChangeAnswer> {
    const path = { provider, id };
    return this.http.call('put', '/api/v1/refunds/{provider}/{id}', { path, body: refund, options });
  }
}

/** Disputes of {@link Payments}. */
export class Disputes {
  constructor(private readonly http: Http) {}

  /** Reports a dispute, and again when its status changes. */
  put(provider: string, id: string, dispute: PutDispute, options?: CallOptions): Promise<ChangeAnswer> {
    const path = { provider, id };
    return this.http.call('put', '/api/v1/disputes/{provider}/{id}', { path, body: dispute, options });
  }
}

/** Subscriptions at the processor of {@link Payments}. */
export class Subscriptions {
  constructor(private readonly http: Http) {}

  /** Reports the present state of a subscription; an older one never replaces a newer one. */
  put(provider: string, id: string, state: PutSubscription, options?: CallOptions): Promise<ChangeAnswer> {
    const path = { provider, id };
    return this.http.call('put', '/api/v1/subscriptions/{provider}/{id}', { path, body: state, options });
  }
}

/** What Twofold did with an event of Stripe. */
export interface StripeDelivery {
  received: true;
  outcome: 'applied' | 'duplicate' | 'ignored' | 'parked' | 'dead';
  detail: string | null;
}

/** Events of Stripe, for products whose own code receives them. */
export class StripeEvents {
  constructor(private readonly http: Http) {}

  /**
   * Hands on an event as Stripe sent it: the raw body, before any parsing, and the header
   * `Stripe-Signature`. The secret of your endpoint stands in STRIPE_WEBHOOK_SECRET of Twofold. Let
   * Stripe send it again if this rejects. Idempotent.
   */
  forward(rawBody: string | Uint8Array, signature: string, options?: CallOptions): Promise<StripeDelivery> {
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    return this.http.forward<StripeDelivery>('/webhooks/stripe', rawBody, headers, options);
  }
}
