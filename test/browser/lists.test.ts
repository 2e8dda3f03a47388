import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, type BrowserWorld, type PageOptions } from '../support/browser-world.js';
import type { Person } from '../support/given.js';
import type { World } from '../support/world.js';

/** Lists and the page of a user, as staff use them: without JavaScript, and by keyboard. */
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let world: World;
let browserWorld: BrowserWorld;
let url: string;
let anna: Person;
let bert: Person;
let admin: Person;
beforeAll(async () => {
  browserWorld = await createBrowserWorld({ recentSignInHours: 12 });
  ({ world, url } = browserWorld);
  admin = await world.given.user({ role: 'admin' });
  anna = await world.given.user({ email: 'anna@browser.example' });
  for (let count = 0; count < 30; count++) {
    world.clock.advance(60_000);
    bert = await world.given.userInvitedBy(anna);
  }
  await world.when.pays(bert);
  await world.runHandlers();
});
afterAll(() => browserWorld.close());

const openPage = (person: Person, options: PageOptions = {}): Promise<Page> =>
  browserWorld.openPage(person, { language: 'en', ...options });

const rows = (page: Page) => page.locator('tbody tr').count();

it('a list is filtered, sorted, paged and downloaded', async () => {
  const page = await openPage(admin);
  await page.goto(`${url}/admin/users`);
  expect(await rows(page)).toBe(25);
  expect(await captureLayout(page, 'console-list')).toEqual([]);
  await page.getByRole('link', { name: 'Next page' }).click();
  expect(await rows(page)).toBe(7);
  await page.getByRole('link', { name: 'Previous page' }).click();
  expect(await rows(page)).toBe(25);
  await page.getByLabel('Tier').selectOption('Paid');
  await page.getByLabel('Sort by').selectOption('Credit until, soonest first');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  expect(new URL(page.url()).search).toContain('tier=paid');
  expect(await rows(page)).toBe(1);
  expect(await page.getByRole('list', { name: 'Filters in force' }).textContent()).toContain('Has credit');
  expect(await page.getByRole('columnheader', { name: 'Credit until' }).getAttribute('aria-sort')).toBe(
    'ascending',
  );
  expect(await captureLayout(page, 'console-list-filtered')).toEqual([]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as CSV' }).click(),
  ]);
  expect(
    readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(2);
  await page.getByRole('link', { name: 'Remove the filter Credit' }).click();
  await page.getByRole('link', { name: 'Joined' }).click();
  expect(await page.getByRole('columnheader', { name: 'Joined' }).getAttribute('aria-sort')).toBe(
    'ascending',
  );
  await page.getByLabel('Email or name').fill('nobody-like-this');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  expect(await captureLayout(page, 'console-list-empty')).toEqual([]);
  await page.locator('.empty').getByRole('link', { name: 'Clear all filters' }).click();
  expect(await rows(page)).toBe(25);
});

it('a timeline is filtered and paged, and an action is previewed and done by keyboard', async () => {
  const page = await openPage(admin);
  await page.goto(`${url}/admin/users/${anna.id}`);
  expect(await captureLayout(page, 'console-timeline')).toEqual([]);
  await page.getByRole('link', { name: 'Older events' }).click();
  expect(await page.locator('.timeline > li').count()).toBeGreaterThan(5);
  await page.getByRole('link', { name: 'Credit', exact: true }).click();
  expect(await page.locator('.timeline').textContent()).toContain('Reward for an invitation');
  await page.locator('summary', { hasText: 'Actions' }).focus();
  await page.keyboard.press('Enter');
  expect(await captureLayout(page, 'console-timeline-menu')).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByLabel('Days', { exact: true }).fill('7');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Give 7 days' }).waitFor();
  expect(await captureLayout(page, 'console-give-days')).toEqual([]);
  await page.getByLabel('Reason').fill('thank you');
  await page.keyboard.press('Enter');
  await page.getByText('Days added to the account.').waitFor();
  await page.goto(`${url}/admin/users/${bert.id}?kind=payments`);
  expect(await captureLayout(page, 'console-timeline-payments')).toEqual([]);
});

it('the pages have no fault that axe knows, in English and German', async () => {
  for (const language of ['en', 'de']) {
    const page = await openPage(admin, { javaScript: true, language, context: { bypassCSP: true } });
    for (const path of [
      'users?tier=paid&sort=credit',
      'referrals',
      'events',
      `users/${bert.id}`,
      `users/${anna.id}/credit?days=7`,
      `users/${anna.id}/role`,
      `users/${anna.id}/erase`,
    ]) {
      await page.goto(`${url}/admin/${path}`);
      await page.evaluate(axe);
      const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        'axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] })',
      );
      expect([path, found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([path, []]);
      if (language === 'de' && path === `users/${bert.id}`)
        expect(await captureLayout(page, 'console-timeline-german')).toEqual([]);
    }
  }
});
