import { expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { eventTypes } from '../events/event-types.js';
import { checkEndpoints } from './check-endpoints.js';

const url = 'https://twofold.example.org/webhooks/stripe';
const right: Stripe.WebhookEndpoint = {
  id: 'we_1',
  object: 'webhook_endpoint',
  api_version: Stripe.API_VERSION,
  application: null,
  created: 0,
  description: null,
  enabled_events: [...eventTypes],
  livemode: true,
  metadata: {},
  status: 'enabled',
  url,
};

function worst(endpoints: Stripe.WebhookEndpoint[], more: { url?: string; isSandbox?: boolean } = {}) {
  const findings = checkEndpoints(endpoints, { url, isSandbox: false, ...more });
  return findings.filter(({ level }) => level !== 'ok').map(({ level, seen }) => `${level}: ${seen}`);
}

it('an endpoint with our types and version is in order, whatever else leads elsewhere', () => {
  expect(
    worst([{ ...right, id: 'we_0', url: 'https://other.example.org', status: 'disabled' }, right]),
  ).toEqual([]);
});

it.each([
  ['none', [], [`problem: no endpoint leads to ${url}`]],
  [
    'a disabled one',
    [{ ...right, status: 'disabled' }],
    [`problem: the endpoint that leads to ${url} is disabled`],
  ],
  ['two', [right, right], [`warning: 2 enabled endpoints lead to ${url}`]],
  ['an old version', [{ ...right, api_version: '2020-08-27' }], ['problem: events are sent in 2020-08-27']],
  [
    'the account’s version',
    [{ ...right, api_version: null }],
    ['warning: events are sent in the account’s default version, which may change'],
  ],
  [
    'too few types',
    [{ ...right, enabled_events: eventTypes.filter((type) => !type.startsWith('refund.')) }],
    ['problem: not sent: refund.created, refund.failed, refund.updated'],
  ],
  [
    'invoices in the making',
    [{ ...right, enabled_events: [...eventTypes, 'invoice.created'] }],
    ['warning: invoice.created is sent'],
  ],
  ['all types', [{ ...right, enabled_events: ['*'] }], ['warning: all types are sent']],
  ['more types', [{ ...right, enabled_events: [...eventTypes, 'charge.succeeded'] }], []],
])('%s', (_what, endpoints, expected) => {
  expect(worst(endpoints as Stripe.WebhookEndpoint[])).toEqual(expected);
});

it('while one develops, Stripe’s command line may forward instead', () => {
  expect(worst([], { url: 'http://127.0.0.1:3000/webhooks/stripe' })[0]).toMatch(/^warning: no endpoint/);
});
