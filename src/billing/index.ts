export { BillingModule } from './billing.module.js';
export { BillingAudit } from './billing-audit.js';
export { BillingService, type SubscriptionView } from './billing.service.js';
export { Checkout } from './checkout.js';
export { importCustomers, noteKnownCustomers } from './imported-customers.js';
export { Plans, type Plan } from './plans.js';
export { SubscriptionSync } from './subscription-sync.js';
export type { EventUnparked, SubscriptionInDoubt } from './billing.events.js';
