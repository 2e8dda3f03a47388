/**
 * A known user turned out to own a customer that events were waiting for. One for each waiting
 * event.
 */
export interface EventUnparked {
  name: 'billing.event_unparked';
  eventId: string;
}

/** An event was parked for a reason that Stripe's answer removes. */
export interface EventParked {
  name: 'billing.event_parked';
  eventId: string;
}

/** Two snapshots of a subscription cannot be ordered by time: Stripe must be asked. */
export interface SubscriptionConflict {
  name: 'billing.subscription_conflict';
  subscriptionId: string;
}

/**
 * Two snapshots of one dispute cannot be ordered by time: Stripe must be asked about its payment.
 */
export interface PaymentConflict {
  name: 'billing.payment_conflict';
  paymentId: string;
}

/**
 * A card was declined, or its bank requires authentication. Published for each attempt; one email
 * is sent per invoice.
 */
export interface PaymentFailed {
  name: 'billing.payment_failed';
  userId: string;
  invoiceId: string;
  actionRequired: boolean;
}
