import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, type BrowserWorld } from '../support/browser-world.js';
import type { Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import type { World } from '../support/world.js';

/**
 * Staff change the programme in a browser without JavaScript: narrow and wide, light and dark, in
 * two languages.
 */
let world: World;
let staff: Staff;
let browserWorld: BrowserWorld;
let url: string;
beforeAll(async () => {
  browserWorld = await createBrowserWorld();
  ({ world, url } = browserWorld);
  staff = await createStaff(world);
});
afterAll(() => browserWorld.close());

it('terms are written, checked with their cost, and published', async () => {
  const page = await openPage(staff.admin);
  await page.goto(`${url}/admin/programme`);
  expect(await captureLayout(page, 'programme-list-first')).toEqual([]);
  await page.getByRole('link', { name: 'New version' }).click();
  expect(await captureLayout(page, 'programme-editor')).toEqual([]);

  await page.getByLabel('Days for the friend').fill('sixty');
  await page.getByLabel('Another currency').fill('XYZ');
  await page.getByLabel('Minimum in that currency').fill('5');
  await page.getByRole('button', { name: 'Preview the changes' }).click();
  expect(await page.textContent('main')).toContain('Please correct 2 fields.');
  expect(await page.getByLabel('Days for the friend').getAttribute('aria-invalid')).toBe('true');
  expect(await captureLayout(page, 'programme-editor-wrong')).toEqual([]);

  await page.getByLabel('Days for the friend').fill('60');
  await page.getByLabel('Another currency').fill('USD');
  await page.getByRole('button', { name: 'Add one more currency' }).click();
  expect(await page.getByLabel('Minimum in USD').inputValue()).toBe('5');
  await page.getByLabel('Another currency').fill('eur');
  await page.getByLabel('Minimum in that currency').fill('4,50');
  await page.getByLabel('Rewarded invitations per person').fill('2');
  await page.getByRole('button', { name: 'Preview the changes' }).click();
  expect(await page.textContent('main')).toContain('No invited person paid');
  expect(await captureLayout(page, 'programme-preview-none')).toEqual([]);
  await payAsFriends(4);
  await page.getByRole('button', { name: 'Back to editing' }).click();
  expect(await page.getByLabel('Minimum in USD').inputValue()).toBe('5');
  expect(await page.getByLabel('Minimum in EUR').inputValue()).toBe('4,50');
  expect(await captureLayout(page, 'programme-editor-currencies')).toEqual([]);
  await page.getByLabel('Budget').fill('200');
  await page.getByRole('button', { name: 'Preview the changes' }).click();
  expect(await page.textContent('main')).toContain('4 first payments');
  expect(await captureLayout(page, 'programme-preview')).toEqual([]);
  await page.getByLabel('Reason').fill('Spring: friends get more, and the budget keeps it within bounds.');
  await page.getByRole('button', { name: 'Publish this version' }).click();
  expect(await page.textContent('main')).toContain('Version published.');
  expect(await captureLayout(page, 'programme-version')).toEqual([]);

  await page.goto(`${url}/admin/programme`);
  expect(await captureLayout(page, 'programme-list')).toEqual([]);
  await page.getByRole('link', { name: 'Compare the two newest' }).click();
  expect(await captureLayout(page, 'programme-diff')).toEqual([]);
});

it('the same in German', async () => {
  await world.sql.query(`UPDATE auth."user" SET locale = 'de' WHERE id = $1`, [staff.admin.id]);
  const page = await openPage(staff.admin);
  await page.goto(`${url}/admin/programme/new`);
  expect(await page.getAttribute('html', 'lang')).toBe('de');
  await page.getByLabel('Wartezeit in Tagen').fill('91');
  await page.getByRole('button', { name: 'Änderungen ansehen' }).click();
  expect(await page.textContent('main')).toContain('Geben Sie eine ganze Zahl von 0 bis 90 ein.');
  expect(await captureLayout(page, 'programme-editor-de')).toEqual([]);
  await page.getByLabel('Wartezeit in Tagen').fill('14');
  await page.getByRole('button', { name: 'Änderungen ansehen' }).click();
  expect(await captureLayout(page, 'programme-preview-de')).toEqual([]);
  await page.goto(`${url}/admin/programme/2`);
  expect(await captureLayout(page, 'programme-version-de')).toEqual([]);
});

async function payAsFriends(friends: number): Promise<void> {
  const anna = await world.given.user();
  for (let friend = 0; friend < friends; friend++) {
    await world.when.pays(await world.given.userInvitedBy(anna));
    world.clock.advance(86_400_000);
  }
}

const openPage = (person: Person): Promise<Page> => browserWorld.openPage(person);
