import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld, type PageOptions } from '../support/browser-world.js';
import type { Person } from '../support/given.js';
import type { World } from '../support/world.js';

/** How staff decide about what waits: one after the other by keyboard, or several at once. */
let browserWorld: BrowserWorld;
let world: World;
let admin: Person;
beforeAll(async () => {
  browserWorld = await createBrowserWorld();
  ({ world } = browserWorld);
  admin = await world.given.user({ role: 'admin', email: 'staff@example.org' });
});
afterAll(() => browserWorld.close());

const openPage = (path: string, options: PageOptions = {}): Promise<Page> =>
  browserWorld.openPage(admin, { language: 'en', ...options, path });

/** A user who came with Anna's code from an address to throw away. */
async function disposable(name: string, anna: Person): Promise<Person> {
  const ref = await world.given.referralCodeOf(anna);
  const person = await world.given.user({ email: `${name}@mailinator.com`, ref });
  world.clock.advance(1000);
  return person;
}

it('by keyboard: reject, undo, skip and approve, each with its evidence in words and the number that wait', async () => {
  const anna = await world.given.user({ email: 'anna@example.org' });
  await world.when.pays(await disposable('first', anna));
  await disposable('second', anna);
  await disposable('third', anna);
  const page = await openPage('/admin/review', { javaScript: true });
  expect(await textOf(page)).toMatch(/1 of 3 .*first@mailinator\.com.*Disposable address: mailinator\.com/);
  expect(await page.locator('.console-nav [aria-current=page]').textContent()).toContain('3');
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await captureLayout(page, 'review-queue')).toEqual([]);

  await page.keyboard.press('r');
  await page.keyboard.type('a farm, nothing more'); // text here, not keys
  await page.keyboard.press('Enter');
  await page.getByText('You rejected first@mailinator.com.').waitFor();
  expect(await textOf(page)).toMatch(/2 of 3 .*second@mailinator\.com/);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await captureLayout(page, 'review-decided')).toEqual([]);

  await page.keyboard.press('u');
  await page.getByText('Nothing has happened, and no email was sent.').waitFor();
  expect(await textOf(page)).toMatch(/1 of 3 .*first@mailinator\.com/);

  await page.keyboard.press('n');
  await page.getByText('second@mailinator.com').first().waitFor();
  await page.keyboard.press('a');
  await page.keyboard.type('a friend');
  await page.keyboard.press('Enter');
  await page.getByText('You approved second@mailinator.com.').waitFor();
  await page.keyboard.press('n');
  await page.getByText('You have seen all that wait').waitFor();
  expect(await textOf(page)).toContain('You decided or skipped 3 referrals.');
  await page.getByRole('link', { name: 'Start again' }).click();
  expect(await textOf(page)).toMatch(/1 of 2 .*first@mailinator\.com/);
});

it('the keys can be turned off and on again, which the browser remembers', async () => {
  const page = await openPage('/admin/review', { javaScript: true });
  const reason = page.getByLabel('Reason to reject');
  const isReached = async () => {
    await page.keyboard.press('r');
    return reason.evaluate((field) => field === document.activeElement);
  };
  expect(await isReached()).toBe(true);
  await page.getByRole('button', { name: 'Turn the keys off' }).click();
  expect(await isReached()).toBe(false);
  await page.reload();
  expect(await isReached()).toBe(false);
  expect(await page.locator('[aria-keyshortcuts]').count()).toBe(0);
  await page.getByRole('button', { name: 'Turn the keys on' }).press('Enter');
  expect(await isReached()).toBe(true);
});

it('without JavaScript, in German, buttons do the same', async () => {
  const page = await openPage('/admin/review', { language: 'de' });
  expect(await textOf(page)).toMatch(/1 von 2 .*Wegwerfadresse: mailinator\.com/);
  await page.getByLabel('Grund für die Ablehnung').fill('eine Farm');
  await page.getByRole('button', { name: 'Ablehnen' }).click();
  expect(await textOf(page)).toContain('Sie haben first@mailinator.com abgelehnt.');
  expect(await captureLayout(page, 'review-queue-de')).toEqual([]);
  await page.locator('.banner').getByRole('button').click();
  expect(await textOf(page)).toContain('keine E-Mail wurde verschickt');
});

it('several with the same single reason are decided at once, after a preview, and undone together', async () => {
  const anna = await world.given.user();
  await world.when.pays(await disposable('fourth', anna));
  const page = await openPage('/admin/review/bulk');
  await page.getByRole('link', { name: 'Disposable email address' }).click();
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(3);
  expect(await captureLayout(page, 'review-bulk')).toEqual([]);
  await page.getByRole('checkbox', { name: 'Select third@mailinator.com' }).uncheck();
  await page.getByRole('textbox', { name: 'Reason' }).fill('one farm');
  await page.getByRole('button', { name: 'Preview rejection' }).click();
  expect(await textOf(page)).toContain('2 rewards are refused: 180 days are not given.');
  expect(await textOf(page)).toContain('You can undo it for 10 minutes.');
  expect(await captureLayout(page, 'review-bulk-preview')).toEqual([]);
  await page.getByRole('button', { name: 'Reject 2 referrals' }).click();
  expect(await textOf(page)).toContain('2 of 2 rejected.');
  expect(await captureLayout(page, 'review-bulk-result')).toEqual([]);
  await page.getByRole('button', { name: 'Undo all 2 decisions' }).click();
  expect(await textOf(page)).toContain('2 of 2 decisions undone.');
  await page.getByRole('link', { name: 'Back to the queue' }).click();
  expect(await textOf(page)).toContain('1 of 3');
});

it.each(['/admin/review', '/admin/review/bulk?rule=disposable_domain'])(
  '%s has no problem that axe finds',
  async (path) => {
    expect(await accessibilityProblems(await openPage(path, { javaScript: true }))).toEqual([]);
  },
);
