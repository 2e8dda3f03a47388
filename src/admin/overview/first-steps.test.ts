import { expect, it } from 'vitest';
import { loadConfig } from '../../platform/config/config.js';
import { deliveryExample, stepsOf } from './first-steps.js';

const nothing = {
  ...{ hasEvent: false, hasSentEmail: false, hasPayment: false, hasAdmin: true, newestTerms: 1 },
};
const config = {
  ...loadConfig({ STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: 'whsec_x' }),
  smtpUrl: 'smtp://mail.example',
};
const open = (...given: Parameters<typeof stepsOf>) =>
  stepsOf(...given)
    .filter(({ state }) => state !== 'done')
    .map(({ name }) => name);

it('the first payment decides what is a choice, and nothing else', () => {
  expect(open(config, nothing)).toEqual(['webhook', 'mail', 'terms', 'brand', 'delivery', 'payment']);
  expect(open(config, { ...nothing, hasPayment: true })).toEqual(['webhook', 'mail']);
  expect(open(config, { ...nothing, hasEvent: true, hasSentEmail: true, hasPayment: true })).toEqual([]);
});

it('without an admin, support read that one is missing', () =>
  expect(open(config, { ...nothing, hasAdmin: false })).toContain('admin'));

it('own terms and a name are choices that were made before', () =>
  expect(open({ ...config, productName: 'Acme' }, { ...nothing, newestTerms: 2 })).toEqual([
    'webhook',
    'mail',
    'delivery',
    'payment',
  ]));

it('the sandbox stands in for Stripe', () => {
  const steps = stepsOf({ ...config, sandboxUrl: 'http://127.0.0.1:1' }, { ...nothing, hasEvent: true });
  expect(steps.filter(({ state }) => state === 'sandbox').map(({ name }) => name)).toEqual([
    'stripe',
    'webhook',
  ]);
});

it.each([
  ['overlay', '2026-06-10', '2026-07-25'],
  ['after_paid_period', '2026-07-01', '2026-08-15'],
  ['defer_billing', '2026-07-01', '2026-08-15'],
] as const)('45 days under %s count from %s until %s', (mode, from, until) => {
  const example = deliveryExample(mode, 45);
  expect([example.from, example.until]).toEqual([new Date(from), new Date(until)]);
});
