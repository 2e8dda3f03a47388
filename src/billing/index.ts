export { explainWaiting } from './webhooks/webhook-handler.js';
export { BillingExport } from './billing-export.repository.js';
export { BillingVerifier, TierRepair, type TierRepairResult } from './billing-integrity.js';
export { BillingMerge, type BillingSummary, type MergedBilling, type MergePair } from './billing-merge.js';
export { SubscriptionDto } from './billing.dto.js';
export type {
  EventParked,
  EventUnparked,
  PaymentFailed,
  PaymentConflict,
  SubscriptionConflict,
} from './billing.events.js';
export { BillingModule } from './billing.module.js';
export { reversalStatuses } from './reversals/reversal.js';
export { BillingService } from './billing.service.js';
export { CheckoutService, CustomerPortal } from './checkout/checkout.service.js';
export { planName } from './checkout/plan-name.js';
export { Plans } from './checkout/plans.js';
export { CardFingerprints } from './customers/card-fingerprints.js';
export {
  findCustomerOwners,
  linkMovedCustomers,
  lockFirstPayments,
  lockReportsOf,
  recordMovedPayments,
  retryReportsOf,
  type MovedCustomer,
} from './customers/moved-customers.repository.js';
export { importCustomers, reportKnownCustomers } from './customers/customer-import.repository.js';
export { HostCustomers } from './customers/host-customers.js';
export { DeferralService } from './deferrals/deferral.service.js';
export { PaidInvoiceDto } from './payments/paid-invoice.dto.js';
export { PaidInvoices } from './payments/paid-invoices.repository.js';
export { PaymentSync } from './payments/payment-sync.js';
export { PaymentService } from './payments/payment.service.js';
export { RewardRelease } from './payments/reward-release.js';
export { HostPeople } from './reports/host-people.js';
export type {
  Finding,
  ReconciliationResult,
  ReconciliationOptions,
} from './reconciliation/reconciliation-run.js';
export { ReconciliationService } from './reconciliation/reconciliation.service.js';
export { checkStripe, checkStripeAccount } from './stripe/check-stripe.js';
export { setUpWebhookEndpoint, type EndpointSetup } from './stripe/webhook-endpoint-setup.js';
export { StripeAccount, WrongStripeAccountError } from './stripe/stripe-account.js';
export { StripeCircuit } from './stripe/stripe-client.js';
export { PaidPeriodReader } from './subscriptions/billing-accounts.js';
export type { VersionedAccount } from './subscriptions/billing-accounts.repository.js';
export { BillingRevisions } from './subscriptions/billing-revisions.js';
export { SubscriptionSync } from './subscriptions/subscription-sync.js';
export { EventReplay, ParkedEventRetries } from './webhooks/event-retries.js';
export { inboxStatuses, type InboxStatus } from './webhooks/inbox-event.entity.js';
export { checkInbox, inboxMetrics } from './webhooks/inbox-monitoring.js';
export {
  countUnprocessed,
  inboxList,
  InboxQueries,
  type UnprocessedCount,
} from './webhooks/inbox-queries.repository.js';
export { InboxRedaction, InboxRetention } from './webhooks/inbox-redaction.js';
export {
  StripeEventDetailsDto,
  StripeEventDto,
  StripeEventPageDto,
  WebhookAnswerDto,
} from './webhooks/stripe-event.dto.js';
