import Stripe from 'stripe';
import type { Config } from '../../platform/config/config.js';
import { problem, ok, warning, type CheckResult } from '../../platform/check-result.js';
import { handledEventTypes } from '../webhooks/stripe-event-types.js';

const check = 'Stripe endpoint';
/** An endpoint that fails holds up invoices whose creation it learns of. */
const delaysInvoices = 'invoice.created';

/** Where Stripe is to send its events. */
export function webhookUrl({ baseUrl }: Config): string {
  return `${baseUrl}/webhooks/stripe`;
}

/** Those of `endpoints` that send to `url`. */
export function endpointsOf(
  endpoints: readonly Stripe.WebhookEndpoint[],
  url: string,
): Stripe.WebhookEndpoint[] {
  return endpoints.filter((endpoint) => endpoint.url.replace(/\/+$/, '') === url);
}

/** What is right or wrong with the webhook endpoint that leads to us. */
export function checkWebhookEndpoints(
  endpoints: readonly Stripe.WebhookEndpoint[],
  { url, isSandbox }: { url: string; isSandbox: boolean },
): CheckResult[] {
  const ours = endpointsOf(endpoints, url);
  const enabled = ours.filter(({ status }) => status === 'enabled');
  const [endpoint] = enabled;
  if (endpoint === undefined) return [ours.length === 0 ? missingEndpoint(url) : disabledEndpoint(url)];
  const findings = [ok(check, `${endpoint.id} is enabled and sends to ${url}`), checkVersion(endpoint)];
  if (enabled.length > 1)
    findings.push(
      warning(
        check,
        `${enabled.length} enabled endpoints send to ${url}`,
        'Delete all but one, or list the secrets of all of them in STRIPE_WEBHOOK_SECRET.',
      ),
    );
  return [...findings, ...checkEventTypes(endpoint, isSandbox)];
}

function missingEndpoint(url: string): CheckResult {
  const seen = `no endpoint sends to ${url}`;
  const advice = 'Create one: npx twofold stripe setup. Or correct BASE_URL.';
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(url)
    ? warning(check, seen, `While you develop: stripe listen --forward-to ${url}`)
    : problem(check, seen, advice);
}

function disabledEndpoint(url: string): CheckResult {
  const advice =
    'Enable it: npx twofold stripe setup --enable. Then fetch the missed events: npx twofold reconcile.';
  return problem(check, `the endpoint that sends to ${url} is disabled`, advice);
}

function checkVersion({ api_version: version }: Stripe.WebhookEndpoint): CheckResult {
  const name = 'Stripe API version';
  if (version === Stripe.API_VERSION) return ok(name, `events are sent in ${version}`);
  const advice = `Create the endpoint again with ${Stripe.API_VERSION}: objects of other versions must be fetched one by one.`;
  return version === null
    ? warning(name, 'events are sent in the account’s default version, which may change', advice)
    : problem(name, `events are sent in ${version}`, advice);
}

function checkEventTypes(
  { enabled_events: sent }: Stripe.WebhookEndpoint,
  isSandbox: boolean,
): CheckResult[] {
  const name = 'Stripe event types';
  if (sent.includes('*')) {
    const advice = `Choose the types of docs/configuration.md: ${delaysInvoices} among them delays invoices while this server is down.`;
    return [isSandbox ? ok(name, 'the sandbox sends all') : warning(name, 'all types are sent', advice)];
  }
  const missing = handledEventTypes.filter((type) => !sent.includes(type));
  const superfluous = sent.filter((type) => !handledEventTypes.includes(type));
  const findings: CheckResult[] = [];
  if (missing.length > 0)
    findings.push(problem(name, `not sent: ${missing.join(', ')}`, 'Add these types to the endpoint.'));
  if (superfluous.includes(delaysInvoices)) {
    const advice = 'Remove it: it delays invoices for up to 72 hours while this server is down.';
    findings.push(warning(name, `${delaysInvoices} is sent`, advice));
  }
  const unused = superfluous.filter((type) => type !== delaysInvoices);
  if (unused.length > 0)
    findings.push(ok(name, `sent but not used, which is harmless: ${unused.join(', ')}`));
  return findings.length > 0 ? findings : [ok(name, `all ${handledEventTypes.length} types in use are sent`)];
}
