import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld, type PageOptions } from '../support/browser-world.js';
import type { Person } from '../support/given.js';
import type { World } from '../support/world.js';

/** How staff try a fraud rule before they switch it on, and find in the audit log who did. */
let browserWorld: BrowserWorld;
let world: World;
let url: string;
let admin: Person;
beforeAll(async () => {
  browserWorld = await createBrowserWorld();
  ({ world, url } = browserWorld);
  admin = await world.given.user({ role: 'admin', email: 'staff@example.org' });
});
afterAll(() => browserWorld.close());

const openPage = (path: string, options: PageOptions = {}): Promise<Page> =>
  browserWorld.openPage(admin, { language: 'en', ...options, path });

it('a rule is tried, set to test with a reason, and seen in the audit log, without JavaScript', async () => {
  const anna = await world.given.user();
  const ref = await world.given.referralCodeOf(anna);
  await world.given.user({ email: 'bert@mailinator.com', ref });
  const page = await openPage('/admin/fraud/rules');
  expect(await captureLayout(page, 'fraud-rules')).toEqual([]);
  await page.getByRole('link', { name: 'Disposable email address' }).click();
  await page.getByLabel('Mode').selectOption('shadow');
  await page.getByRole('button', { name: 'Show the effect' }).click();
  expect(await textOf(page)).toContain('1 referral: allowed instead of held for review');
  expect(await captureLayout(page, 'fraud-rule')).toEqual([]);
  await page.getByLabel('Reason').fill('too many honest people');
  await page.getByRole('button', { name: 'Set to Test, weight 60' }).click();
  expect(await textOf(page)).toContain('Rule changed.');
  await page.getByRole('link', { name: 'Who changed fraud rules, and why' }).click();
  expect(await textOf(page)).toMatch(/Fraud rule changed.*staff@example\.org.*too many honest people/);
  expect(await captureLayout(page, 'audit-log')).toEqual([]);
  await page.getByLabel('About whom').fill('bert@mailinator.com');
  await page.getByLabel('What', { exact: true }).selectOption('');
  await page.getByRole('button', { name: 'Show' }).click();
  expect(page.url()).toContain('person=bert%40mailinator.com');
  expect(await textOf(page)).toContain('Referral recorded');
});

it('the pages are in German, too', async () => {
  const page = await openPage('/admin/fraud/rules/disposable_domain?mode=off&weight=60', { language: 'de' });
  expect(await textOf(page)).toContain('Wegwerfadresse: mailinator.com');
  expect(await captureLayout(page, 'fraud-rule-de')).toEqual([]);
  await page.goto(`${url}/admin/audit`);
  expect(await textOf(page)).toContain('Empfehlung gespeichert');
  expect(await captureLayout(page, 'audit-log-de')).toEqual([]);
});

it.each(['/admin/fraud/rules', '/admin/fraud/rules/disposable_domain?mode=off&weight=60', '/admin/audit'])(
  '%s has no problem that axe finds',
  async (path) => {
    expect(await accessibilityProblems(await openPage(path, { javaScript: true }))).toEqual([]);
  },
);
