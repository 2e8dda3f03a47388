import { sandboxAccount, sandboxWebhookEndpoint } from '../../objects/account.js';
import type { Call, Endpoint } from '../endpoint.js';
import { noSuch } from '../errors.js';
import { envelope, pageQuery } from '../listing.js';

/** The account behind the key, and where its events go. */
export const account: Endpoint[] = [
  { method: 'GET', path: '/v1/account', answer: async () => sandboxAccount() },
  { method: 'GET', path: '/v1/webhook_endpoints', answer: webhookEndpoints },
  { method: 'GET', path: '/v1/webhook_endpoints/:id', answer: webhookEndpoint },
];

async function webhookEndpoints({ params, webhookUrl }: Call) {
  const { startingAfter } = pageQuery(params, []);
  const data = startingAfter === undefined ? [sandboxWebhookEndpoint(webhookUrl)] : [];
  return envelope({ data, hasMore: false }, '/v1/webhook_endpoints');
}

async function webhookEndpoint({ id, webhookUrl }: Call) {
  const endpoint = sandboxWebhookEndpoint(webhookUrl);
  if (id !== endpoint.id) throw noSuch('webhook endpoint', id);
  return endpoint;
}
