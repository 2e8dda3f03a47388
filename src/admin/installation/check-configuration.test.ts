import { expect, it } from 'vitest';
import { inEnglish } from '../../../test/support/in-english.js';
import { loadConfig } from '../../platform/config/config.js';
import { checkConfiguration } from './check-configuration.js';

const secret = 'd41d8cd98f00b204e9800998ecf8427e-7215ee9c7d9dc229d2921a40e899ec5f';
const production = {
  NODE_ENV: 'production',
  SECRET_KEY: secret,
  BASE_URL: 'https://twofold.acme.org',
  TRUST_PROXY: '1',
  SMTP_URL: 'smtp://mail.acme.org',
  MAIL_FROM: 'Acme <hello@acme.org>',
  STRIPE_SECRET_KEY: 'sk_live_51Habcdefgh',
  STRIPE_WEBHOOK_SECRET: 'whsec_abcdefgh',
};

function warningsAndProblems(env: NodeJS.ProcessEnv): string[] {
  const findings = checkConfiguration(loadConfig(env));
  return findings
    .map(inEnglish)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, seen }) => `${level}: ${seen}`);
}

it('nothing is wrong with an empty environment, nor with a whole one', () => {
  expect([warningsAndProblems({}), warningsAndProblems(production)]).toEqual([[], []]);
});

it.each([
  ['problem: SECRET_KEY looks like', { SECRET_KEY: 'change-me-change-me-change-me-change-me' }],
  ['problem: SECRET_KEY looks like', { SECRET_KEY: 'a'.repeat(64) }],
  [
    'problem: STRIPE_SECRET_KEY is not a secret key, but a publishable',
    { STRIPE_SECRET_KEY: 'pk_live_51Hab' },
  ],
  ['problem: STRIPE_SECRET_KEY is not a secret key', { STRIPE_SECRET_KEY: 'sk_live_...' }],
  ['problem: a live Stripe key without', { NODE_ENV: 'development' }],
  ['warning: a Stripe test key in production', { STRIPE_SECRET_KEY: 'sk_test_51Hab' }],
  ['problem: STRIPE_WEBHOOK_SECRET is not', { STRIPE_WEBHOOK_SECRET: 'whsec_abc,we_123' }],
  ['problem: BASE_URL is not https', { BASE_URL: 'http://twofold.acme.org' }],
  ['warning: BASE_URL is https but TRUST_PROXY', { TRUST_PROXY: '' }],
  ['warning: MAIL_FROM is an address at localhost', { MAIL_FROM: '' }],
])('%s …', (expected, change) => {
  expect(warningsAndProblems({ ...production, ...change })).toEqual([expect.stringContaining(expected)]);
});

it('no value is repeated: they are secrets', () => {
  const findings = checkConfiguration(loadConfig({ ...production, STRIPE_SECRET_KEY: 'oops_hunter2' }));
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});
