export { AccountMoves, type BillingBefore, type MovedBilling, type Pair } from './account-moves.js';
export { BillingModule } from './billing.module.js';
export { BillingAudit } from './billing-audit.js';
export { BillingExport } from './billing-export.js';
export { BillingService, type SubscriptionView } from './billing.service.js';
export { EventReplay } from './event-replay.js';
export { FirstPayments } from './reversals/first-payments.js';
export { HeldRewards } from './held-rewards.js';
export { InboxRedaction } from './inbox-redaction.js';
export { InboxRetention } from './inbox-retention.js';
export {
  countWaiting,
  InboxRecords,
  inboxStatuses,
  type InboxRecord,
  type InboxStatus,
  type WaitingCount,
} from './inbox-records.js';
export { PaidInvoices, type InvoiceReversal, type PaidInvoiceView } from './reversals/paid-invoices.js';
export { PaymentSync } from './reversals/payment-sync.js';
export { inboxFigures } from './inbox-figures.js';
export { checkAccount } from './doctor/check-account.js';
export { checkInbox } from './doctor/check-inbox.js';
export { checkStripe } from './doctor/check-stripe.js';
export { Checkout } from './checkout.js';
export { importCustomers, noteKnownCustomers } from './imported-customers.js';
export { Deferrals } from './deferrals/deferrals.js';
export { ParkedEventRetries } from './parked-event-retries.js';
export { PaymentIdentities } from './payment-identities.js';
export { PaidThroughReader } from './paid-through-reader.js';
export { Plans } from './plans.js';
export type { Plan } from './price-catalog.js';
export { Reconcile } from './reconcile/reconcile.js';
export type { Finding, Reconciled, ReconcileOptions } from './reconcile/round.js';
export { TierRebuild, type TierRebuilt } from './tier-rebuild.js';
export { StripeAccount, WrongStripeAccount } from './stripe-account/stripe-account.js';
export { StripeCircuit } from './stripe-circuit.js';
export { SubscriptionSync } from './subscription-sync.js';
export type {
  EventParked,
  EventUnparked,
  PaymentFailed,
  PaymentInDoubt,
  SubscriptionInDoubt,
} from './billing.events.js';
