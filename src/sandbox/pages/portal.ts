import { idOf } from '../objects/reference.js';
import { cancelNow, endingWithPeriod } from '../verbs/cancel.js';
import { held } from '../verbs/held.js';
import { refused } from '../api/errors.js';
import { found } from '../found.js';
import { portalPage } from './portal-page.js';
import type { PageAnswer, PageRoute, Visit } from './route.js';

/** The billing portal and its forms. */
export const portalPages: PageRoute[] = [
  { method: 'GET', path: '/portal/:id', answer: show },
  { method: 'POST', path: '/portal/:id', answer: act },
];

async function show(visit: Visit): Promise<PageAnswer> {
  const { work, context } = visit;
  const portal = await found(visit.work, 'billing_portal.session', visit.id);
  const ofCustomer = { sql: `data->>'customer' = $`, value: portal.customer };
  const live = { sql: `data->>'status' <> 'canceled'` };
  const subscriptions = await work.store.list('subscription', { filters: [ofCustomer, live], limit: 10 });
  const invoices = await work.store.list('invoice', { filters: [ofCustomer], limit: 12 });
  const customer = await held(work, 'customer', portal.customer);
  return {
    html: portalPage({
      portal,
      customer,
      subscriptions: subscriptions.data,
      invoices: invoices.data,
      appName: context.appName,
    }),
  };
}

async function act(visit: Visit): Promise<PageAnswer> {
  const { work, fields } = visit;
  const portal = await found(visit.work, 'billing_portal.session', visit.id);
  const subscription = await found(visit.work, 'subscription', fields.required('subscription'));
  if (idOf(subscription.customer) !== portal.customer) throw refused('This subscription is somebody else’s.');
  const action = fields.oneOf('action', 'cancel_at_period_end', 'cancel_now', 'resume');
  // A second click on a page that was loaded before the first: what it asks for is already so.
  if (subscription.status === 'canceled') return { goTo: `/portal/${portal.id}` };
  if (action === 'cancel_now') await cancelNow(work, subscription);
  else {
    const after = endingWithPeriod(subscription, action === 'cancel_at_period_end', work.now);
    await work.update('customer.subscription.updated', subscription, after);
  }
  return { goTo: `/portal/${portal.id}` };
}
