import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fastifyStatic from '@fastify/static';
import { fastify, type FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout, startBrowser } from '../support/browser.js';

/** The documentation as it is built, on a plain file server below a path. */
const root = join(import.meta.dirname, '../..');
const base = '/handbook/';
const folder = mkdtempSync(join(tmpdir(), 'twofold-documentation-'));
const server: FastifyInstance = fastify();
let browser: Browser;
let site: string;
beforeAll(async () => {
  const build = ['run', '-s', 'docs:build', '--', '--base', base, '--outDir', folder];
  [browser] = await Promise.all([startBrowser(), promisify(execFile)('npm', build, { cwd: root })]);
  await server.register(fastifyStatic, { root: folder, prefix: base });
  site = (await server.listen({ port: 0, host: '127.0.0.1' })) + base;
});
afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the documentation site', () => {
  it('a reader finds a page by a word that is in it, and nothing is asked of another host', async () => {
    const page = await browser.newPage();
    const requests = requestsOf(page);
    await page.goto(site);
    await hydrated(page);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('combobox', { name: 'Search' }).fill('dead events');
    const results = page.getByRole('dialog', { name: 'Search' }).getByRole('option');
    await results.filter({ hasText: 'Parked and dead events' }).click();
    await page.getByRole('heading', { name: 'Parked and dead events' }).waitFor();
    expect(page.url()).toBe(`${site}operations.html#parked-and-dead-events`);
    expect(requests.length).toBeGreaterThan(5);
    expect(requests.filter((url) => !url.startsWith(site))).toEqual([]);
  });

  it.each([
    ['first-page', ''],
    ['table', 'configuration.html'],
    ['diagram', 'architecture.html'],
    ['decision', 'decisions/0062-fewer-statements-for-a-payment.html'],
    ['read-me', 'project/readme.html'],
  ])('%s is for everybody: narrow and wide, light and dark, without another host', async (name, path) => {
    const page = await browser.newPage();
    const requests = requestsOf(page);
    await page.goto(site + path);
    expect(await captureLayout(page, `documentation-${name}`)).toEqual([]);
    expect(await problemsInAllLayouts(page)).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(site))).toEqual([]);
  });

  it('the results of a search are for everybody', async () => {
    const page = await browser.newPage();
    await page.goto(site);
    await hydrated(page);
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Search' }).fill('dead events');
    await page.getByRole('option').first().waitFor();
    expect(await captureLayout(page, 'documentation-search')).toEqual([]);
    expect(await problemsInAllLayouts(page)).toEqual([]);
  });

  it('a page is read without JavaScript, with its diagrams', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${site}architecture.html`);
    await page.getByRole('heading', { name: 'How Twofold is built' }).waitFor();
    await page.locator('.diagram svg').first().waitFor();
    await page.getByRole('link', { name: 'Decisions' }).first().waitFor();
  });
});

/** Every address that a page asks for, from now on. */
function requestsOf(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  return requests;
}

/** When Vue has mounted its application, buttons and keys do something. */
async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction("document.querySelector('#app').__vue_app__ !== undefined");
}

async function problemsInAllLayouts(page: Page): Promise<string[]> {
  const problems: string[] = [];
  for (const width of [320, 1280])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const found = await accessibilityProblems(page);
      problems.push(...found.map((problem) => `${width} ${colorScheme}: ${problem}`));
    }
  return problems;
}
