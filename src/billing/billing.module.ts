import { Module } from '@nestjs/common';
import { CreditModule } from '../credit/index.js';
import { CONFIG } from '../platform/tokens.js';
import { ReferralModule } from '../referral/index.js';
import { AccountMoves } from './account-moves.js';
import { Accounts } from './accounts.js';
import { BillingAudit } from './billing-audit.js';
import { BillingController } from './billing.controller.js';
import { BillingExport } from './billing-export.js';
import { BillingService } from './billing.service.js';
import { Checkout } from './checkout.js';
import { CheckoutCustomers } from './checkout-customers.js';
import { CheckoutPages } from './checkout-pages.js';
import { CheckoutRecords } from './checkout-records.js';
import { CompletedCheckouts } from './completed-checkouts.js';
import { CustomerEvents } from './events/customer-events.js';
import { DunningEvents } from './events/dunning-events.js';
import { EventTable } from './events/event-table.js';
import { PaymentEvents } from './events/payment-events.js';
import { StripeAccount } from './stripe-account/stripe-account.js';
import { StrandedSubscriptions } from './stripe-account/stranded-subscriptions.js';
import { StripeEvents } from './events/stripe-events.js';
import { SubscriptionEvents } from './events/subscription-events.js';
import { EventAlerts } from './event-alerts.js';
import { EventIntake } from './event-intake.js';
import { EventReplay } from './event-replay.js';
import { ReconcileCursors } from './reconcile/cursors.js';
import { EventListing } from './reconcile/event-listing.js';
import { Reconcile } from './reconcile/reconcile.js';
import { ReconcileEvents } from './reconcile/reconcile-events.js';
import { ReconcileInvoices } from './reconcile/reconcile-invoices.js';
import { ReconcileObjects } from './reconcile/reconcile-objects.js';
import { ReconcileReversals } from './reconcile/reconcile-reversals.js';
import { ReconcileSubscriptions } from './reconcile/reconcile-subscriptions.js';
import { Rounds } from './reconcile/rounds.js';
import { UnpaidCustomers } from './reconcile/unpaid-customers.js';
import { PaymentIdentities } from './payment-identities.js';
import { HeldRewards } from './held-rewards.js';
import { FirstPayments } from './reversals/first-payments.js';
import { InboxRetention } from './inbox-retention.js';
import { InboxRedaction } from './inbox-redaction.js';
import { InboxRecords } from './inbox-records.js';
import { PaidInvoices } from './reversals/paid-invoices.js';
import { PaymentSync } from './reversals/payment-sync.js';
import { PaymentTrail } from './reversals/payment-trail.js';
import { Payments } from './reversals/payments.js';
import { ReversalEvents } from './reversals/reversal-events.js';
import { Reversals } from './reversals/reversals.js';
import { StripeObjects } from './stripe-objects.js';
import { Customers } from './customers.js';
import { DeferralAsking } from './deferrals/deferral-asking.js';
import { DeferralBook } from './deferrals/deferral-book.js';
import { DeferralCalls } from './deferrals/deferral-calls.js';
import { DeferralCandidates } from './deferrals/deferral-candidates.js';
import { DeferralReleases } from './deferrals/deferral-releases.js';
import { DeferralSettlement } from './deferrals/deferral-settlement.js';
import { DeferralSteps } from './deferrals/deferral-steps.js';
import { DeferralUndoing } from './deferrals/deferral-undoing.js';
import { Deferrals } from './deferrals/deferrals.js';
import { DevStripeController } from './dev-stripe.controller.js';
import { WebhookInbox } from './inbox.js';
import { TakenPayments } from './taken-payments.js';
import { PaidGrants } from './paid-grants.js';
import { PaidThroughReader } from './paid-through-reader.js';
import { KeyedCreation } from './keyed-creation.js';
import { ParkedEventRetries } from './parked-event-retries.js';
import { ParkedEvents } from './parked-events.js';
import { Plans } from './plans.js';
import { PriceCatalog } from './price-catalog.js';
import { StripeCircuit } from './stripe-circuit.js';
import { STRIPE, stripeClient } from './stripe-client.js';
import { StripeSignatures } from './stripe-signature.js';
import { SubscriptionSync } from './subscription-sync.js';
import { Subscriptions } from './subscriptions.js';
import { TierRebuild } from './tier-rebuild.js';
import { WebhookController } from './webhook.controller.js';

@Module({
  imports: [CreditModule, ReferralModule],
  controllers: [BillingController, DevStripeController, WebhookController],
  providers: [
    AccountMoves,
    Accounts,
    BillingAudit,
    BillingExport,
    BillingService,
    Checkout,
    CheckoutCustomers,
    CheckoutPages,
    CheckoutRecords,
    CompletedCheckouts,
    Customers,
    DeferralAsking,
    DeferralBook,
    DeferralCalls,
    DeferralCandidates,
    DeferralReleases,
    DeferralSettlement,
    DeferralSteps,
    DeferralUndoing,
    Deferrals,
    KeyedCreation,
    PaidGrants,
    PaidThroughReader,
    Plans,
    PriceCatalog,
    CustomerEvents,
    DunningEvents,
    EventAlerts,
    EventIntake,
    EventListing,
    EventReplay,
    EventTable,
    FirstPayments,
    HeldRewards,
    PaymentIdentities,
    InboxRecords,
    InboxRedaction,
    InboxRetention,
    PaidInvoices,
    ParkedEventRetries,
    ParkedEvents,
    PaymentEvents,
    PaymentSync,
    PaymentTrail,
    Payments,
    Reconcile,
    ReconcileCursors,
    ReconcileEvents,
    ReconcileInvoices,
    ReconcileObjects,
    ReconcileReversals,
    ReconcileSubscriptions,
    ReversalEvents,
    Reversals,
    Rounds,
    UnpaidCustomers,
    StripeAccount,
    StrandedSubscriptions,
    StripeEvents,
    StripeObjects,
    SubscriptionEvents,
    StripeSignatures,
    SubscriptionSync,
    Subscriptions,
    TierRebuild,
    TakenPayments,
    WebhookInbox,
    StripeCircuit,
    { provide: STRIPE, useFactory: stripeClient, inject: [CONFIG, StripeCircuit] },
  ],
  exports: [
    AccountMoves,
    BillingAudit,
    BillingExport,
    BillingService,
    Checkout,
    Deferrals,
    EventReplay,
    FirstPayments,
    HeldRewards,
    PaymentIdentities,
    InboxRecords,
    InboxRedaction,
    InboxRetention,
    PaidInvoices,
    PaidThroughReader,
    ParkedEventRetries,
    PaymentSync,
    Plans,
    Reconcile,
    StripeCircuit,
    SubscriptionSync,
    TierRebuild,
  ],
})
export class BillingModule {}
