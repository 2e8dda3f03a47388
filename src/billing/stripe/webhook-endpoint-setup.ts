import Stripe from 'stripe';
import type { Config } from '../../platform/config/config.js';
import { handledEventTypes } from '../webhooks/stripe-event-types.js';
import { endpointsOf, webhookUrl } from './check-webhook-endpoints.js';
import { callStripe, createStripeClient } from './stripe-client.js';
import { fetchWholeList, pageSize } from './stripe-objects.js';

/** What was done, or with `isDryRun` would be, about the webhook endpoint. */
export interface EndpointSetup {
  /**
   * `other_version`: nothing, since Stripe cannot change the API version of an endpoint.
   * `disabled`: nothing, since Stripe sends it nothing until it is enabled.
   */
  outcome: 'created' | 'updated' | 'unchanged' | 'enabled' | 'disabled' | 'other_version';
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

/** What may be done besides making an endpoint and adding event types. */
export interface EndpointSetupOptions {
  isDryRun: boolean;
  /** Makes a second endpoint beside one with another API version. */
  replace?: boolean;
  /** Enables an endpoint that is disabled. */
  enable?: boolean;
}

/**
 * Makes the webhook endpoint at Stripe, or adds the event types that the present one lacks. An
 * endpoint with another API version stays; `replace` makes a second one beside it. A disabled
 * endpoint stays so, unless `enable`. Idempotent. Errors: as {@link callStripe}.
 */
export function setUpWebhookEndpoint(
  config: Config,
  { isDryRun, replace = false, enable = false }: EndpointSetupOptions,
): Promise<EndpointSetup> {
  const stripe = createStripeClient(config);
  const url = webhookUrl(config);
  return callStripe(async () => {
    const all = await fetchWholeList(stripe.webhookEndpoints.list({ limit: pageSize }));
    const present = endpointsOf(all, url);
    const right = present.filter(({ api_version: version }) => version === Stripe.API_VERSION);
    const best = right.find(isEnabled) ?? right[0];
    if (best !== undefined) return complete(stripe, best, { isDryRun, enable });
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

function isEnabled({ status }: Stripe.WebhookEndpoint): boolean {
  return status === 'enabled';
}

/** Adds the event types that an endpoint lacks, and enables it where that is asked for. */
async function complete(
  stripe: Stripe,
  endpoint: Stripe.WebhookEndpoint,
  { isDryRun, enable }: { isDryRun: boolean; enable: boolean },
): Promise<EndpointSetup> {
  const { enabled_events: sent } = endpoint;
  const missing = sent.includes('*') ? [] : handledEventTypes.filter((type) => !sent.includes(type));
  const isDisabled = !isEnabled(endpoint);
  if (isDisabled && !enable) return toSetup(endpoint, { outcome: 'disabled', addedTypes: missing });
  if (!isDisabled && missing.length === 0) return toSetup(endpoint, { outcome: 'unchanged' });
  if (!isDryRun)
    await stripe.webhookEndpoints.update(endpoint.id, {
      enabled_events: [...sent, ...missing] as Stripe.WebhookEndpointUpdateParams.EnabledEvent[],
      ...(isDisabled ? { disabled: false } : {}),
    });
  return toSetup(endpoint, { outcome: isDisabled ? 'enabled' : 'updated', addedTypes: missing });
}

function toSetup(
  { id, url, api_version: apiVersion }: Stripe.WebhookEndpoint,
  more: Pick<EndpointSetup, 'outcome'> & { addedTypes?: string[] },
): EndpointSetup {
  return { url, id, apiVersion, addedTypes: [], secret: null, ...more };
}
