import { idOf } from '../objects/stripe-objects.js';
import { cancelSubscription, withCancelAtPeriodEnd } from '../operations/subscriptions.js';
import { mustGet, lockOr404 } from '../operations/get-object.js';
import { invalidStateError } from '../api/errors.js';
import { portalPage } from './portal-page.js';
import type { PageResponse, PageRoute, PageRequest } from './route.js';

/** The billing portal and its forms. */
export const portalPages: PageRoute[] = [
  { method: 'GET', path: '/portal/:id', handle: showPortal },
  { method: 'POST', path: '/portal/:id', handle: submitPortal },
];

async function showPortal(pageRequest: PageRequest): Promise<PageResponse> {
  const { unitOfWork, context } = pageRequest;
  const portal = await lockOr404(pageRequest.unitOfWork, 'billing_portal.session', pageRequest.id);
  const ofCustomer = { sql: `data->>'customer' = $`, value: portal.customer };
  const live = { sql: `data->>'status' <> 'canceled'` };
  const subscriptions = await unitOfWork.store.list('subscription', {
    filters: [ofCustomer, live],
    limit: 10,
  });
  const invoices = await unitOfWork.store.list('invoice', { filters: [ofCustomer], limit: 12 });
  const customer = await mustGet(unitOfWork, 'customer', portal.customer);
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

async function submitPortal(pageRequest: PageRequest): Promise<PageResponse> {
  const { unitOfWork, fields } = pageRequest;
  const portal = await lockOr404(pageRequest.unitOfWork, 'billing_portal.session', pageRequest.id);
  const subscription = await lockOr404(
    pageRequest.unitOfWork,
    'subscription',
    fields.required('subscription'),
  );
  if (idOf(subscription.customer) !== portal.customer)
    throw invalidStateError('This subscription belongs to another customer.');
  const action = fields.oneOf('action', 'cancel_at_period_end', 'cancel_now', 'resume');
  // A second click on a page that was loaded before the first: what it asks for is already so.
  if (subscription.status === 'canceled') return { goTo: `/portal/${portal.id}` };
  if (action === 'cancel_now') await cancelSubscription(unitOfWork, subscription);
  else {
    const after = withCancelAtPeriodEnd(subscription, action === 'cancel_at_period_end', unitOfWork.now);
    await unitOfWork.update('customer.subscription.updated', subscription, after);
  }
  return { goTo: `/portal/${portal.id}` };
}
