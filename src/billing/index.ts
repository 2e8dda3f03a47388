export { BillingMerge, type BillingSummary, type MergedBilling, type MergePair } from './billing-merge.js';
export { BillingModule } from './billing.module.js';
export { BillingVerifier } from './billing-verifier.js';
export { BillingExport } from './billing-export.js';
export { BillingService } from './billing.service.js';
export { SubscriptionDto } from './billing.dto.js';
export { EventReplay } from './webhooks/event-replay.js';
export { PaymentService } from './payments/payment.service.js';
export { RewardRelease } from './payments/reward-release.js';
export { InboxRedaction } from './webhooks/inbox-redaction.js';
export { InboxRetention } from './webhooks/inbox-retention.js';
export { countUnprocessed, InboxQueries, type UnprocessedCount } from './webhooks/inbox-queries.js';
export { inboxStatuses, type InboxStatus } from './webhooks/inbox-status.js';
export { PaidInvoices } from './payments/paid-invoices.js';
export { PaidInvoiceDto } from './payments/paid-invoice.dto.js';
export { StripeEventDetailsDto, StripeEventDto, StripeEventPageDto } from './webhooks/stripe-event.dto.js';
export { WebhookAnswerDto } from './webhooks/stripe-webhook.dto.js';
export { PaymentSync } from './payments/payment-sync.js';
export { inboxMetrics } from './webhooks/inbox-metrics.js';
export { checkStripeAccount } from './stripe/check-stripe-account.js';
export { checkInbox } from './webhooks/check-inbox.js';
export { checkStripe } from './stripe/check-stripe.js';
export { CheckoutService } from './checkout/checkout.service.js';
export { CustomerPortal } from './checkout/customer-portal.js';
export { importCustomers, reportKnownCustomers } from './customers/customer-import.js';
export { DeferralService } from './deferrals/deferral.service.js';
export { ParkedEventRetries } from './webhooks/parked-event-retries.js';
export { CardFingerprints } from './customers/card-fingerprints.js';
export { PaidPeriodReader } from './subscriptions/paid-period-reader.js';
export { Plans } from './checkout/plans.js';
export { ReconciliationService } from './reconciliation/reconciliation.service.js';
export type {
  Finding,
  ReconciliationResult,
  ReconciliationOptions,
} from './reconciliation/reconciliation-run.js';
export { TierRepair, type TierRepairResult } from './subscriptions/tier-repair.js';
export { StripeAccount, WrongStripeAccountError } from './stripe/stripe-account.js';
export { StripeCircuit } from './stripe/stripe-circuit.js';
export { SubscriptionSync } from './subscriptions/subscription-sync.js';
export type {
  EventParked,
  EventUnparked,
  PaymentFailed,
  PaymentConflict,
  SubscriptionConflict,
} from './billing.events.js';
