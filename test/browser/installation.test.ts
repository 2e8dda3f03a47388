import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { InstallationChecks } from '../../src/admin/index.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout, startBrowser } from '../support/browser.js';
import { StripeEndpoints } from '../support/stripe-endpoints.js';
import { createWorld, type World } from '../support/world.js';

/** The installation in the console, as a browser shows it. */
const stripe = new StripeEndpoints('http://twofold.test');
let world: World;
let browser: Browser;
let url: string;
beforeAll(async () => {
  [world, browser] = await Promise.all([
    stripe.open().then((stripeApiBase) => createWorld({ stripeApiBase })),
    startBrowser(),
  ]);
  await world.app.listen(0, '127.0.0.1');
  url = await world.app.getUrl();
});
afterAll(async () => {
  await browser.close();
  await world.close();
  stripe.close();
});

it('an admin reads the findings, and makes the webhook endpoint after seeing what would be done', async () => {
  const admin = await world.given.user({ role: 'admin' });
  await world.app.get(InstallationChecks, { strict: false }).run();
  const context = await browser.newContext({ javaScriptEnabled: true });
  await context.addCookies([{ name: 'tf_session', value: admin.token, url }]);
  const page = await context.newPage();
  await page.goto(`${url}/admin`);
  await page.getByRole('link', { name: 'All checks, test email and webhook endpoint' }).click();
  expect(await captureLayout(page, 'console-installation')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'Show what would be done' }).click();
  expect(await captureLayout(page, 'console-stripe-endpoint')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make the endpoint' }).click();
  await page.getByText('STRIPE_WEBHOOK_SECRET=whsec_shown_once').waitFor();
  expect(stripe.endpoints).toHaveLength(1);
  expect(await captureLayout(page, 'console-stripe-endpoint-made')).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
});
