import Stripe from 'stripe';
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

/** The one account behind every key of the sandbox. */
export function sandboxAccount(): Stripe.Account {
  return {
    id: 'acct_sandbox',
    object: 'account',
    business_type: null,
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: 'US',
    default_currency: 'usd',
    details_submitted: true,
    email: null,
    metadata: {},
    payouts_enabled: false,
    type: 'standard',
  };
}

/** The one webhook endpoint: where the sandbox sends its events. */
export function sandboxWebhookEndpoint(url: string): Stripe.WebhookEndpoint {
  return {
    id: 'we_sandbox',
    object: 'webhook_endpoint',
    api_version: Stripe.API_VERSION,
    application: null,
    created: 1_735_689_600,
    description: 'The app beside this sandbox',
    enabled_events: ['*'],
    livemode: false,
    metadata: {},
    status: 'enabled',
    url,
  };
}
