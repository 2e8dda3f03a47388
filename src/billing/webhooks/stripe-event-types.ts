/**
 * The types of events that Stripe is to send, sorted. The webhook endpoint is subscribed to these
 * and to no others.
 */
export const handledEventTypes: readonly string[] = [
  'charge.dispute.closed',
  'charge.dispute.created',
  'charge.dispute.funds_reinstated',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.updated',
  'charge.refund.updated',
  'charge.refunded',
  'checkout.session.async_payment_failed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.completed',
  'checkout.session.expired',
  'credit_note.created',
  'credit_note.updated',
  'credit_note.voided',
  'customer.deleted',
  'customer.subscription.created',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'customer.subscription.updated',
  'invoice.paid',
  'invoice.payment_action_required',
  'invoice.payment_failed',
  'invoice.payment_succeeded',
  'invoice_payment.paid',
  'radar.early_fraud_warning.created',
  'radar.early_fraud_warning.updated',
  'refund.created',
  'refund.failed',
  'refund.updated',
];

/** As many as Stripe takes in one question. */
const maxTypesPerRequest = 20;

/** The same types, in groups that fit into one question for a list of events. */
export const handledEventTypeGroups: readonly string[][] = Array.from(
  { length: Math.ceil(handledEventTypes.length / maxTypesPerRequest) },
  (_, n) => handledEventTypes.slice(n * maxTypesPerRequest, (n + 1) * maxTypesPerRequest),
);
