import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { captureLayout, startBrowser } from '../support/browser.js';
import { SandboxFixture } from './sandbox-fixture.js';

/** The overview as people see it, full of everything that can be on it. */
let sandboxFixture: SandboxFixture;
let browser: Browser;
beforeAll(async () => {
  [sandboxFixture, browser] = await Promise.all([SandboxFixture.open(), startBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await sandboxFixture.close();
});

it('the overview fits on a narrow screen, and its buttons say what they are for', async () => {
  const { charge, subscription } = await sandboxFixture.subscriber(
    'a-very-long-name@a-very-long-host.example.test',
  );
  const invoice = String(subscription.latest_invoice);
  await sandboxFixture.runAction(`invoices/${invoice}/credit_balance`, { amount: 100 });
  await sandboxFixture.runAction(`charges/${charge.id}/refund`, { amount: 100, status: 'pending' });
  await sandboxFixture.runAction(`charges/${charge.id}/warn`);
  await sandboxFixture.runAction(`charges/${charge.id}/inquire`);
  await sandboxFixture.runAction(`subscriptions/${subscription.id}/fail`);
  const page = await browser.newPage();
  await page.goto(sandboxFixture.url);
  for (const more of await page.locator('summary').all()) await more.click();
  expect(await captureLayout(page, 'sandbox-overview')).toEqual([]);

  const names = await page
    .locator('button[value]')
    .evaluateAll((all) => all.map((button) => button.getAttribute('aria-label') ?? button.textContent));
  const distinct = names.filter((name) => !name?.startsWith('Send again'));
  expect(new Set(distinct).size).toBe(distinct.length);
  await page.getByRole('button', { name: `Pay now: ${subscription.id}` }).click();
  await page.getByRole('button', { name: `Renew now: ${subscription.id}` }).waitFor();
});
