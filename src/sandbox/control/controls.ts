import { refused } from '../api/errors.js';
import { pressers, type Presser } from '../buttons/panels.js';
import { payOpen } from '../pages/checkout.js';
import type { Visit } from '../pages/route.js';
import { readFaults, writeFaults } from '../webhooks/faults.js';
import {
  countDeliveries,
  deliverAgain,
  deliverUndelivered,
  eventWithDeliveries,
} from '../webhooks/history.js';

/** One call that scripts may make. *shape* `path` in Fastify's form, under `/sandbox` */
export interface Control {
  method: 'GET' | 'POST';
  path: string;
  answer: (visit: Visit) => Promise<object>;
}

/** Every call of the control API: what the buttons of the pages do, for scripts. */
export const controls: Control[] = [
  { method: 'GET', path: '/', answer: async () => ({ calls: controls.map(spelled) }) },
  { method: 'GET', path: '/faults', answer: ({ work }) => readFaults(work.client) },
  { method: 'POST', path: '/faults', answer: ({ work, fields }) => writeFaults(work.client, fields) },
  { method: 'GET', path: '/deliveries', answer: ({ work }) => countDeliveries(work.client) },
  { method: 'POST', path: '/events/send_undelivered', answer: sendUndelivered },
  { method: 'POST', path: '/events/:id/send', answer: sendEvent },
  { method: 'POST', path: '/checkouts/:id/pay', answer: payCheckout },
  ...pressers.flatMap(controlsOf),
];

function spelled({ method, path }: Control): string {
  return `${method} /sandbox${path === '/' ? '' : path}`;
}

async function sendUndelivered({ work }: Visit): Promise<object> {
  return { sent: await deliverUndelivered(work.client) };
}

async function sendEvent({ work, id }: Visit): Promise<object> {
  await deliverAgain(work.client, id);
  return (await eventWithDeliveries(work.client, id)).event;
}

async function payCheckout(visit: Visit): Promise<object> {
  const session = await payOpen(visit);
  if (session === 'declined') throw refused('The card was declined.', 'card_declined');
  if (session.status !== 'complete') throw refused(`This checkout is ${session.status}.`);
  return session;
}

function controlsOf({ path, names, press }: Presser): Control[] {
  return names.map((name) => ({
    method: 'POST',
    path: `/${path}/:id/${name}`,
    answer: ({ work, id, fields }) => press(work, id, name, fields),
  }));
}
