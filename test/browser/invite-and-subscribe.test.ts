import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { captureLayout, startBrowser } from '../support/browser.js';
import { startProcess, type AppProcess } from '../support/process.js';

/**
 * The main job as people do it: the built application on a fresh machine, with its own database and
 * its sandbox.
 */
let dataDir: string;
let app: AppProcess;
let browser: Browser;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'twofold-walk-'));
  chmodSync(dataDir, 0o755);
  [app, browser] = await Promise.all([startProcess({ DATA_DIR: dataDir }), startBrowser()]);
});
afterAll(async () => {
  await browser.close();
  expect(await app.terminate()).toBe(0);
  rmSync(dataDir, { recursive: true, force: true });
});

it('Anna invites Bert, Bert subscribes, and both settings pages show the credit', async () => {
  const complaints: string[] = [];
  const anna = await openBrowser(complaints);
  await signUp(anna, 'anna@example.org', '/login');
  expect(await captureLayout(anna, 'settings-new')).toEqual([]);
  const link = await anna.getByRole('link', { name: /\/r\// }).getAttribute('href');
  expect(link).toMatch(/\/r\/[A-Z2-9]{8}$/);

  const bert = await openBrowser(complaints);
  await bert.goto(link ?? '');
  expect(await bert.textContent('main')).toContain('invited to Twofold. 45 days of paid access');
  expect(await captureLayout(bert, 'login-invited')).toEqual([]);
  await signUp(bert, 'bert@example.org', null);

  await bert.goto(`${app.url}/pricing`);
  expect(await bert.textContent('main')).toContain('45 days of paid access');
  expect(await captureLayout(bert, 'pricing')).toEqual([]);
  await bert
    .getByRole('button', { name: /^Subscribe/ })
    .first()
    .click();
  await bert.waitForURL(/\/checkout\//);
  expect(await captureLayout(bert, 'sandbox-checkout')).toEqual([]);
  await bert.getByRole('button', { name: /^Pay / }).click();
  await bert.waitForURL(/\/settings/);

  await expectCredit(bert);
  await expectCredit(anna);
  expect(await anna.textContent('#referral')).toMatch(/Active credits\s*1/);
  // a page is put together from several reads, and this one was asked for while he paid
  await bert.reload();
  expect(await bert.textContent('main')).toContain('extra time');
  expect(await captureLayout(anna, 'settings-credited')).toEqual([]);
  expect(await captureLayout(bert, 'settings-subscribed')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('pages for visitors, the API’s own pages, and errors look right', async () => {
  const complaints: string[] = [];
  const page = await openBrowser(complaints);
  for (const [path, name] of [
    ['/', 'home'],
    ['/login', 'login'],
    ['/r/NOBODYS2', 'login-unknown-code'],
    ['/dev/mail', 'mailbox'],
  ] as const) {
    expect((await page.goto(`${app.url}${path}`))?.status()).toBe(200);
    expect(await captureLayout(page, name)).toEqual([]);
  }
  await page.goto(`${app.url}/api/docs`);
  await page.getByText('/api/v1/auth/challenges').first().waitFor();
  expect(complaints).toEqual([]);
  expect((await page.goto(`${app.url}/nothing-here`))?.status()).toBe(404);
  expect(await captureLayout(page, 'not-found')).toEqual([]);
  await page.goto(`${app.url}/settings`);
  expect(page.url()).toContain('/login?next=%2Fsettings');
});

/**
 * A browser of a person's own. Whatever the browser complains about (a blocked script, a failed
 * request) is kept.
 */
async function openBrowser(complaints: string[]): Promise<Page> {
  const context: BrowserContext = await browser.newContext();
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return page;
}

async function signUp(page: Page, email: string, path: string | null): Promise<void> {
  if (path !== null) await page.goto(`${app.url}${path}`);
  await page.getByLabel('Email address').fill(email);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.waitForURL(/\/verify/);
  if (email.startsWith('anna')) expect(await captureLayout(page, 'verify')).toEqual([]);
  await page.getByLabel('Six-digit code').fill(await codeFor(page, email));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/settings/);
}

/** The code in the newest email to `email`, read in the mailbox page as a person would. */
async function codeFor(page: Page, email: string): Promise<string> {
  const mailbox = await page.context().newPage();
  await mailbox.goto(`${app.url}/dev/mail`);
  const newest = mailbox.locator('main').getByText(email).first();
  while (!(await newest.isVisible())) await mailbox.reload();
  const code = /(\d{6}) is your Twofold code/.exec((await mailbox.textContent('main')) ?? '')?.[1];
  await mailbox.close();
  return code ?? '';
}

/** Webhooks come when they come: the page is loaded again until the credit is there. */
async function expectCredit(page: Page): Promise<void> {
  const deadline = performance.now() + 120_000;
  do await page.goto(`${app.url}/settings`);
  while (
    !(await page.textContent('main'))?.includes('+45 days on your account') &&
    performance.now() < deadline
  );
  expect(await page.textContent('main')).toContain('+45 days on your account');
}
