import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { captureLayout } from '../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld, type PageOptions } from '../support/browser-world.js';
import type { Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import type { World } from '../support/world.js';

/** How staff work in the console: what they type is understood, kept, and done once. */
const hourMs = 3_600_000;
let world: World;
let staff: Staff;
let browserWorld: BrowserWorld;
let url: string;
beforeAll(async () => {
  browserWorld = await createBrowserWorld({ recentSignInHours: 12 });
  ({ world, url } = browserWorld);
  staff = await createStaff(world);
});
afterAll(() => browserWorld.close());

const openPage = (person: Person | null, options: PageOptions = {}): Promise<Page> =>
  browserWorld.openPage(person, { language: 'en', ...options });

/** A person who paid ten units of a currency for 30 days. */
async function payer(currency: string, amount = 1000): Promise<Person> {
  const person = await world.given.user();
  await world.given.linkCustomer(person);
  const paid = {
    ...invoice(person.payer, world.when.seconds, { amount_paid: amount, amount_due: amount }),
    currency,
  };
  await world.when.stripeSends(event('invoice.paid', paid, world.when.seconds));
  return person;
}

it('an amount of money is typed in the currency of the payment, and refused beside its field when it is unclear', async () => {
  const { id } = await payer('eur');
  const page = await openPage(await world.given.user({ role: 'admin' }));
  await page.goto(`${url}/admin/users/${id}`);
  await page.getByText('Actions', { exact: true }).click();
  await page.getByRole('link', { name: 'Refund as credit' }).click();
  await page.getByRole('textbox', { name: 'Amount' }).fill('1.234');
  await page.getByRole('button', { name: 'Show the days' }).click();
  const field = page.getByRole('textbox', { name: 'Amount' });
  expect([await field.inputValue(), await field.getAttribute('aria-invalid')]).toEqual(['1.234', 'true']);
  expect(await textOf(page)).toContain('can be read in two ways. For €1,234.00 type 1234.00.');
  expect(await page.locator('#preview').count()).toBe(0);
  expect(await captureLayout(page, 'console-refund-unclear')).toEqual([]);
  await field.fill('4,00 €');
  await page.getByRole('button', { name: 'Show the days' }).click();
  expect(await textOf(page)).toContain('€4.00 equals 12 days of access.');
});

it.each([
  ['jpy', 1000, '1,000', '¥1,000 equals 30 days'],
  ['kwd', 10_000, '4.000', 'KWD 4.000 equals 12 days'],
])('an amount in %s has its own decimals', async (currency, paid, typed, shown) => {
  const { id } = await payer(currency, paid);
  const page = await openPage(await world.given.user({ role: 'admin' }));
  await page.goto(`${url}/admin/users/${id}/refund-as-credit`);
  await page.getByRole('textbox', { name: 'Amount' }).fill(typed);
  await page.getByRole('button', { name: 'Show the days' }).click();
  expect(await textOf(page)).toContain(shown);
});

it('the newest users are those who joined last, not those who were imported last', async () => {
  const old = await world.given.user({ email: 'long.ago@example.org' });
  await world.sql.query(`UPDATE auth."user" SET created_at = '2021-01-01' WHERE id = $1`, [old.id]);
  const page = await openPage(staff.support);
  await page.goto(`${url}/admin/users`);
  expect(await page.locator('tbody tr').last().textContent()).toContain('long.ago@example.org');
});

/** The newest code that was emailed to a person, and how many were. */
async function codesOf(person: Person): Promise<{ count: number; code: string }> {
  await world.runHandlers();
  const { rows } = await world.sql.query<{ text_part: string }>(
    `SELECT text_part FROM notifications.captured_email
     WHERE recipient = $1 AND id LIKE 'sign-in-code:%' ORDER BY created_at DESC, id DESC`,
    [person.email],
  );
  return { count: rows.length, code: /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0] ?? '' };
}

it.each([false, true])(
  'an admin whose sign-in is old is asked for a code in place, and what they typed is done (JavaScript: %s)',
  async (javaScript) => {
    const anna = await world.given.user();
    const admin = await world.given.user({ role: 'admin' });
    world.clock.advance(13 * hourMs);
    const page = await openPage(admin, { javaScript });
    await page.goto(`${url}/admin/users/${anna.id}/credit`);
    await page.getByLabel('Days', { exact: true }).fill('7');
    await page.getByRole('button', { name: 'Show what it does' }).click();
    await page.getByLabel('Reason').fill('an outage & “more”');
    await page.getByRole('button', { name: 'Give 7 days' }).click();
    expect(await textOf(page)).toContain('Confirm that it is you');
    if (!javaScript) expect(await captureLayout(page, 'console-step-up')).toEqual([]);
    const before = await codesOf(admin);
    await page.getByRole('button', { name: 'Send me a code' }).dblclick();
    await page.getByLabel('Six-digit code').waitFor();
    const sent = await codesOf(admin);
    expect(sent.count - before.count).toBe(1);
    const wrong = sent.code === '000000' ? '000001' : '000000';
    await page.getByLabel('Six-digit code').fill(wrong);
    await page.getByRole('button', { name: 'Confirm and continue' }).click();
    await page.getByText('4 attempts left').waitFor();
    if (!javaScript) expect(await captureLayout(page, 'console-step-up-code')).toEqual([]);
    await page.getByLabel('Six-digit code').fill(sent.code);
    await page.getByRole('button', { name: 'Confirm and continue' }).click();
    await page.getByText('Days added to the account.').waitFor();
    expect(page.url()).toBe(`${url}/admin/users/${anna.id}?done=granted`);
    expect(await world.see.creditDaysOf(anna)).toBe(7);
    expect(await textOf(page)).toContain('an outage & “more”');
    // the browser has a new session, which needs no code; the old one is over
    await page.goto(`${url}/admin/programme/new`);
    expect(await page.getByRole('button', { name: 'Preview' }).count()).toBe(1);
    expect((await staff.page('users', admin)).statusCode).toBe(303);
  },
);

it('a page for admins alone opens where one was going, after the code', async () => {
  const admin = await world.given.user({ role: 'admin' });
  world.clock.advance(13 * hourMs);
  const page = await openPage(admin);
  await page.goto(`${url}/admin/programme/new`);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Six-digit code').fill((await codesOf(admin)).code);
  await page.getByRole('button', { name: 'Confirm and continue' }).click();
  expect(page.url()).toBe(`${url}/admin/programme/new`);
});

it('Back leads from published terms to their preview, and from there to the editor as it was written', async () => {
  const page = await openPage(await world.given.user({ role: 'admin' }));
  await page.goto(`${url}/admin/programme/new`);
  await page.getByLabel('Days for the inviter').fill('46');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByLabel('Reason').fill('spring');
  await page.getByRole('button', { name: 'Publish' }).click();
  expect(await textOf(page)).toContain('46');
  expect((await page.goBack())?.request().method()).toBe('GET');
  expect(await page.getByRole('button', { name: 'Publish' }).count()).toBe(1);
  await page.goBack();
  expect(await page.getByLabel('Days for the inviter').inputValue()).toBe('46');
  await page.goForward();
  await page.getByRole('button', { name: 'Back to editing' }).click();
  expect(await page.getByLabel('Days for the inviter').inputValue()).toBe('46');
  await page.goBack();
  expect(await page.getByRole('button', { name: 'Publish' }).count()).toBe(1);
});

it('a double click on “Send me a code” on the sign-in page sends one email', async () => {
  const person = await world.given.user();
  world.clock.advance(60_000); // the email of their sign-up is older
  const before = await codesOf(person);
  const page = await openPage(null);
  await page.goto(`${url}/login`);
  await page.getByLabel('Email address').fill(person.email);
  await page.getByRole('button', { name: 'Send me a code' }).dblclick();
  await page.getByLabel('Six-digit code').waitFor();
  const sent = await codesOf(person);
  expect(sent.count - before.count).toBe(1);
  await page.getByLabel('Six-digit code').fill(sent.code);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/settings`);
});

it('a double click sends one email for each code of the settings, too', async () => {
  const person = await world.given.user();
  // a change of address then asks for a code of the present one, too
  world.clock.advance(13 * hourMs);
  const page = await openPage(person);
  const before = await codesOf(person);
  await page.goto(`${url}/settings`);
  await page.locator('#erase-title').click();
  await page.getByRole('button', { name: 'Send me a code to delete my account' }).dblclick();
  await page.locator('#eraseCode').waitFor();
  expect((await codesOf(person)).count - before.count).toBe(1);
  await page.goto(`${url}/settings`);
  await page.locator('#email-title').click();
  await page.locator('#newEmail').fill('new.address@example.org');
  await page.locator('#email').getByRole('button', { name: 'Send me a code' }).dblclick();
  await page.getByText('new.address@example.org').first().waitFor();
  expect((await codesOf(person)).count - before.count).toBe(2);
  expect((await codesOf({ ...person, email: 'new.address@example.org' })).count).toBe(1);
});

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

it.each(['en', 'de'])(
  'the overview of an empty installation leads to the first payment (%s)',
  async (language) => {
    const page = await openPage(await world.given.user({ role: 'admin' }), { language });
    await page.goto(`${url}/admin`);
    expect(await page.locator('#set-up').count()).toBe(1);
    expect(await page.locator('#week .week-figure').count()).toBe(5);
    expect(await captureLayout(page, `console-overview-${language}`)).toEqual([]);
  },
);
