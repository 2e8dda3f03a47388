import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, type BrowserWorld, type PageOptions } from '../support/browser-world.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import type { World } from '../support/world.js';

const dayMs = 86_400_000;

/** The numbers as a browser shows them, without JavaScript. */
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

it('staff see statistics as pictures and as tables, also where there are none yet', async () => {
  const page = await openPage();
  await page.goto(`${url}/admin/stats?from=2026-01-01&to=2026-01-31`);
  expect(await page.textContent('main')).toContain('No invitations in this time');
  expect(await captureLayout(page, 'stats-none')).toEqual([]);
  await createMonth();
  await page.getByRole('link', { name: 'Statistics' }).click();
  expect(await page.textContent('main')).toContain('K factor');
  expect(await captureLayout(page, 'stats')).toEqual([]);
  expect(await barriersOf('/admin/stats')).toEqual([]);
  const day = page.getByRole('list', { name: 'Values by step' }).first().getByRole('listitem').last();
  expect(await day.locator('.chart-tip').isVisible()).toBe(false);
  await day.focus();
  expect(await day.locator('.chart-tip').innerText()).toContain('Sign-ups: ');
  for (const summary of await page.getByText('Show as a table').all()) await summary.click();
  expect(await captureLayout(page, 'stats-tables')).toEqual([]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Timeline as CSV' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toMatch(/^date,at,signedUp,invited,converted/);

  await page.getByRole('link', { name: '90 days' }).click();
  expect(await page.inputValue('#bucket')).toBe('week');

  await page.getByLabel('From', { exact: true }).fill('2026-11-30');
  await page.getByLabel('To (included)').fill('2026-11-01');
  await page.getByRole('button', { name: 'Show' }).click();
  expect(await page.textContent('main')).toContain('The first day must be before the last');
  expect(await captureLayout(page, 'stats-wrong')).toEqual([]);

  await world.sql.query(`UPDATE auth."user" SET locale = 'de' WHERE id = $1`, [staff.support.id]);
  await page.goto(`${url}/admin/stats?bucket=week&from=2026-10-01&to=2026-11-30`);
  expect(await page.inputValue('#to')).toBe('2026-11-30');
  expect(await captureLayout(page, 'stats-de')).toEqual([]);
  expect(await barriersOf('/admin/stats?days=365')).toEqual([]);
});

/** A month in which people come in ones and twos; some pay, one payment goes back. */
async function createMonth(): Promise<void> {
  const { given, when } = world;
  let referrer = await given.user();
  for (let day = 0; day < 14; day++) {
    const friend = await given.userInvitedBy(referrer);
    if (day % 3 === 0) await given.user();
    world.clock.advance(dayMs);
    if (day % 2 === 1) continue;
    const at = when.seconds;
    const paid = invoice(friend.payer, at, day % 4 === 0 ? { currency: 'eur', amount_paid: 900 } : {});
    const payment = paymentFor(String(paid.id));
    await when.stripeSends(event('invoice.paid', paid, at));
    await when.stripeSends(event('invoice_payment.paid', invoicePayment(payment, at), at));
    if (day === 6) await when.stripeSends(event('refund.created', refund(payment, at), at + 1));
    if (day === 8) referrer = friend;
  }
}

/** What axe, which is a script, finds on a page in both schemes. */
async function barriersOf(path: string): Promise<string[]> {
  const page = await openPage({ javaScript: true });
  const found = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${url}${path}`);
    found.push(...(await accessibilityProblems(page)));
  }
  await page.context().close();
  return found;
}

const openPage = (options?: PageOptions): Promise<Page> => browserWorld.openPage(staff.support, options);
