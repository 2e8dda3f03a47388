import type { Endpoint } from './endpoint.js';
import { account } from './resources/account.js';
import { catalog } from './resources/catalog.js';
import { checkoutSessions } from './resources/checkout-sessions.js';
import { creditNotes } from './resources/credit-notes.js';
import { customers } from './resources/customers.js';
import { disputes } from './resources/disputes.js';
import { events } from './resources/events.js';
import { invoiceDrafts } from './resources/invoice-drafts.js';
import { invoices } from './resources/invoices.js';
import { paymentMethods } from './resources/payment-methods.js';
import { paymentPages } from './resources/payment-pages.js';
import { payments } from './resources/payments.js';
import { portalSessions } from './resources/portal-sessions.js';
import { refunds } from './resources/refunds.js';
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
