import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { setBrand } from '../../src/platform/brand.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { captureLayout, startBrowser } from '../support/browser.js';
import { givenPeople, signSsoToken, ssoIssuer, ssoPath, ssoSecret } from '../support/sso-links.js';
import { createWorld, type World } from '../support/world.js';

/** The longest name that fits, a wide logo, and a colour that is too light for text. */
const folder = mkdtempSync(join(tmpdir(), 'twofold-brand-'));
const logo = join(folder, 'logo.svg');
writeFileSync(
  logo,
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="120" height="40" rx="8" fill="#ffcc00"/></svg>',
);
const { productName, productUrl, supportEmail, brandLogo, brandColour } = loadConfig({
  PRODUCT_NAME: 'Acme & Söhne Abonnementverwaltung GmbH',
  PRODUCT_URL: 'https://acme.example/app',
  SUPPORT_EMAIL: 'a-rather-long-address-of-help@acme-and-sons.example',
  BRAND_LOGO: logo,
  BRAND_COLOUR: '#ffcc00',
});
const brand = { productName, productUrl, supportEmail, brandLogo, brandColour };

let world: World;
let browser: Browser;
let page: Page;
let url: string;
beforeAll(async () => {
  [world, browser] = await Promise.all([
    createWorld({ ...brand, ssoSecrets: [ssoSecret], ssoIssuer }),
    startBrowser(),
  ]);
  world.clock.set(new Date()); // that of the browser
  await givenPeople(world, 'anna', 'bert', 'carla');
  await world.app.listen(0, '127.0.0.1');
  url = await world.app.getUrl();
});
afterAll(async () => {
  await browser.close();
  await world.close();
  rmSync(folder, { recursive: true });
  setBrand(loadConfig({})); // other test files share this process
});
beforeEach(async () => {
  const context = await browser.newContext({ locale: 'en' });
  page = await context.newPage();
});

const follow = async (externalId: string) =>
  page.goto(`${url}${ssoPath(await signSsoToken(world, externalId))}`);

it('a person is signed in by a link, and is asked before the link of another one takes their place', async () => {
  await follow('anna');
  await page.waitForURL(`${url}/settings`);
  expect(await page.getByText('anna@example.org').count()).toBeGreaterThan(0);
  expect(await captureLayout(page, 'sso-settings')).toEqual([]);
  await follow('bert');
  await page.getByRole('heading', { name: 'Which account do you want to use?' }).waitFor();
  expect(await captureLayout(page, 'sso-question')).toEqual([]);
  await page.getByRole('link', { name: 'Stay signed in as' }).click();
  await page.waitForURL(`${url}/settings`);
  expect(await page.getByText('anna@example.org').count()).toBeGreaterThan(0);
  await follow('bert');
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await page.getByRole('button', { name: 'Weiter als' }).click();
  await page.waitForURL(`${url}/settings`);
  expect(await page.getByText('bert@example.org').count()).toBeGreaterThan(0);
});

it('who first comes by a link reads their language, and times of where they are', async () => {
  const context = await browser.newContext({ locale: 'de-AT', timezoneId: 'Europe/Vienna' });
  context.setDefaultTimeout(30_000);
  page = await context.newPage();
  await follow('carla');
  await page.getByText('in Ihrer Zeitzone, Europe/Vienna').waitFor();
  expect(new URL(page.url()).pathname).toBe('/settings');
  expect(await page.locator('#timeZone').inputValue()).toBe('Europe/Vienna');
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  expect(await captureLayout(page, 'sso-first-sight')).toEqual([]);
  await page.locator('#timeZone').selectOption('UTC');
  await page.locator('#profile').getByRole('button').click();
  await page.waitForURL(/saved=profile/);
  await page.goto(`${url}/settings`);
  await page.getByText('in Ihrer Zeitzone, UTC').waitFor();
  await context.close();
});

it('a link that does not work says so in both languages, and leads back to the product', async () => {
  await page.goto(`${url}/sso?token=x`);
  await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await page.getByRole('heading', { name: 'Dieser Link ist unvollständig' }).waitFor();
  const back = page.getByRole('main').getByRole('link', { name: `Zurück zu ${productName}` });
  expect(await back.getAttribute('href')).toBe(productUrl);
  expect(await captureLayout(page, 'sso-refused')).toEqual([]);
  await page.getByRole('main').getByRole('link', { name: 'Anmelden' }).click();
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
  expect(await captureLayout(page, 'branded-login')).toEqual([]);
});
