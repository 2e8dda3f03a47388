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
import { Customers } from './customers.js';
import { DevStripeController } from './dev-stripe.controller.js';
import { WebhookInbox } from './inbox.js';
import { PaidGrants } from './paid-grants.js';
import { Plans } from './plans.js';
import { STRIPE, stripeClient } from './stripe-client.js';
import { StripeEventParts } from './stripe-event-parts.js';
import { StripeEvents } from './stripe-events.js';
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
    StripeEventParts,
    StripeEvents,
    StripeSignatures,
    SubscriptionSync,
    Subscriptions,
    WebhookInbox,
    { provide: STRIPE, useFactory: (config: Config) => stripeClient(config), inject: [CONFIG] },
  ],
  exports: [BillingAudit, BillingService, Checkout, Plans, SubscriptionSync],
})
export class BillingModule {}
