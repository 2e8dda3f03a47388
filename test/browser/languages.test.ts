import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { captureLayout, startBrowser } from '../support/browser.js';
import type { Person } from '../support/given.js';
import { languageProblems } from '../support/page-language.js';
import { createWorld, type World } from '../support/world.js';

/** Every page that people see, in both languages: narrow and wide, light and dark. */
describe.each(['en', 'de'])('the pages in %s', (locale) => {
  let world: World;
  let browser: Browser;
  let url: string;
  let anna: Person;
  let bert: Person;
  const complaints: string[] = [];
  beforeAll(async () => {
    [world, browser] = await Promise.all([createWorld(), startBrowser()]);
    await world.given.terms({ hold_days: 14, cap_conversions: 5, budget_days: 5000 });
    anna = await world.given.user({ language: locale });
    bert = await world.given.user({ language: locale, ref: await world.given.referralCodeOf(anna) });
    const root = await world.given.user({ role: 'admin' });
    await world.app.inject({
      method: 'POST',
      url: `/api/v1/admin/users/${anna.id}/credit`,
      headers: { authorization: `Bearer ${root.token}` },
      payload: { days: 10, reason: 'X' },
    });
    await world.when.pays(bert);
    await world.runHandlers();
    await world.app.listen(0, '127.0.0.1');
    url = await world.app.getUrl();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  async function open(person?: Person): Promise<Page> {
    const context: BrowserContext = await browser.newContext({ locale });
    if (person !== undefined)
      await context.addCookies([{ name: 'tf_session', value: person.token, url, httpOnly: true }]);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 40[14]/.test(message.text()))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return page;
  }

  async function seen(page: Page, name: string): Promise<void> {
    expect([name, await languageProblems(page, locale)]).toEqual([name, []]);
    expect(await captureLayout(page, `${locale}-${name}`)).toEqual([]);
  }

  it('public pages are in that language alone', async () => {
    const page = await open();
    const code = await world.given.referralCodeOf(anna);
    for (const [name, path] of [
      ['home', '/'],
      ['login', '/login'],
      ['login-unknown', '/login?ref=NOSUCHCO'],
      ['login-invited', `/login?ref=${code}`],
      ['pricing', '/pricing'],
      ['not-found', '/nothing-here'],
      ['unsubscribe-unknown', '/unsubscribe/nonsense'],
    ] as const) {
      await page.goto(`${url}${path}`);
      await seen(page, name);
    }
    await page.goto(`${url}/login`);
    await page.locator('#email').fill('somebody@example.org');
    await page.locator('main button[type=submit]').click();
    await seen(page, 'verify');
    await page.locator('#code').fill('000000');
    await page.locator('main button[type=submit]').click();
    await seen(page, 'verify-wrong');
    expect(complaints).toEqual([]);
  });

  it('pages of a signed-in user are in that language alone', async () => {
    const page = await open(anna);
    await page.goto(`${url}/settings`);
    await seen(page, 'settings');
    await page.goto(`${url}/invite`);
    await seen(page, 'invite-friends');
    await page.locator('#invites .rows a').first().click();
    await seen(page, 'invite');
    await page.goto(`${url}/settings`);
    await page.locator('#credit table a').first().click();
    await seen(page, 'credit');
    const stop = await world.sql.query<{ link: string }>(
      `SELECT substring(text_part FROM 'http://\\S+/unsubscribe/(\\S+)') AS link FROM notifications.captured_email WHERE recipient = $1 AND text_part LIKE '%/unsubscribe/%' LIMIT 1`,
      [anna.email],
    );
    await page.goto(`${url}/unsubscribe/${stop.rows[0]?.link ?? ''}`);
    await seen(page, 'unsubscribe');
    await page.locator('main button[type=submit]').click();
    await seen(page, 'unsubscribed');
    expect(await world.see.count(`notifications.email_opt_out WHERE user_id = $1`, [anna.id])).toBe(1);
    await page.goto(`${url}/settings`);
    expect(await page.locator('#emails input[name=friend_joined]').isChecked()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('the switch in the footer changes the language, for visitors and in the account', async () => {
    const other = locale === 'en' ? 'de' : 'en';
    for (const person of [undefined, bert]) {
      const page = await open(person);
      await page.goto(`${url}/pricing`);
      await page.locator(`.language[value=${other}]`).click();
      expect(await page.evaluate('document.documentElement.lang')).toBe(other);
      expect(new URL(page.url()).pathname).toBe('/pricing');
    }
    expect(await world.see.count(`auth."user" WHERE id = $1 AND locale = $2`, [bert.id, other])).toBe(1);
  });
});
