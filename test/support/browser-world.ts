import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Config } from '../../src/platform/config/config.js';
import { startBrowser } from './browser.js';
import type { Person } from './given.js';
import { createWorld, type World } from './world.js';

/** A world that listens, and a browser that looks at it. */
export interface BrowserWorld {
  world: World;
  browser: Browser;
  url: string;
  /** A page of a new browser, where `person` is signed in; null: a visitor. */
  openPage(person: Person | null, options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

export interface PageOptions {
  /** Opened at once. */
  path?: string;
  /** Off unless asked for: pages work without it. */
  javaScript?: boolean;
  /** What the account is set to, and what the browser asks for; else both stay as they are. */
  language?: string;
  context?: BrowserContextOptions;
}

/** Makes it. Close it when the file is done. */
export async function createBrowserWorld(change: Partial<Config> = {}): Promise<BrowserWorld> {
  const [world, browser] = await Promise.all([createWorld(change), startBrowser()]);
  await world.app.listen(0, '127.0.0.1');
  const url = await world.app.getUrl();

  async function openPage(
    person: Person | null,
    { path, javaScript = false, language, context: more = {} }: PageOptions = {},
  ): Promise<Page> {
    const locale = language === undefined ? {} : { locale: language };
    const context = await browser.newContext({ javaScriptEnabled: javaScript, ...locale, ...more });
    if (person !== null) {
      await context.addCookies([{ name: 'tf_session', value: person.token, url, httpOnly: true }]);
      if (language !== undefined)
        await world.sql.query(`UPDATE auth."user" SET locale = $2 WHERE id = $1`, [person.id, language]);
    }
    const page = await context.newPage();
    if (path !== undefined) await page.goto(url + path);
    return page;
  }

  return {
    ...{ world, browser, url, openPage },
    close: async () => {
      await browser.close();
      await world.close();
    },
  };
}

/** What a page says below its header, with spaces as people see them. */
export async function textOf(page: Page, selector = 'main'): Promise<string> {
  return (await page.locator(selector).innerText()).replaceAll(/[\s\u00a0]+/g, ' ');
}
