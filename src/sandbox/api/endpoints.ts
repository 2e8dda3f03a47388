import type { Endpoint } from './endpoint.js';
import { account } from './resources/account.js';
import { catalog } from './resources/catalog.js';
import { checkoutSessions } from './resources/checkout-sessions.js';
import { customers } from './resources/customers.js';
import { events } from './resources/events.js';
import { invoices } from './resources/invoices.js';
import { payments } from './resources/payments.js';
import { portalSessions } from './resources/portal-sessions.js';
import { subscriptions } from './resources/subscriptions.js';

/** Every endpoint of the API that the sandbox knows. */
export const endpoints: Endpoint[] = [
  ...account,
  ...catalog,
  ...checkoutSessions,
  ...customers,
  ...events,
  ...invoices,
  ...payments,
  ...portalSessions,
  ...subscriptions,
];
