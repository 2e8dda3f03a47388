import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CreditModule } from '../credit/index.js';
import { CONFIG } from '../platform/config/config.js';
import { ReferralModule } from '../referral/index.js';
import { BillingMerge } from './billing-merge.js';
import { BillingAccounts } from './subscriptions/billing-accounts.js';
import { BillingVerifier } from './billing-verifier.js';
import { BillingController } from './billing.controller.js';
import { BillingExport } from './billing-export.js';
import { BillingService } from './billing.service.js';
import { CheckoutService } from './checkout/checkout.service.js';
import { CustomerPortal } from './checkout/customer-portal.js';
import { CheckoutCustomers } from './checkout/checkout-customers.js';
import { CheckoutSessions } from './checkout/checkout-sessions.js';
import { CheckoutRepository } from './checkout/checkout.repository.js';
import { CompletedCheckouts } from './checkout/completed-checkouts.js';
import { CustomerWebhookHandlers } from './customers/customer-webhook-handlers.js';
import { FailedPaymentWebhookHandlers } from './payments/failed-payment-webhook-handlers.js';
import {
  WebhookHandlerRegistry,
  StripeEventDispatcher,
  WebhookProcessor,
} from './webhooks/webhook-processor.js';
import { PaymentWebhookHandlers } from './payments/payment-webhook-handlers.js';
import { StripeAccount } from './stripe/stripe-account.js';
import { SubscriptionWebhookHandlers } from './subscriptions/subscription-webhook-handlers.js';
import { EventAlerts } from './webhooks/event-alerts.js';
import { EventReplay } from './webhooks/event-replay.js';
import { ReconciliationRuns } from './reconciliation/reconciliation-run.js';
import { EventListing, ReconcileEvents } from './reconciliation/reconcile-events.js';
import { ReconciliationService } from './reconciliation/reconciliation.service.js';
import { ReconcileInvoices, UnpaidCustomers } from './reconciliation/reconcile-invoices.js';
import { ReconcileObjects } from './reconciliation/reconcile-objects.js';
import { ReconcileReversals } from './reconciliation/reconcile-reversals.js';
import { ReconcileSubscriptions } from './reconciliation/reconcile-subscriptions.js';
import { CardFingerprints } from './customers/card-fingerprints.js';
import { RewardRelease } from './payments/reward-release.js';
import { PaymentService } from './payments/payment.service.js';
import { InboxRetention } from './webhooks/inbox-retention.js';
import { InboxRedaction } from './webhooks/inbox-redaction.js';
import { InboxQueries } from './webhooks/inbox-queries.js';
import { PaidInvoices } from './payments/paid-invoices.js';
import { PaymentSync } from './payments/payment-sync.js';
import { PaymentsRepository } from './payments/payments.repository.js';
import { ReversalWebhookHandlers } from './reversals/reversal-webhook-handlers.js';
import { ReversalsRepository } from './reversals/reversals.repository.js';
import { StripeObjects } from './stripe/stripe-objects.js';
import { CustomersRepository } from './customers/customers.repository.js';
import { ChargeDeferral, DeferralCandidates } from './deferrals/charge-deferral.js';
import { DeferralsRepository } from './deferrals/deferrals.repository.js';
import { DeferralStripeApi } from './deferrals/deferral-stripe-api.js';
import { UnusedDeferrals } from './deferrals/unused-deferrals.js';
import { DeferralCompletion, DeferralTransitions } from './deferrals/deferral-transitions.js';
import { DeferralRollback } from './deferrals/deferral-rollback.js';
import { DeferralService } from './deferrals/deferral.service.js';
import { DevStripeController } from './stripe/dev-stripe.controller.js';
import { WebhookInbox } from './webhooks/webhook-inbox.js';
import { PaidPeriodReader } from './subscriptions/paid-period-reader.js';
import { IdempotentCreation } from './checkout/idempotent-creation.js';
import { ParkedEventRetries } from './webhooks/parked-event-retries.js';
import { ParkedEventsRepository } from './webhooks/parked-events.repository.js';
import { Plans } from './checkout/plans.js';
import { PriceCatalog } from './checkout/price-catalog.js';
import { StripeCircuit } from './stripe/stripe-circuit.js';
import { STRIPE, createStripeClient } from './stripe/stripe-client.js';
import { StripeSignatures } from './webhooks/stripe-signatures.js';
import { SubscriptionSync } from './subscriptions/subscription-sync.js';
import { SubscriptionsRepository } from './subscriptions/subscriptions.repository.js';
import { TierRepair } from './subscriptions/tier-repair.js';
import { StripeWebhookController } from './webhooks/stripe-webhook.controller.js';
import { CheckoutSessionEntity } from './checkout/checkout-session.entity.js';
import { CustomerEntity } from './customers/customer.entity.js';
import { DeletedCustomerEntity } from './customers/deleted-customer.entity.js';
import { DeferralEntity } from './deferrals/deferral.entity.js';
import { InvoicePaymentEntity } from './payments/invoice-payment.entity.js';
import { InvoiceEntity } from './payments/invoice.entity.js';
import { RefundAsCreditEntity } from './payments/refund-as-credit.entity.js';
import { ReconciliationCursorEntity } from './reconciliation/reconciliation-cursor.entity.js';
import { ReversalEntity } from './reversals/reversal.entity.js';
import { StripeAccountEntity } from './stripe/stripe-account.entity.js';
import { BillingAccountEntity } from './subscriptions/billing-account.entity.js';
import { SubscriptionEntity } from './subscriptions/subscription.entity.js';
import { EventAlertEntity } from './webhooks/event-alert.entity.js';
import { InboxEventEntity } from './webhooks/inbox-event.entity.js';

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
];

@Module({
  imports: [TypeOrmModule.forFeature(entities), CreditModule, ReferralModule],
  controllers: [BillingController, DevStripeController, StripeWebhookController],
  providers: [
    BillingMerge,
    BillingAccounts,
    BillingVerifier,
    BillingExport,
    BillingService,
    CheckoutService,
    CustomerPortal,
    CheckoutCustomers,
    CheckoutSessions,
    CheckoutRepository,
    CompletedCheckouts,
    CustomersRepository,
    ChargeDeferral,
    DeferralsRepository,
    DeferralStripeApi,
    DeferralCandidates,
    UnusedDeferrals,
    DeferralCompletion,
    DeferralTransitions,
    DeferralRollback,
    DeferralService,
    IdempotentCreation,
    PaymentService,
    PaidPeriodReader,
    Plans,
    PriceCatalog,
    CustomerWebhookHandlers,
    FailedPaymentWebhookHandlers,
    EventAlerts,
    WebhookProcessor,
    EventListing,
    EventReplay,
    WebhookHandlerRegistry,
    RewardRelease,
    CardFingerprints,
    InboxQueries,
    InboxRedaction,
    InboxRetention,
    PaidInvoices,
    ParkedEventRetries,
    ParkedEventsRepository,
    PaymentWebhookHandlers,
    PaymentSync,
    ReconciliationService,
    ReconcileEvents,
    ReconcileInvoices,
    ReconcileObjects,
    ReconcileReversals,
    ReconcileSubscriptions,
    ReversalWebhookHandlers,
    ReversalsRepository,
    ReconciliationRuns,
    UnpaidCustomers,
    StripeAccount,
    StripeEventDispatcher,
    StripeObjects,
    SubscriptionWebhookHandlers,
    StripeSignatures,
    SubscriptionSync,
    SubscriptionsRepository,
    TierRepair,
    PaymentsRepository,
    WebhookInbox,
    StripeCircuit,
    { provide: STRIPE, useFactory: createStripeClient, inject: [CONFIG, StripeCircuit] },
  ],
  exports: [
    BillingMerge,
    BillingVerifier,
    BillingExport,
    BillingService,
    CheckoutService,
    CustomerPortal,
    DeferralService,
    EventReplay,
    PaymentService,
    RewardRelease,
    CardFingerprints,
    InboxQueries,
    InboxRedaction,
    InboxRetention,
    PaidInvoices,
    PaidPeriodReader,
    ParkedEventRetries,
    PaymentSync,
    Plans,
    ReconciliationService,
    StripeCircuit,
    SubscriptionSync,
    TierRepair,
  ],
})
export class BillingModule {}
