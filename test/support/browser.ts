import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const browserFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a browser that only talks to our server, in a home of its own that goes when it is closed.
 */
export async function startBrowser(): Promise<Browser> {
  const profileDir = mkdtempSync(join(tmpdir(), 'twofold-browser-'));
  const browser = await chromium.launch({
    executablePath: process.env.TWOFOLD_TEST_BROWSER, // see global-setup.mjs
    args: browserFlags,
    env: { ...process.env, HOME: profileDir },
  });
  browser.on('context', (context) => context.setDefaultTimeout(180_000));
  browser.once('disconnected', () => {
    rmSync(profileDir, { recursive: true, force: true });
  });
  return browser;
}

const screenshotFolder = join(import.meta.dirname, '../../screenshots');

/**
 * Keeps what the page looks like (outside of git): narrow and wide, light and dark. Sees that
 * nothing overflows sideways. Each width is seen in one scheme, in the other one for every second
 * page by its name; ALL_LAYOUTS=1 shows both.
 */
export async function captureLayout(page: Page, name: string): Promise<string[]> {
  mkdirSync(screenshotFolder, { recursive: true });
  const overflowing: string[] = [];
  const isSecond = name.length % 2 === 1;
  for (const width of [320, 1280])
    for (const colorScheme of ['light', 'dark'] as const) {
      const isSeen = ((width === 320) === (colorScheme === 'light')) !== isSecond;
      if (!isSeen && process.env.ALL_LAYOUTS === undefined) continue;
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({
        path: join(screenshotFolder, `${name}-${width}-${colorScheme}.png`),
        fullPage: true,
        animations: 'disabled', // in the new colours, not on the way to them
      });
      if (await page.evaluate('document.documentElement.scrollWidth > window.innerWidth'))
        overflowing.push(`${name} at ${width}`);
    }
  await page.setViewportSize({ width: 1280, height: 900 });
  return overflowing;
}
