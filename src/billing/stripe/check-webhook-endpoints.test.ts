import { expect, it } from 'vitest';
import Stripe from 'stripe';
import { inEnglish } from '../../../test/support/in-english.js';
import { handledEventTypes } from '../webhooks/stripe-event-types.js';
import { checkWebhookEndpoints } from './check-webhook-endpoints.js';

const url = 'https://twofold.example.org/webhooks/stripe';
const correctEndpoint: Stripe.WebhookEndpoint = {
  id: 'we_1',
  object: 'webhook_endpoint',
  api_version: Stripe.API_VERSION,
  application: null,
  created: 0,
  description: null,
  enabled_events: [...handledEventTypes],
  livemode: true,
  metadata: {},
  status: 'enabled',
  url,
};

function findProblems(endpoints: Stripe.WebhookEndpoint[], more: { url?: string; isSandbox?: boolean } = {}) {
  const findings = checkWebhookEndpoints(endpoints, { url, isSandbox: false, ...more });
  return findings
    .map(inEnglish)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, seen }) => `${level}: ${seen}`);
}

it('an endpoint with our types and version is in order, whatever else leads elsewhere', () => {
  expect(
    findProblems([
      { ...correctEndpoint, id: 'we_0', url: 'https://other.example.org', status: 'disabled' },
      correctEndpoint,
    ]),
  ).toEqual([]);
});

it.each([
  ['none', [], [`problem: no endpoint sends to ${url}`]],
  [
    'a disabled one',
    [{ ...correctEndpoint, status: 'disabled' }],
    [`problem: the endpoint that sends to ${url} is disabled`],
  ],
  ['two', [correctEndpoint, correctEndpoint], [`warning: 2 enabled endpoints send to ${url}`]],
  [
    'an old version',
    [{ ...correctEndpoint, api_version: '2020-08-27' }],
    ['problem: events are sent in 2020-08-27'],
  ],
  [
    'the account’s version',
    [{ ...correctEndpoint, api_version: null }],
    ['warning: events are sent in the account’s default version, which may change'],
  ],
  [
    'too few types',
    [{ ...correctEndpoint, enabled_events: handledEventTypes.filter((type) => !type.startsWith('refund.')) }],
    ['problem: not sent: refund.created, refund.failed, refund.updated'],
  ],
  [
    'invoices in the making',
    [{ ...correctEndpoint, enabled_events: [...handledEventTypes, 'invoice.created'] }],
    ['warning: invoice.created is sent'],
  ],
  ['all types', [{ ...correctEndpoint, enabled_events: ['*'] }], ['warning: all types are sent']],
  ['more types', [{ ...correctEndpoint, enabled_events: [...handledEventTypes, 'charge.succeeded'] }], []],
])('%s', (_what, endpoints, expected) => {
  expect(findProblems(endpoints as Stripe.WebhookEndpoint[])).toEqual(expected);
});

it('while one develops, Stripe’s command line may forward instead', () => {
  expect(findProblems([], { url: 'http://127.0.0.1:3000/webhooks/stripe' })[0]).toMatch(
    /^warning: no endpoint/,
  );
});
