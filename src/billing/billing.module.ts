import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CreditModule } from '../credit/index.js';
import { CONFIG } from '../platform/config/config.js';
import { ReferralModule } from '../referral/index.js';
import { ProviderWebhooksController } from './adapters/provider-webhooks.controller.js';
import { BillingExport } from './billing-export.repository.js';
import { BillingVerifier, TierRepair } from './billing-integrity.js';
import { BillingMerge } from './billing-merge.js';
import { BillingMergeRepository } from './billing-merge.repository.js';
import { BillingController } from './billing.controller.js';
import { BillingService } from './billing.service.js';
import { CheckoutCustomers } from './checkout/checkout-customers.js';
import { CheckoutSessionEntity } from './checkout/checkout-session.entity.js';
import { CheckoutSessions, CompletedCheckouts } from './checkout/checkout-sessions.js';
import { CheckoutRepository } from './checkout/checkout.repository.js';
import { CheckoutService, CustomerPortal } from './checkout/checkout.service.js';
import { IdempotentCreation } from './checkout/idempotent-creation.js';
import { Plans, PriceCatalog } from './checkout/plans.js';
import { ReturnUrls } from './checkout/return-urls.js';
import { CardFingerprints } from './customers/card-fingerprints.js';
import { CustomerWebhookHandlers } from './customers/customer-webhook-handlers.js';
import { CustomerEntity } from './customers/customer.entity.js';
import { CustomersRepository } from './customers/customers.repository.js';
import { HostCustomers } from './customers/host-customers.js';
import { DeletedCustomerEntity } from './customers/deleted-customer.entity.js';
import { ChargeDeferral, DeferralCandidates } from './deferrals/charge-deferral.js';
import { DeferralRollback } from './deferrals/deferral-rollback.js';
import { DeferralStripeApi } from './deferrals/deferral-stripe-api.js';
import {
  DeferralCompletion,
  DeferralTransitions,
  UnusedDeferrals,
} from './deferrals/deferral-transitions.js';
import { DeferralEntity } from './deferrals/deferral.entity.js';
import { DeferralService } from './deferrals/deferral.service.js';
import { DeferralsRepository } from './deferrals/deferrals.repository.js';
import { InvoicePaymentEntity } from './payments/invoice-payment.entity.js';
import { InvoiceEntity } from './payments/invoice.entity.js';
import { PaidInvoices } from './payments/paid-invoices.repository.js';
import { PaymentSync } from './payments/payment-sync.js';
import { PaymentWebhookHandlers } from './payments/payment-webhook-handlers.js';
import { PaymentService } from './payments/payment.service.js';
import { PaymentsRepository } from './payments/payments.repository.js';
import { RefundAsCreditEntity } from './payments/refund-as-credit.entity.js';
import { RewardRelease } from './payments/reward-release.js';
import { EventListing, ReconcileEvents } from './reconciliation/reconcile-events.js';
import { ReconcileInvoices, UnpaidCustomers } from './reconciliation/reconcile-invoices.js';
import { ReconcileReversals } from './reconciliation/reconcile-reversals.js';
import { ReconcileSubscriptions } from './reconciliation/reconcile-subscriptions.js';
import { ReconciliationCursorEntity } from './reconciliation/reconciliation-cursor.entity.js';
import { ReconciliationRuns } from './reconciliation/reconciliation-run.js';
import { ReconciliationRepository } from './reconciliation/reconciliation.repository.js';
import { ReconcileObjects, ReconciliationService } from './reconciliation/reconciliation.service.js';
import { PaymentReports } from './reports/payment-reports.js';
import { PaymentReportsController } from './reports/payment-reports.controller.js';
import { PaymentReportHandlers } from './reports/payment-report-handlers.js';
import { ReportedPayers } from './reports/reported-payers.js';
import { SubscriptionReportHandlers } from './reports/subscription-report-handlers.js';
import { ReversalWebhookHandlers } from './reversals/reversal-webhook-handlers.js';
import { ReversalEntity } from './reversals/reversal.entity.js';
import { ReversalsRepository } from './reversals/reversals.repository.js';
import { DevStripeController } from './stripe/dev-stripe.controller.js';
import { StripeAccountEntity } from './stripe/stripe-account.entity.js';
import { AbandonedSubscriptions, StripeAccount } from './stripe/stripe-account.js';
import { StripeAccountRepository } from './stripe/stripe-account.repository.js';
import { STRIPE, StripeCircuit, createStripeClient } from './stripe/stripe-client.js';
import { StripeObjects } from './stripe/stripe-objects.js';
import { BillingAccountEntity } from './subscriptions/billing-account.entity.js';
import { BillingAccounts, PaidPeriodReader } from './subscriptions/billing-accounts.js';
import { BillingAccountsRepository } from './subscriptions/billing-accounts.repository.js';
import { BillingRevisions } from './subscriptions/billing-revisions.js';
import { SubscriptionSync } from './subscriptions/subscription-sync.js';
import { SubscriptionWebhookHandlers } from './subscriptions/subscription-webhook-handlers.js';
import { SubscriptionEntity } from './subscriptions/subscription.entity.js';
import { SubscriptionsRepository } from './subscriptions/subscriptions.repository.js';
import { EventAlertEntity } from './webhooks/event-alert.entity.js';
import { EventAlerts } from './webhooks/event-alerts.repository.js';
import { EventReplay, ParkedEventRetries } from './webhooks/event-retries.js';
import { InboxEventEntity } from './webhooks/inbox-event.entity.js';
import { InboxPayloadEntity } from './webhooks/inbox-payload.entity.js';
import { InboxPayloadsRepository } from './webhooks/inbox-payloads.repository.js';
import { InboxQueries } from './webhooks/inbox-queries.repository.js';
import { InboxRedaction, InboxRetention } from './webhooks/inbox-redaction.js';
import { InboxRepository } from './webhooks/inbox.repository.js';
import { ParkedEventsRepository } from './webhooks/parked-events.repository.js';
import { StripeSignatures } from './webhooks/stripe-signatures.js';
import { StripeWebhookController } from './webhooks/stripe-webhook.controller.js';
import {
  StripeEventDispatcher,
  WebhookHandlerRegistry,
  WebhookProcessor,
} from './webhooks/webhook-processor.js';

const entities = [
  CheckoutSessionEntity,
  CustomerEntity,
  DeletedCustomerEntity,
  DeferralEntity,
  InvoicePaymentEntity,
  InvoiceEntity,
  RefundAsCreditEntity,
  ReconciliationCursorEntity,
  ReversalEntity,
  StripeAccountEntity,
  BillingAccountEntity,
  SubscriptionEntity,
  EventAlertEntity,
  InboxEventEntity,
  InboxPayloadEntity,
];

const checkout = [
  CheckoutService,
  CustomerPortal,
  CheckoutCustomers,
  CheckoutSessions,
  CompletedCheckouts,
  IdempotentCreation,
  Plans,
  ReturnUrls,
  PriceCatalog,
  CheckoutRepository,
];

const customers = [CustomerWebhookHandlers, CardFingerprints, CustomersRepository];

const deferrals = [
  DeferralService,
  ChargeDeferral,
  DeferralCandidates,
  DeferralRollback,
  DeferralTransitions,
  DeferralCompletion,
  UnusedDeferrals,
  DeferralStripeApi,
  DeferralsRepository,
];

const payments = [
  PaymentService,
  PaymentWebhookHandlers,
  PaymentSync,
  RewardRelease,
  PaidInvoices,
  PaymentsRepository,
];

const reconciliation = [
  ReconciliationService,
  ReconciliationRuns,
  ReconcileEvents,
  EventListing,
  ReconcileObjects,
  ReconcileInvoices,
  UnpaidCustomers,
  ReconcileReversals,
  ReconcileSubscriptions,
  ReconciliationRepository,
];

const reports = [PaymentReports, PaymentReportHandlers, ReportedPayers, SubscriptionReportHandlers];

const reversals = [ReversalWebhookHandlers, ReversalsRepository];

const stripe = [
  { provide: STRIPE, useFactory: createStripeClient, inject: [CONFIG, StripeCircuit] },
  StripeCircuit,
  StripeObjects,
  StripeAccount,
  AbandonedSubscriptions,
  StripeAccountRepository,
];

const subscriptions = [
  BillingAccounts,
  PaidPeriodReader,
  SubscriptionWebhookHandlers,
  SubscriptionSync,
  BillingAccountsRepository,
  SubscriptionsRepository,
];

const webhooks = [
  StripeSignatures,
  WebhookProcessor,
  StripeEventDispatcher,
  WebhookHandlerRegistry,
  EventAlerts,
  EventReplay,
  ParkedEventRetries,
  InboxQueries,
  InboxRedaction,
  InboxRetention,
  InboxRepository,
  InboxPayloadsRepository,
  ParkedEventsRepository,
];

@Module({
  imports: [TypeOrmModule.forFeature(entities), CreditModule, ReferralModule],
  controllers: [
    BillingController,
    DevStripeController,
    PaymentReportsController,
    ProviderWebhooksController,
    StripeWebhookController,
  ],
  providers: [
    BillingService,
    BillingExport,
    BillingMerge,
    BillingRevisions,
    HostCustomers,
    BillingMergeRepository,
    BillingVerifier,
    TierRepair,
    ...checkout,
    ...customers,
    ...deferrals,
    ...payments,
    ...reconciliation,
    ...reports,
    ...reversals,
    ...stripe,
    ...subscriptions,
    ...webhooks,
  ],
  exports: [
    BillingService,
    BillingExport,
    BillingMerge,
    BillingRevisions,
    HostCustomers,
    BillingVerifier,
    TierRepair,
    ...[CheckoutService, CustomerPortal, Plans],
    ...[CardFingerprints, DeferralService],
    ...[PaymentService, PaymentSync, RewardRelease, PaidInvoices],
    ...[ReconciliationService, StripeCircuit],
    ...[PaidPeriodReader, SubscriptionSync],
    ...[EventReplay, ParkedEventRetries, InboxQueries, InboxRedaction, InboxRetention],
  ],
})
export class BillingModule {}
