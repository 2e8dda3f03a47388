import { actionRunners, type ActionRunner } from '../actions/action-groups.js';
import { eventPage } from './event-page.js';
import { clearFaults, writeFaults } from '../webhooks/faults.js';
import { redeliver, redeliverUndelivered, eventWithDeliveries } from '../webhooks/deliveries.js';
import { dashboardPage } from './dashboard-page.js';
import { readOverview } from './overview.js';
import type { PageResponse, PageRoute, PageRequest } from './route.js';

/** The overview, the page of an event, and what their buttons do. */
export const dashboardPages: PageRoute[] = [
  { method: 'GET', path: '/', handle: showOverview },
  { method: 'GET', path: '/events/:id', handle: showEvent },
  { method: 'POST', path: '/events/:id', handle: sendEvent },
  { method: 'POST', path: '/faults', handle: setFaults },
  ...actionRunners.map(actionRoute),
];

async function showOverview({ unitOfWork, context }: PageRequest): Promise<PageResponse> {
  return { html: dashboardPage(await readOverview(unitOfWork), context.appName) };
}

async function showEvent({ id, unitOfWork, context }: PageRequest): Promise<PageResponse> {
  return { html: eventPage(await eventWithDeliveries(unitOfWork.client, id), context.appName) };
}

async function sendEvent({ id, unitOfWork }: PageRequest): Promise<PageResponse> {
  await redeliver(unitOfWork.client, id);
  return { goTo: `/events/${id}` };
}

async function setFaults({ unitOfWork, fields }: PageRequest): Promise<PageResponse> {
  const action = fields.oneOf('action', 'set', 'off', 'send');
  if (action === 'set') await writeFaults(unitOfWork.client, fields);
  if (action === 'off') await clearFaults(unitOfWork.client);
  if (action === 'send') await redeliverUndelivered(unitOfWork.client);
  return { goTo: '/#faults' };
}

function actionRoute({ path, names, run }: ActionRunner): PageRoute {
  const answer = async ({ id, unitOfWork, fields }: PageRequest): Promise<PageResponse> => {
    await run(unitOfWork, id, fields.oneOf('action', ...names) ?? '', fields);
    return { goTo: '/' };
  };
  return { method: 'POST', path: `/${path}/:id`, handle: answer };
}
