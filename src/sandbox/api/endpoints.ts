import type { Endpoint } from './endpoint.js';
import { account } from './resources/account.js';
import { catalog } from './resources/catalog.js';
import { checkoutSessions, paymentPages } from './resources/checkout-sessions.js';
import { creditNotes } from './resources/credit-notes.js';
import { customers, portalSessions } from './resources/customers.js';
import { disputes, refunds } from './resources/refunds.js';
import { events } from './resources/events.js';
import { invoiceDrafts, invoices } from './resources/invoices.js';
import { paymentMethods, payments } from './resources/payments.js';
import { subscriptions } from './resources/subscriptions.js';

/** Every endpoint of the API that the sandbox knows. */
export const endpoints: Endpoint[] = [
  ...account,
  ...catalog,
  ...checkoutSessions,
  ...creditNotes,
  ...customers,
  ...disputes,
  ...events,
  ...invoiceDrafts,
  ...invoices,
  ...paymentMethods,
  ...paymentPages,
  ...payments,
  ...portalSessions,
  ...refunds,
  ...subscriptions,
];
