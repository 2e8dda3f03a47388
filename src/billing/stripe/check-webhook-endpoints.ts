import Stripe from 'stripe';
import type { Config } from '../../platform/config/config.js';
import { problem, ok, warning, type CheckResult } from '../../platform/check-result.js';
import { handledEventTypes } from '../webhooks/stripe-event-types.js';

const check = 'stripeEndpoint';
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
  if (endpoint === undefined)
    return [ours.length === 0 ? missingEndpoint(url) : problem(check, 'endpointDisabled', { url })];
  const findings = [ok(check, 'endpointEnabled', { id: endpoint.id, url }), checkVersion(endpoint)];
  if (enabled.length > 1) findings.push(warning(check, 'severalEndpoints', { count: enabled.length, url }));
  return [...findings, ...checkEventTypes(endpoint, isSandbox)];
}

function missingEndpoint(url: string): CheckResult {
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(url)
    ? warning(check, 'localEndpointMissing', { url })
    : problem(check, 'endpointMissing', { url });
}

function checkVersion({ api_version: version }: Stripe.WebhookEndpoint): CheckResult {
  const name = 'stripeApiVersion';
  const values = { expected: Stripe.API_VERSION };
  if (version === null) return warning(name, 'defaultApiVersion', values);
  const level = version === Stripe.API_VERSION ? ok : problem;
  return level(name, 'apiVersion', { ...values, version });
}

function checkEventTypes(
  { enabled_events: sent }: Stripe.WebhookEndpoint,
  isSandbox: boolean,
): CheckResult[] {
  const name = 'stripeEventTypes';
  if (sent.includes('*'))
    return [
      isSandbox
        ? ok(name, 'sandboxSendsAllTypes')
        : warning(name, 'allTypesSent', { delaying: delaysInvoices }),
    ];
  const missing = handledEventTypes.filter((type) => !sent.includes(type));
  const superfluous = sent.filter((type) => !handledEventTypes.includes(type));
  const findings: CheckResult[] = [];
  if (missing.length > 0) findings.push(problem(name, 'typesNotSent', { types: missing.join(', ') }));
  if (superfluous.includes(delaysInvoices))
    findings.push(warning(name, 'delayingTypeSent', { type: delaysInvoices }));
  const unused = superfluous.filter((type) => type !== delaysInvoices);
  if (unused.length > 0) findings.push(ok(name, 'unusedTypesSent', { types: unused.join(', ') }));
  return findings.length > 0 ? findings : [ok(name, 'usedTypesSent', { count: handledEventTypes.length })];
}
