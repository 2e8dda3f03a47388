import { pressers, type Presser } from '../buttons/panels.js';
import { eventPage } from './event-page.js';
import { noFaults, writeFaults } from '../webhooks/faults.js';
import { deliverAgain, deliverUndelivered, eventWithDeliveries } from '../webhooks/history.js';
import { dashboardPage } from './dashboard-page.js';
import { readOverview } from './overview.js';
import type { PageAnswer, PageRoute, Visit } from './route.js';

/** The overview, the page of an event, and what their buttons do. */
export const dashboardPages: PageRoute[] = [
  { method: 'GET', path: '/', answer: show },
  { method: 'GET', path: '/events/:id', answer: showEvent },
  { method: 'POST', path: '/events/:id', answer: sendEvent },
  { method: 'POST', path: '/faults', answer: setFaults },
  ...pressers.map(buttonsOf),
];

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

async function setFaults({ work, fields }: Visit): Promise<PageAnswer> {
  const action = fields.oneOf('action', 'set', 'off', 'send');
  if (action === 'set') await writeFaults(work.client, fields);
  if (action === 'off') await noFaults(work.client);
  if (action === 'send') await deliverUndelivered(work.client);
  return { goTo: '/#faults' };
}

function buttonsOf({ path, names, press }: Presser): PageRoute {
  const answer = async ({ id, work, fields }: Visit): Promise<PageAnswer> => {
    await press(work, id, fields.oneOf('action', ...names) ?? '', fields);
    return { goTo: '/' };
  };
  return { method: 'POST', path: `/${path}/:id`, answer };
}
