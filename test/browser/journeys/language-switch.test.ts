import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createBrowserWorld, textOf, type BrowserWorld } from '../../support/browser-world.js';
import type { Person } from '../../support/given.js';
import { languages } from '../../support/languages.js';
import { languageProblems } from '../../support/page-language.js';
import { referralSteps } from '../../support/referral-steps.js';

/** The switch offers the other languages on every page, and keeps the page and what it shows. */
let browserWorld: BrowserWorld;
let url: string;
let admin: Person;
let anna: Person;
let referralId: string;
beforeAll(async () => {
  browserWorld = await createBrowserWorld();
  ({ url } = browserWorld);
  const { given } = browserWorld.world;
  const steps = referralSteps(browserWorld.world);
  admin = await given.user({ role: 'admin' });
  anna = await given.user();
  const friend = await steps.friendOf(anna);
  await steps.pays(friend);
  referralId = await steps.findReferralId(friend);
});
afterAll(() => browserWorld.close());

const names = { en: 'English', de: 'Deutsch' } as const;
const problems = {
  reason: {
    en: 'Enter a reason of 1 to 500 characters.',
    de: 'Geben Sie einen Grund mit 1 bis 500 Zeichen an.',
  },
  scopes: { en: 'Choose at least one scope.', de: 'Wählen Sie mindestens ein Recht.' },
  address: {
    en: 'Please enter a valid email address.',
    de: 'Bitte geben Sie eine gültige E-Mail-Adresse ein.',
  },
} as const;

describe.each(languages)('from %s', (language) => {
  const other = language === 'en' ? 'de' : 'en';

  /** Sees the other language alone offered, and chooses it. */
  async function switchLanguage(page: Page): Promise<void> {
    expect(await languageProblems(page, language)).toEqual([]);
    expect(await page.locator('.languages button').allInnerTexts()).toEqual([names[other]]);
    await page.locator('.languages button').click();
    expect(await languageProblems(page, other)).toEqual([]);
    expect(await page.locator('.languages button').allInnerTexts()).toEqual([names[language]]);
  }

  it.each([
    '/admin',
    '/admin/users?tier=paid&sort=credit',
    '/admin/referrals?status=converted',
    '/admin/audit?person=nobody',
    '/admin/stats?bucket=month&from=2026-10-01&to=2026-11-30',
    '/invite?saved=name',
    '/settings?saved=profile',
    '/pricing?checkout=cancelled',
  ])('%s stays as it is', async (path) => {
    const page = await browserWorld.openPage(admin, { language, path });
    await switchLanguage(page);
    expect(page.url()).toBe(url + path);
  });

  it.each(['/', '/login?ref=NOSUCHCO', '/r/NOSUCHCO'])('%s stays as it is for a visitor', async (path) => {
    const page = await browserWorld.openPage(null, { language, path });
    await switchLanguage(page);
    expect(page.url()).toBe(url + path);
  });

  it('a form of the console that says what is wrong keeps what was typed', async () => {
    const path = `/admin/users/${anna.id}/credit`;
    const page = await browserWorld.openPage(admin, { language, path: `${path}?days=7` });
    await page.locator('#reason').fill('   ');
    await page.locator('main form:has(#reason) button').click();
    expect(await textOf(page)).toContain(problems.reason[language]);
    await switchLanguage(page);
    expect(new URL(page.url()).pathname).toBe(path);
    expect(await page.locator('#days').inputValue()).toBe('7');
  });

  it('the page of a referral that refused a form is shown in the other language', async () => {
    const path = `/admin/referrals/${referralId}/reverse`;
    const page = await browserWorld.openPage(admin, { language, path });
    await page.locator('#reason').fill('   ');
    await page.locator('main form:has(#reason) button').click();
    expect(await textOf(page)).toContain(problems.reason[language]);
    await switchLanguage(page);
    expect(page.url()).toBe(url + path);
  });

  it('the page of API keys that refused a form is shown in the other language', async () => {
    const path = '/admin/api-keys';
    const page = await browserWorld.openPage(admin, { language, path });
    await page.locator('#name').fill('shop');
    await page.locator('main form:has(#name) button[type=submit]').last().click();
    expect(await textOf(page)).toContain(problems.scopes[language]);
    await switchLanguage(page);
    expect(page.url()).toBe(url + path);
  });

  it('a sign-in that refused an address is shown in the other language', async () => {
    const page = await browserWorld.openPage(null, { language, path: '/login' });
    await page.locator('#email').fill('nobody@nowhere');
    await page.locator('main form button[type=submit]').click();
    expect(await textOf(page)).toContain(problems.address[language]);
    await switchLanguage(page);
    expect(page.url()).toBe(`${url}/login`);
  });
});
