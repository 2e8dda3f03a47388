import Stripe from 'stripe';
import type { Config } from '../../platform/config/config.js';
import { handledEventTypes } from '../webhooks/stripe-event-types.js';
import { endpointsOf, webhookUrl } from './check-webhook-endpoints.js';
import { callStripe, createStripeClient } from './stripe-client.js';
import { fetchWholeList, pageSize } from './stripe-objects.js';

/** What was done, or with `isDryRun` would be, about the webhook endpoint. */
export interface EndpointSetup {
  /** `other_version`: nothing, since Stripe cannot change the API version of an endpoint. */
  outcome: 'created' | 'updated' | 'unchanged' | 'other_version';
  url: string;
  /** Null: a dry run made none. */
  id: string | null;
  /** The API version of the endpoint that is there; null: the account's default. */
  apiVersion: string | null;
  /** Event types that were missing. */
  addedTypes: string[];
  /** Of an endpoint that was made; Stripe shows it once. */
  secret: string | null;
}

/**
 * Makes the webhook endpoint at Stripe, or adds the event types that the present one lacks. An
 * endpoint with another API version stays; `replace` makes a second one beside it. Idempotent. A
 * disabled endpoint stays disabled. Errors: as {@link callStripe}.
 */
export function setUpWebhookEndpoint(
  config: Config,
  { isDryRun, replace }: { isDryRun: boolean; replace: boolean },
): Promise<EndpointSetup> {
  const stripe = createStripeClient(config);
  const url = webhookUrl(config);
  return callStripe(async () => {
    const all = await fetchWholeList(stripe.webhookEndpoints.list({ limit: pageSize }));
    const present = endpointsOf(all, url);
    const right = present.find(({ api_version: version }) => version === Stripe.API_VERSION);
    if (right !== undefined) return addMissingTypes(stripe, right, isDryRun);
    const [other] = present;
    if (other !== undefined && !replace) return toSetup(other, { outcome: 'other_version' });
    return create(stripe, url, isDryRun);
  });
}

async function create(stripe: Stripe, url: string, isDryRun: boolean): Promise<EndpointSetup> {
  const made = isDryRun
    ? null
    : await stripe.webhookEndpoints.create({
        url,
        api_version: Stripe.API_VERSION,
        enabled_events: [...handledEventTypes] as Stripe.WebhookEndpointCreateParams.EnabledEvent[],
        description: 'Twofold',
      });
  return {
    outcome: 'created',
    ...{ url, id: made?.id ?? null, apiVersion: Stripe.API_VERSION },
    ...{ addedTypes: [...handledEventTypes], secret: made?.secret ?? null },
  };
}

async function addMissingTypes(
  stripe: Stripe,
  endpoint: Stripe.WebhookEndpoint,
  isDryRun: boolean,
): Promise<EndpointSetup> {
  const { enabled_events: sent } = endpoint;
  const missing = sent.includes('*') ? [] : handledEventTypes.filter((type) => !sent.includes(type));
  if (missing.length === 0) return toSetup(endpoint, { outcome: 'unchanged' });
  if (!isDryRun)
    await stripe.webhookEndpoints.update(endpoint.id, {
      enabled_events: [...sent, ...missing] as Stripe.WebhookEndpointUpdateParams.EnabledEvent[],
    });
  return toSetup(endpoint, { outcome: 'updated', addedTypes: missing });
}

function toSetup(
  { id, url, api_version: apiVersion }: Stripe.WebhookEndpoint,
  more: Pick<EndpointSetup, 'outcome'> & { addedTypes?: string[] },
): EndpointSetup {
  return { url, id, apiVersion, addedTypes: [], secret: null, ...more };
}
