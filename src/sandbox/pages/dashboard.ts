import { refused } from '../api/errors.js';
import { cancelNow } from '../verbs/cancel.js';
import { closeDispute, openDispute } from '../verbs/dispute.js';
import { refundCharge } from '../verbs/refund.js';
import { failRenewal, renew } from '../verbs/renew.js';
import { eventPage } from './event-page.js';
import { deliverAgain, eventWithDeliveries } from '../webhooks/history.js';
import { dashboardPage } from './dashboard-page.js';
import { found } from './found.js';
import { readOverview } from './overview.js';
import type { PageAnswer, PageRoute, Visit } from './route.js';

/** The overview, the page of an event, and what their buttons do. */
export const dashboardPages: PageRoute[] = [
  { method: 'GET', path: '/', answer: show },
  { method: 'GET', path: '/events/:id', answer: showEvent },
  { method: 'POST', path: '/events/:id', answer: sendEvent },
  { method: 'POST', path: '/subscriptions/:id', answer: changeSubscription },
  { method: 'POST', path: '/charges/:id', answer: changeCharge },
  { method: 'POST', path: '/disputes/:id', answer: decideDispute },
];

const OVERVIEW = { goTo: '/' };

async function show({ work, context }: Visit): Promise<PageAnswer> {
  return { html: dashboardPage(await readOverview(work), context.appName) };
}

async function showEvent({ id, work, context }: Visit): Promise<PageAnswer> {
  return { html: eventPage(await eventWithDeliveries(work.client, id), context.appName) };
}

async function sendEvent({ id, work }: Visit): Promise<PageAnswer> {
  await deliverAgain(work.client, id);
  return { goTo: `/events/${id}` };
}

async function changeSubscription(visit: Visit): Promise<PageAnswer> {
  const subscription = await found(visit, 'subscription', visit.id);
  if (subscription.status === 'canceled') throw refused('This subscription has ended.');
  const action = visit.fields.oneOf('action', 'renew', 'fail', 'cancel');
  if (action === 'renew') await renew(visit.work, subscription);
  if (action === 'fail') await failRenewal(visit.work, subscription);
  if (action === 'cancel') await cancelNow(visit.work, subscription);
  return OVERVIEW;
}

async function changeCharge(visit: Visit): Promise<PageAnswer> {
  const charge = await found(visit, 'charge', visit.id);
  const action = visit.fields.oneOf('action', 'refund', 'dispute');
  if (action === 'refund') await refundCharge(visit.work, charge, { reason: 'requested_by_customer' });
  if (action === 'dispute') {
    if (!charge.paid || charge.disputed || charge.refunded)
      throw refused('This payment cannot be disputed any more.');
    await openDispute(visit.work, charge);
  }
  return OVERVIEW;
}

async function decideDispute(visit: Visit): Promise<PageAnswer> {
  const dispute = await found(visit, 'dispute', visit.id);
  if (dispute.status !== 'needs_response') throw refused('This dispute is decided.');
  const outcome = visit.fields.oneOf('action', 'won', 'lost');
  if (outcome !== undefined) await closeDispute(visit.work, dispute, outcome);
  return OVERVIEW;
}
