// @ts-check
import Stripe from 'stripe';
import { Twofold } from '@twofold/client';
import { createApp } from './app.js';

const {
  PORT = '4000',
  STRIPE_API_BASE,
  STRIPE_PRICE = 'price_twofold_monthly',
  TWOFOLD_TIMEOUT_MS = '2000',
} = process.env;
const required = (/** @type {string} */ name) => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`Set ${name}.`);
  return value;
};

const sandbox = STRIPE_API_BASE === undefined ? null : new URL(STRIPE_API_BASE);
const stripe = new Stripe(
  required('STRIPE_SECRET_KEY'),
  sandbox === null ? {} : { host: sandbox.hostname, port: sandbox.port, protocol: 'http' },
);
const twofold = new Twofold({
  ...{ baseUrl: required('TWOFOLD_URL'), apiKey: required('TWOFOLD_API_KEY') },
  timeoutMs: Number(TWOFOLD_TIMEOUT_MS),
});
const app = createApp({
  ...{ stripe, stripeWebhookSecret: required('STRIPE_WEBHOOK_SECRET'), price: STRIPE_PRICE },
  ...{
    twofold,
    twofoldWebhookSecret: required('TWOFOLD_WEBHOOK_SECRET'),
    baseUrl: `http://127.0.0.1:${PORT}`,
  },
});
const server = app.listen(Number(PORT), '127.0.0.1', () =>
  console.log(`listening on ${JSON.stringify(server.address())}`),
);
