import { Module } from '@nestjs/common';
import type { Config } from '../platform/config.js';
import { CONFIG } from '../platform/tokens.js';
import { ReferralModule } from '../referral/index.js';
import { Accounts } from './accounts.js';
import { BillingAudit } from './billing-audit.js';
import { BillingController } from './billing.controller.js';
import { BillingService } from './billing.service.js';
import { Checkout } from './checkout.js';
import { CheckoutRecords } from './checkout-records.js';
import { CustomerEvents } from './events/customer-events.js';
import { DunningEvents } from './events/dunning-events.js';
import { EventTable } from './events/event-table.js';
import { PaymentEvents } from './events/payment-events.js';
import { StripeEvents } from './events/stripe-events.js';
import { SubscriptionEvents } from './events/subscription-events.js';
import { EventIntake } from './event-intake.js';
import { EventReplay } from './event-replay.js';
import { FirstPayments } from './reversals/first-payments.js';
import { PaymentSync } from './reversals/payment-sync.js';
import { PaymentTrail } from './reversals/payment-trail.js';
import { Payments } from './reversals/payments.js';
import { ReversalEvents } from './reversals/reversal-events.js';
import { Reversals } from './reversals/reversals.js';
import { StripeObjects } from './stripe-objects.js';
import { Customers } from './customers.js';
import { DevStripeController } from './dev-stripe.controller.js';
import { WebhookInbox } from './inbox.js';
import { PaidGrants } from './paid-grants.js';
import { Plans } from './plans.js';
import { STRIPE, stripeClient } from './stripe-client.js';
import { StripeSignatures } from './stripe-signature.js';
import { SubscriptionSync } from './subscription-sync.js';
import { Subscriptions } from './subscriptions.js';
import { WebhookController } from './webhook.controller.js';

@Module({
  imports: [ReferralModule],
  controllers: [BillingController, DevStripeController, WebhookController],
  providers: [
    Accounts,
    BillingAudit,
    BillingService,
    Checkout,
    CheckoutRecords,
    Customers,
    PaidGrants,
    Plans,
    CustomerEvents,
    DunningEvents,
    EventIntake,
    EventReplay,
    EventTable,
    FirstPayments,
    PaymentEvents,
    PaymentSync,
    PaymentTrail,
    Payments,
    ReversalEvents,
    Reversals,
    StripeEvents,
    StripeObjects,
    SubscriptionEvents,
    StripeSignatures,
    SubscriptionSync,
    Subscriptions,
    WebhookInbox,
    { provide: STRIPE, useFactory: (config: Config) => stripeClient(config), inject: [CONFIG] },
  ],
  exports: [
    BillingAudit,
    BillingService,
    Checkout,
    EventReplay,
    FirstPayments,
    PaymentSync,
    Plans,
    SubscriptionSync,
  ],
})
export class BillingModule {}
