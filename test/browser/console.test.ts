import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld, type PageOptions } from '../support/browser-world.js';
import type { Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import type { World } from '../support/world.js';

/** How staff find a person, an invitation or an object of Stripe. */
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

const openPage = (person: Person | null, options: PageOptions = {}): Promise<Page> =>
  browserWorld.openPage(person, { language: 'en', ...options });

it('one search leads from an id, an address and a code to their page, and else lists users', async () => {
  const anna = await world.given.user({ email: 'anna.search@example.org' });
  const bert = await world.given.userInvitedBy(anna);
  await world.given.linkCustomer(bert);
  await world.when.pays(bert);
  const code = await world.given.referralCodeOf(anna);
  const { rows } = await world.sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = $1`,
    [bert.id],
  );
  const { rows: events } = await world.sql.query<{ event_id: string }>(
    `SELECT event_id FROM billing.inbox ORDER BY received_at DESC LIMIT 1`,
  );
  const { rows: invoices } = await world.sql.query<{ id: string }>(
    `SELECT id FROM billing.invoice WHERE user_id = $1`,
    [bert.id],
  );
  const page = await openPage(staff.support);
  await page.goto(`${url}/admin`);
  for (const [typed, path] of [
    [anna.id, `users/${anna.id}`],
    [anna.id.toUpperCase(), `users/${anna.id}`],
    [' Anna.Search@example.org ', `users/${anna.id}`],
    [code.toLowerCase(), `users/${anna.id}`],
    [String(rows[0]?.id), `referrals/${rows[0]?.id}`],
    [bert.payer.customer, `users/${bert.id}`],
    [bert.payer.subscription, `users/${bert.id}`],
    [String(invoices[0]?.id), `users/${bert.id}`],
    [String(events[0]?.event_id), `events/${events[0]?.event_id}`],
  ] as const) {
    await page.getByRole('searchbox', { name: 'Search the console' }).fill(typed);
    await page.getByRole('button', { name: 'Search' }).first().click();
    await page.waitForURL(`${url}/admin/${path}`);
  }
  await page.getByRole('searchbox', { name: 'Search the console' }).fill('anna.sea');
  await page.getByRole('button', { name: 'Search' }).first().click();
  expect(await page.locator('#users a').allTextContents()).toEqual([anna.email]);
  expect(await captureLayout(page, 'console-search')).toEqual([]);
  await page.goto(`${url}/admin/search?q=in_unknown`);
  expect(await textOf(page)).toContain('Nothing found for “in_unknown”');
});
