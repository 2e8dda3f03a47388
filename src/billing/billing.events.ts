/** A user of ours turned out to own a customer that events were waiting for. One for each waiting event. */
export interface EventUnparked {
  name: 'billing.event_unparked';
  eventId: string;
}

/** Two snapshots of a subscription cannot be told apart by time: Stripe must be asked. */
export interface SubscriptionInDoubt {
  name: 'billing.subscription_in_doubt';
  subscriptionId: string;
}
