import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, type BrowserWorld, type PageOptions } from '../support/browser-world.js';
import type { Person } from '../support/given.js';
import type { World } from '../support/world.js';

let world: World;
let browserWorld: BrowserWorld;
let url: string;

beforeAll(async () => {
  browserWorld = await createBrowserWorld();
  ({ world, url } = browserWorld);
});
afterAll(() => browserWorld.close());

const openPage = (person: Person | null, options: PageOptions = {}): Promise<Page> =>
  browserWorld.openPage(person, { javaScript: true, ...options });

/** What axe finds wrong, narrow and wide. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    found.push(...(await accessibilityProblems(page)).map((problem) => `${width}: ${problem}`));
  }
  return found;
}

it('Anna enters her name, shares her link, and sees her friend come and pay', async () => {
  const anna = await world.given.user();
  const code = await world.given.referralCodeOf(anna);
  const page = await openPage(anna);
  await page.goto(`${url}/settings`);
  await page.getByRole('link', { name: 'Share it and see your invitations' }).click();
  expect(await captureLayout(page, 'invite-friends-new')).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('First name').fill('Anna');
  await page.getByRole('button', { name: 'Save name' }).click();
  expect(await page.textContent('main')).toContain('Name saved.');

  const friend = await openPage(null, { context: { locale: 'en-GB', timezoneId: 'Europe/Vienna' } });
  const whatsApp = await page.getByRole('link', { name: 'WhatsApp' }).getAttribute('href');
  const shared = /http\S+$/.exec(new URL(whatsApp ?? '').searchParams.get('text') ?? '')?.[0] ?? '';
  expect(new URL(shared).pathname + new URL(shared).search).toBe(`/r/${code}?c=whatsapp`);
  await friend.goto(`${url}${new URL(shared).pathname}${new URL(shared).search}`);
  expect(await friend.textContent('main')).toContain('Anna invited you. 45 days');
  expect(await captureLayout(friend, 'shared-link')).toEqual([]);
  expect(await violations(friend)).toEqual([]);
  await friend.getByLabel('Email address').fill('friend@example.org');
  await friend.getByRole('button', { name: 'Send me a code' }).click();
  await friend.waitForURL(/\/verify/);
  await world.runHandlers();
  const { rows } = await world.sql.query<{ text_part: string }>(
    `SELECT text_part FROM notifications.captured_email WHERE recipient = 'friend@example.org'`,
  );
  await friend.getByLabel('Six-digit code').fill(/^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0] ?? '');
  await friend.getByRole('button', { name: 'Sign in' }).click();
  await friend.waitForURL(/\/settings/);
  expect(
    await world.see.count(`auth."user" WHERE email = 'friend@example.org' AND time_zone = 'Europe/Vienna'`),
  ).toBe(1);

  await page.reload();
  expect(await page.locator('#channels').innerText()).toMatch(/WhatsApp\s+1\s+1/);
  await page.getByText('Add a private note').click();
  await page.getByLabel('Note about f•••@e•••.org').fill('Eva from work');
  await page.getByRole('button', { name: 'Save note' }).click();
  expect(await page.locator('#invites').innerText()).toContain('Eva from work f•••@e•••.org');
  expect(await captureLayout(page, 'invite-friends')).toEqual([]);
  expect(await violations(page)).toEqual([]);
  for (const button of ['Copy the link', 'Copy the code'])
    expect(await page.getByRole('button', { name: button }).isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'Share…' }).isVisible()).toBe(false);
});

it('the share menu of a phone gets the link of its channel', async () => {
  const anna = await world.given.user();
  const code = await world.given.referralCodeOf(anna);
  const page = await openPage(anna);
  await page.addInitScript(
    'navigator.share = async (shared) => { window.shared = JSON.stringify(shared); throw new Error("closed"); }',
  );
  await page.goto(`${url}/invite`);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.getByRole('button', { name: 'Share…' }).click();
  expect(await page.evaluate('window.shared')).toContain(`/r/${code}?c=share`);
  expect(problems).toEqual([]);
});

it('the page works without a script, by keyboard', async () => {
  const anna = await world.given.user();
  await world.given.userInvitedBy(anna);
  const page = await openPage(anna, { javaScript: false });
  await page.goto(`${url}/invite`);
  expect(await page.getByRole('button', { name: 'Share…' }).count()).toBe(0);
  await page.getByText('Add a private note').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('by keyboard');
  await page.keyboard.press('Enter');
  await page.waitForURL(/saved=note/);
  expect(await page.locator('#invites').innerText()).toContain('by keyboard');
});

it('the settings are short on a phone', async () => {
  const anna = await world.given.user();
  const page = await openPage(anna);
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto(`${url}/settings`);
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  expect(height).toBeLessThan(4_000);
});
