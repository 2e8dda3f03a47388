import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { liveRoutes } from '../security/live-routes.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { startBrowser } from '../support/browser.js';
import { createFilledWorld, type FilledWorld } from '../support/filled-world.js';
import { keyboardProblems } from '../support/keyboard.js';
import { languageProblems } from '../support/page-language.js';
import { cookieFor, pagesByRoute, unlistedRoutes } from '../support/page-list.js';

interface Layout {
  width: 320 | 1280;
  colorScheme: 'light' | 'dark';
}

/** `npm run test:pages`: each state of a page, in all layouts. */
const isThorough = process.env.ALL_LAYOUTS !== undefined;
const layouts = [320, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme }) as Layout),
);

/** How many pages are looked at side by side. */
const tabs = 3;

/**
 * Every page, with data, in each language: it fits narrow and wide windows, and all else holds
 * narrow and dark in one language, wide and light in the other. A page is opened once: its window
 * and its colours change beneath it.
 */
describe.each([
  { language: 'de', usual: { width: 320, colorScheme: 'dark' } },
  { language: 'en', usual: { width: 1280, colorScheme: 'light' } },
] as const)('every page in $language', ({ language, usual }) => {
  let filled: FilledWorld;
  let browser: Browser;
  let url: string;
  let paths: string[];
  beforeAll(async () => {
    [filled, browser] = await Promise.all([createFilledWorld(language), startBrowser()]);
    await filled.world.app.listen(0, '127.0.0.1');
    url = await filled.world.app.getUrl();
    paths = Object.values(pagesByRoute(filled)).flatMap((states) =>
      isThorough ? states : states.slice(0, 1),
    );
  });
  afterAll(async () => {
    await browser.close();
    await filled.close();
  });

  async function openPage(path: string, { javaScript = true } = {}): Promise<Page> {
    const context = await browser.newContext({ locale: language, javaScriptEnabled: javaScript });
    const [name, value] = cookieFor(filled, path)?.split('=') ?? [];
    if (name !== undefined && value !== undefined) await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    await page.goto(`${url}${path}`);
    return page;
  }

  /** What is wrong with each page, by its path; pages without a fault are left out. */
  async function problemsOfEach(
    look: (path: string) => Promise<string[]>,
  ): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    const waiting = [...paths];
    const next = async (): Promise<void> => {
      for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
        const problems = await look(path);
        if (problems.length > 0) found[path] = problems;
      }
    };
    await Promise.all(Array.from({ length: tabs }, next));
    return found;
  }

  it('is in the list', () => {
    expect(unlistedRoutes(filled)).toEqual([]);
  });

  it('fits its window, can be read by all, in one language, and used by keyboard', async () => {
    const titles = new Map<string, string>();
    const found = await problemsOfEach(async (path) => {
      const page = await openPage(path);
      const problems = [...(await languageProblems(page, language)), ...(await headingProblems(page))];
      const [title, place] = [await page.title(), placeOf(path)];
      const namesake = titles.get(title) ?? place;
      if (namesake !== place) problems.push(`the title of ${namesake}: ${title}`);
      titles.set(title, place);
      if (!isThorough) problems.push(...(await widthProblems(page, usual.width === 320 ? 1280 : 320)));
      for (const layout of isThorough ? layouts : [usual])
        problems.push(
          ...(await layoutProblems(page, layout)).map(
            (one) => `${layout.width} ${layout.colorScheme} ${one}`,
          ),
        );
      await page.context().close();
      return problems;
    });
    expect(found).toEqual({});
  });

  it('shows its content and its forms without JavaScript, and nothing that needs it', async () => {
    const routes = liveRoutes(filled.world);
    const found = await problemsOfEach(async (path) => {
      const page = await openPage(path, { javaScript: false });
      const { problems, forms } = await page.evaluate(withoutScript);
      await page.context().close();
      const isRoute = (form: { method: string; path: string }) =>
        routes.some(
          ({ method, pattern }) =>
            method === form.method && new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(form.path),
        );
      return [
        ...problems,
        ...forms.filter((form) => !isRoute(form)).map((form) => `goes nowhere: ${form.method} ${form.path}`),
      ];
    });
    expect(found).toEqual({});
  });
});

/** Pages that are shown at several addresses, by those. */
const samePages: Record<string, RegExp> = {
  'the editor of terms': /^\/admin\/programme\/(new|edit|preview\?referrerDays=x)/,
  'the page of an invitation': /^\/(r\/|login\?ref=)(?!NOSUCHCO)/,
  'sign-in': /^\/(login|r\/NOSUCHCO)/,
  'a link that does not work':
    /^\/(sso|staff-invitation)\?token=x|^\/admin\/users\/[^/]+\/credit\/[^/]+\/revoke/,
};

function placeOf(path: string): string {
  const same = Object.entries(samePages).find(([, addresses]) => addresses.test(path));
  return same?.[0] ?? path.replace(/\?.*/, '');
}

/** What is wrong with a page in one of its layouts. */
async function layoutProblems(page: Page, { width, colorScheme }: Layout): Promise<string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  return [
    ...(await widthProblems(page, width)),
    ...(await accessibilityProblems(page)),
    ...(await keyboardProblems(page)),
  ];
}

async function widthProblems(page: Page, width: Layout['width']): Promise<string[]> {
  await page.setViewportSize({ width, height: 900 });
  const isTooWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
  return isTooWide ? [`scrolls sideways at ${width} px`] : [];
}

/** A page has one heading of the first level, in front of all others, and skips no level. */
async function headingProblems(page: Page): Promise<string[]> {
  const levels = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('h1, h2, h3, h4, h5, h6')]
      .filter((heading) => heading.checkVisibility())
      .map(({ tagName }) => Number(tagName.slice(1))),
  );
  const isRight = levels.every((level, index) => {
    if (index === 0) return level === 1;
    return level > 1 && level <= (levels[index - 1] ?? 0) + 1;
  });
  return isRight && levels.length > 0 ? [] : [`levels of headings: ${levels.join(' ')}`];
}

/** Runs in the page: what only works by script, and where its forms go. */
function withoutScript(): { problems: string[]; forms: { method: string; path: string }[] } {
  const named = (element: Element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 160);
  const shown = <T extends HTMLElement>(selector: string) =>
    [...document.querySelectorAll<T>(selector)].filter((element) => element.checkVisibility());
  const useless = shown(
    'button[type=button], [data-copy], [data-scripted], [data-share-url], [data-passkey]',
  );
  const forms = shown<HTMLFormElement>('form');
  const unsendable = forms.filter(
    (form) => form.querySelector('button[type=submit], button:not([type])') === null,
  );
  const main = document.querySelector('main');
  return {
    problems: [
      ...(main === null || main.innerText.trim() === '' ? ['no content'] : []),
      ...useless.map((element) => `needs a script: ${named(element)}`),
      ...unsendable.map((form) => `has no button: ${named(form)}`),
    ],
    forms: forms.map((form) => ({
      method: form.method.toUpperCase(),
      path: new URL(form.getAttribute('action') ?? '', document.location.href).pathname,
    })),
  };
}
