import type Stripe from 'stripe';
import { newPortalSession } from '../../objects/portal-session.js';
import { given, type Call, type Endpoint } from '../endpoint.js';

/** Billing portal sessions: where a customer looks after his subscription. */
export const portalSessions: Endpoint[] = [
  { method: 'POST', path: '/v1/billing_portal/sessions', answer: create },
];

async function create(call: Call): Promise<Stripe.BillingPortal.Session> {
  const { params, work } = call;
  const customer = await given(call, 'customer', params.required('customer'), 'customer');
  const returnUrl = params.webAddress('return_url') ?? null;
  const session = newPortalSession(customer.id, returnUrl, work.origin, work.now);
  await work.store.insert(session);
  await work.emit('billing_portal.session.created', session);
  return session;
}
