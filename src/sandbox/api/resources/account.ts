import { sandboxAccount, sandboxWebhookEndpoint } from '../../objects/account.js';
import { type ApiCall, type Endpoint, listEnvelope, readPageQuery } from '../endpoint.js';
import { notFoundError } from '../errors.js';

/** The account behind the key, and where its events go. */
export const account: Endpoint[] = [
  { method: 'GET', path: '/v1/account', handle: async () => sandboxAccount() },
  { method: 'GET', path: '/v1/webhook_endpoints', handle: webhookEndpoints },
  { method: 'GET', path: '/v1/webhook_endpoints/:id', handle: webhookEndpoint },
];

async function webhookEndpoints({ params, webhookUrl }: ApiCall) {
  const { startingAfter } = readPageQuery(params, []);
  const data = startingAfter === undefined ? [sandboxWebhookEndpoint(webhookUrl)] : [];
  return listEnvelope({ data, hasMore: false }, '/v1/webhook_endpoints');
}

async function webhookEndpoint({ id, webhookUrl }: ApiCall) {
  const endpoint = sandboxWebhookEndpoint(webhookUrl);
  if (id !== endpoint.id) throw notFoundError('webhook endpoint', id);
  return endpoint;
}
