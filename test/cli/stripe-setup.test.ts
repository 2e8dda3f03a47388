import Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { handledEventTypes } from '../../src/billing/webhooks/stripe-event-types.js';
import { StripeEndpoints } from '../support/stripe-endpoints.js';
import { runTwofold } from './run-twofold.js';

const stripe = new StripeEndpoints('https://refer.example');
const { endpoints, url } = stripe;
const endpoint = stripe.endpoint.bind(stripe);
let environment: Record<string, string>;
beforeAll(async () => {
  environment = {
    BASE_URL: 'https://refer.example',
    SMTP_URL: 'smtp://mail.example',
    STRIPE_SECRET_KEY: 'sk_test_setup',
    STRIPE_API_BASE: await stripe.open(),
  };
});
beforeEach(() => void endpoints.splice(0));
afterAll(() => stripe.close());

const setUp = async (...options: string[]) => {
  const { exitCode, stdout } = await runTwofold(environment, 'stripe', 'setup', ...options);
  return { exitCode, stdout };
};

it('makes the endpoint and prints its secret, and does nothing when asked again', async () => {
  const first = await setUp();
  expect(first.stdout).toContain('STRIPE_WEBHOOK_SECRET=whsec_shown_once');
  expect(first.exitCode).toBe(0);
  expect(endpoints).toEqual([{ ...endpoint(), id: 'we_1' }]);
  const second = await setUp();
  expect(second).toEqual({
    exitCode: 0,
    stdout: `we_1 sends to ${url}, with all event types that are used.\n`,
  });
  expect(endpoints).toHaveLength(1);
});

it('adds event types that are missing, and keeps others', async () => {
  endpoints.push(endpoint({ enabled_events: ['product.created', ...handledEventTypes.slice(2)] }));
  const { exitCode, stdout } = await setUp();
  expect(stdout).toContain(`Added 2 event types: ${handledEventTypes.slice(0, 2).join(', ')}`);
  expect(exitCode).toBe(0);
  expect([...(endpoints[0]?.enabled_events ?? [])].sort()).toEqual(
    [...handledEventTypes, 'product.created'].sort(),
  );
});

it('leaves an endpoint of another API version alone, and makes a second one on request', async () => {
  endpoints.push(endpoint({ api_version: '2020-08-27' }));
  const refused = await setUp();
  expect(refused.stdout).toContain('which Stripe cannot change');
  expect(refused.exitCode).toBe(1);
  expect(endpoints).toHaveLength(1);
  const replaced = await setUp('--replace');
  expect(replaced.exitCode).toBe(0);
  expect(endpoints.map(({ api_version: version }) => version)).toEqual(['2020-08-27', Stripe.API_VERSION]);
});

it('says that an endpoint is disabled, and enables it on request', async () => {
  endpoints.push(endpoint({ status: 'disabled', enabled_events: handledEventTypes.slice(1) }));
  const refused = await setUp();
  expect(refused.stdout).toContain(`we_1 sends to ${url}, but it is disabled`);
  expect([refused.exitCode, endpoints[0]?.status]).toEqual([1, 'disabled']);
  const planned = await setUp('--enable', '--dry-run');
  expect([planned.exitCode, endpoints[0]?.status]).toEqual([0, 'disabled']);
  const enabled = await setUp('--enable');
  expect(enabled.stdout).toContain('and is enabled again. Added 1 event types');
  expect(enabled.exitCode).toBe(0);
  expect(endpoints).toEqual([{ ...endpoint({ id: 'we_1' }), enabled_events: expect.anything() }]);
  expect([...(endpoints[0]?.enabled_events ?? [])].sort()).toEqual([...handledEventTypes].sort());
  expect((await setUp()).stdout).toContain('with all event types that are used');
});

it('does nothing about a disabled endpoint beside one that is enabled', async () => {
  endpoints.push(endpoint({ status: 'disabled' }));
  endpoints.push(endpoint());
  expect((await setUp()).stdout).toContain('we_2 sends to');
});

it.each([[[]], [[endpoint({ enabled_events: ['invoice.paid'] })]]])(
  'a dry run changes nothing at an account with %j',
  async (present) => {
    endpoints.push(...structuredClone(present));
    const { exitCode, stdout } = await setUp('--dry-run');
    expect(stdout).toContain('Dry run: nothing was changed.');
    expect(exitCode).toBe(0);
    expect(endpoints).toEqual(present);
  },
);

it('says what is missing without a key', async () => {
  const { exitCode, stderr } = await runTwofold({}, 'stripe', 'setup');
  expect(stderr).toContain('Set STRIPE_SECRET_KEY');
  expect(exitCode).toBe(2);
});
