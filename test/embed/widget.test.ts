import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { CreatedApiKey } from '../../src/auth/index.js';
import { themeColours } from '../../src/embed/preview/theme.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { captureLayout, startBrowser } from '../support/browser.js';
import { HostSite } from '../support/host-page.js';
import { givenHostKey, givenPerson } from '../support/person-tokens.js';
import { createWorld, type World } from '../support/world.js';

const minuteMs = 60_000;

let world: World;
let browser: Browser;
let host: HostSite;
let hostUrl: string;
let key: CreatedApiKey;
let complaints: string[] = [];

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), startBrowser()]);
  world.clock.advance(Date.now() - world.clock.now().getTime()); // the browser has the real one
  await world.app.listen(0, '127.0.0.1');
  host = new HostSite(await world.app.getUrl(), askForToken);
  hostUrl = await host.open();
  key = await givenHostKey(world, { origins: [hostUrl] });
  const code = await givenPerson(world, key, 'anna');
  for (const friend of ['bert', 'carla', 'dora', 'emil', 'fritz', 'gerd'])
    await givenPerson(world, key, friend, code);
});
afterAll(async () => {
  await browser.close();
  await host.close();
  await world.close();
});
beforeEach(() => {
  Object.assign(host, { tokenRoute: askForToken, tokenRequests: 0, lang: 'en', body: widget() });
  complaints = [];
});

const widget = (attributes = '') =>
  `<twofold-referral token-url="/api/twofold/token" ${attributes}></twofold-referral>`;

async function askForToken(): Promise<{ status: number; body: unknown }> {
  const answer = await world.app.inject({
    method: 'POST',
    url: '/api/v1/people/anna/tokens',
    headers: { authorization: `Bearer ${key.token}` },
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en', ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of [45]\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(hostUrl);
  return page;
}

/** Every kind of invite, with a name that would be markup if it were read as such. */
const sample = {
  referral: {
    code: 'ANNA-2026',
    link: 'https://app.example/?ref=ANNA-2026',
    daysOnAccount: 72,
    counts: { invited: 7 },
    paused: false,
    reward: 'When a friend you invited pays for the first time, you both get 45 days of paid access.',
    invitation: {
      invitedBy: { label: '<b>Anna</b>' },
      reward: { status: 'held', text: '60 days are reserved for you.', why: null, next: null },
    },
  },
  credit: { until: '2027-02-10T12:00:00.000Z' },
  invites: {
    nextCursor: null,
    items: (
      [
        ['b•••@e•••.org', 'promised', 0, 'You get 45 days as soon as their first payment arrives.'],
        ['<img src=x onerror=alert(1)>', 'held', 0, '45 days are reserved for you.'],
        ['Carla', 'credited', 45, '45 days were added to your account.'],
        ['d•••@e•••.org', 'suspended', 0, 'The bank disputes the first payment.'],
        ['Emil', 'taken_back', 22.5, 'The days that you had not used were taken back.'],
        ['f•••@e•••.org', 'none', 0, 'This invitation does not meet the rules of the programme.'],
      ] as const
    ).map(([label, status, daysEarned, text], index) => ({
      ...{ id: String(index), label, daysEarned, reward: { status, text, why: null, next: null } },
      invitedAt: '2026-11-01T12:00:00.000Z',
      convertedAt: status === 'promised' || status === 'none' ? null : '2026-11-20T12:00:00.000Z',
    })),
  },
};
const states: Record<string, unknown> = {
  ready: sample,
  empty: {
    referral: {
      ...{ ...sample.referral, daysOnAccount: 0, counts: { invited: 0 } },
      creditWorth: 'If a friend paid now, 15 days of it would be extra time.',
      invitation: {
        invitedBy: { label: 'Anna' },
        reward: {
          ...{ status: 'promised', text: 'You get 60 days.', worth: '<i>30 days</i> are extra time.' },
          ...{ why: null, next: null },
        },
      },
    },
    credit: { until: null },
    invites: { items: [], nextCursor: null },
  },
  paused: {
    ...sample,
    referral: {
      ...sample.referral,
      paused: true,
      reward: 'The programme is paused. Your code works, but new invitations bring no reward for now.',
    },
  },
  loading: 'loading',
  failed: 'failed',
};

it('every state has a name for everything, enough contrast and no overflow, narrow and wide, light and dark', async () => {
  host.body = Object.keys(states)
    .map((state) => `<p>${state}</p><twofold-referral id="${state}" heading-level="2"></twofold-referral>`)
    .join('');
  const page = await open({ reducedMotion: 'reduce' });
  await page.evaluate((shown) => {
    for (const [id, state] of Object.entries(shown))
      Object.assign(document.getElementById(id) ?? {}, { sample: state });
  }, states);
  await page.locator('.title').nth(4).waitFor();
  expect(await captureLayout(page, 'widget')).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect([colorScheme, await accessibilityProblems(page)]).toEqual([colorScheme, []]);
  }
  // a name is text, whatever it looks like
  expect(await page.locator('#ready li').nth(1).innerText()).toContain('<img src=x onerror=alert(1)>');
  expect(await page.locator('#empty .quiet').allInnerTexts()).toEqual(
    expect.arrayContaining([
      'If a friend paid now, 15 days of it would be extra time.',
      'You get 60 days. <i>30 days</i> are extra time.',
    ]),
  );
  expect(complaints).toEqual([]);
});

describe('the widget in a page of another origin, under a strict content security policy', () => {
  it('shows the person’s code, link and invites, and older ones when asked', async () => {
    const page = await open();
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      for (const name of ['ready', 'copied', 'error'])
        document.addEventListener(`twofold:${name}`, (event) =>
          heard.push(`${name} ${JSON.stringify((event as CustomEvent).detail)}`),
        );
    });
    await page.locator('li').nth(4).waitFor();
    expect(await page.locator('.reward').innerText()).toContain('45 days of paid access');
    const code = await page.locator('code').innerText();
    expect(await page.getByLabel('Your link').inputValue()).toBe(`http://twofold.test/r/${code}`);
    expect(await page.locator('li').count()).toBe(5);
    await page.getByRole('button', { name: 'Older invites' }).click();
    await page.locator('li').nth(5).waitFor();
    expect(await page.getByRole('button', { name: 'Older invites' }).count()).toBe(0);
    expect(await page.locator('li:focus').count()).toBe(1);
    expect(host.tokenRequests).toBe(1);
    expect(await page.context().cookies()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is used with the keyboard alone: copies, says so, and shows where the focus is', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('li').nth(4).waitFor();
    const copied = page.evaluate(
      () =>
        new Promise((resolve) =>
          document.addEventListener('twofold:copied', (event) => resolve((event as CustomEvent).detail)),
        ),
    );
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus-visible').last();
    expect(await focused.innerText()).toBe('Copy the code');
    expect(await focused.evaluate((own) => getComputedStyle(own).outlineStyle)).toBe('solid');
    await page.keyboard.press('Enter');
    const code = await page.locator('code').innerText();
    expect(await copied).toEqual({ text: code });
    expect(await page.getByRole('status').last().innerText()).toBe('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
    const names: string[] = [];
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('Tab');
      const own = page.locator(':focus-visible').last();
      names.push(await own.evaluate((target) => target.textContent || target.id));
    }
    expect(names).toEqual(['link', 'Copy the link', 'Older invites', 'Change my code']);
  });

  it('copies and shares the link that says how, the latter with a text', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    // no browser without a screen has a menu for sharing
    await page.addInitScript(() => {
      Object.assign(navigator, {
        share: (data: unknown) => Promise.resolve(Object.assign(window, { shared: data })),
      });
    });
    await page.reload();
    await page.locator('li').nth(4).waitFor();
    const link = await page.getByLabel('Your link').inputValue();
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${link}?c=copy`);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    expect(await page.evaluate(() => (window as unknown as { shared: unknown }).shared)).toEqual({
      ...{ title: expect.any(String), url: `${link}?c=share` },
      text: expect.stringMatching(/^Join me on Twofold\. 45 days of paid access/),
    });
  });

  it('changes the code, and says what is wrong with one that will not do', async () => {
    const page = await open();
    await page.locator('summary').click();
    const field = page.getByLabel('New code');
    for (const [wanted, problem] of [
      ['x', 'A code has 3 to 24'],
      ['admin', 'That word is reserved'],
    ] as const) {
      await field.fill(wanted);
      await field.press('Enter');
      await page.getByText(problem).waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator('#code:focus').count()).toBe(1);
    }
    await field.fill('anna-rocks');
    await field.press('Enter');
    await page.locator('code', { hasText: 'ANNA-ROCKS' }).waitFor();
    expect(await page.locator('.toast').innerText()).toContain('Code changed');
    expect(await page.locator('summary:focus').count()).toBe(1);
  });

  it('speaks the language of its attribute, of the page, or of the browser, and the server with it', async () => {
    host.lang = 'de-AT';
    const german = await open();
    await german.getByText('bekommen Sie beide 45 Tage').waitFor();
    expect(await german.locator('.card').getAttribute('lang')).toBe('de');
    host.body = widget('lang="en" theme="dark"');
    const english = await open({ locale: 'de' });
    await english.getByText('you both get 45 days').waitFor();
    expect(
      await english.locator('twofold-referral').evaluate((own) => getComputedStyle(own).colorScheme),
    ).toBe('dark');
    host.lang = 'xx';
    host.body = widget('code-change="off"');
    const browsers = await open({ locale: 'de-CH' });
    await browsers.getByText('bekommen Sie beide 45 Tage').waitFor();
    expect(await browsers.locator('details').count()).toBe(0);
    const levels = async (attribute: string) => {
      host.body = widget(attribute);
      const page = await open();
      await page.locator('#invites').waitFor();
      const found = page.locator('twofold-referral').getByRole('heading', { includeHidden: true });
      const all = await found.evaluateAll((own) => own.map((one) => one.getAttribute('aria-level')));
      return [...new Set(all)];
    };
    expect(await levels('heading-level="4"')).toEqual(['4', '5']);
    expect(await levels('heading-level="x"')).toEqual(['2', '3']);
  });

  it('gets a new token before the last one ends, and when one has ended', async () => {
    let endsInMs = 30_000;
    host.tokenRoute = async () => {
      const { status, body } = await askForToken();
      const expiresAt = new Date(Date.now() + endsInMs).toISOString();
      return { status, body: { ...(body as object), expiresAt } };
    };
    const page = await open();
    await page.locator('li').nth(4).waitFor();
    expect(host.tokenRequests).toBeGreaterThan(1);
    endsInMs = 60 * minuteMs;
    const refresh = () =>
      page.evaluate(() =>
        document.querySelector<HTMLElement & { refresh(): Promise<void> }>('twofold-referral')?.refresh(),
      );
    await refresh();
    const before = host.tokenRequests;
    await refresh();
    expect(host.tokenRequests).toBe(before);
    world.clock.advance(16 * minuteMs); // now the server knows better
    await refresh();
    expect(host.tokenRequests).toBe(before + 1);
    expect(await page.locator('li').count()).toBe(5);
  });

  it('says that it failed, reports why to the page, and tries again when asked', async () => {
    host.tokenRoute = async () => ({ status: 401, body: { code: 'signed_out' } });
    host.body = `${widget('hidden')}`;
    const page = await open();
    const failure = page.evaluate(
      () =>
        new Promise((resolve) =>
          document.addEventListener('twofold:error', (event) => resolve((event as CustomEvent).detail)),
        ),
    );
    await page.evaluate(() => {
      const own = document.querySelector('twofold-referral');
      own?.removeAttribute('hidden');
      own?.setAttribute('token-url', '/api/twofold/token');
    });
    expect(await failure).toEqual({ status: 401, code: 'signed_out' });
    await page.getByRole('alert').getByText('could not be loaded').waitFor();
    host.tokenRoute = askForToken;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('li').nth(4).waitFor();
    expect(await page.locator('.title:focus').count()).toBe(1);
  });

  it('shows nothing in a page whose origin the key does not list', async () => {
    const other = new HostSite(await world.app.getUrl(), askForToken);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(await other.open());
    await page.getByText('could not be loaded').waitFor();
    expect(await page.locator('code').count()).toBe(0);
    await other.close();
  });
});

describe('the script of the widget', () => {
  const get = (headers = {}) => world.app.inject({ url: '/embed/v1.js', headers });

  it('has at most 15 KB compressed, and loads nothing else', async () => {
    const { rawPayload, headers } = await get({ 'accept-encoding': 'br, gzip' });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(rawPayload.length).toBeLessThan(15_000);
    const source = gunzipSync(rawPayload).toString();
    expect(source).toBe((await get()).body);
    expect(source).not.toMatch(/\bimport\b|\beval\(|innerHTML|new Function|https?:\/\//);
  });

  it('is for pages of every origin, and is sent again only when it has changed', async () => {
    for (const encoding of ['gzip', 'identity']) {
      const { headers } = await get({ 'accept-encoding': encoding, origin: 'https://host.example' });
      expect(headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        'cache-control': 'public, max-age=3600, stale-while-revalidate=604800',
        etag: expect.stringMatching(/^"[\w-]{22}"$/),
      });
      const again = await get({ 'accept-encoding': encoding, 'if-none-match': headers.etag });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
  });
});

describe('the preview for staff', () => {
  it('shows every state in the chosen colours and language, and the lines that make it so', async () => {
    const root = await world.given.user({ role: 'support' });
    const context = await browser.newContext({ locale: 'en', permissions: ['clipboard-write'] });
    const url = await world.app.getUrl();
    await context.addCookies([{ name: 'tf_session', value: root.token, url, httpOnly: true }]);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${url}/embed/preview`);
    await page.locator('twofold-referral li').nth(4).waitFor();
    expect(await page.locator('#lines').innerText()).toBe(
      '<script src="http://twofold.test/embed/v1.js" async></script>\n' +
        '<twofold-referral token-url="/api/twofold/token"></twofold-referral>',
    );
    expect(await captureLayout(page, 'widget-preview')).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByLabel('State').selectOption('paused');
    await page.getByLabel('Language').selectOption('de');
    await page.getByLabel('Theme').selectOption('dark');
    await page.getByRole('group', { name: 'Main button' }).getByLabel('Dark').fill('#ff8800');
    await page.getByLabel('Font').fill('1rem Georgia');
    await page.getByText('Das Programm pausiert').waitFor();
    const colour = await page
      .getByRole('button', { name: 'Link kopieren' })
      .evaluate((own) => getComputedStyle(own).backgroundColor);
    expect(colour).toBe('rgb(255, 136, 0)');
    const lines = await page.locator('#lines').innerText();
    expect(lines).toContain('theme="dark"');
    expect(lines).toContain(
      '--twofold-accent: light-dark(#0b6250, #ff8800);\n  --twofold-font: 1rem Georgia;\n}',
    );
    await page.getByLabel('Font').fill('serif; } body { display: none');
    expect(await page.locator('#lines').innerText()).not.toContain('display');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { name: 'Zeilen für Ihre Seite' }).waitFor();
    expect(await page.getByLabel('Sprache').inputValue()).toBe('de');
    await page.getByText('45 Tage').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const main = await page.locator('main').innerText();
    expect(main).not.toMatch(/\b(State|Theme|Width|Corners|Lines|Reset|Main button)\b/);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('begins with the colours that the widget has', () => {
    const css = readFileSync(new URL('../../src/embed/widget/widget.css', import.meta.url), 'utf8');
    const declared = [...css.matchAll(/var\(--twofold-([a-z-]+), light-dark\((#\w+), (#\w+)\)\)/g)].map(
      ([, name, light, dark]) => [name, light?.replace(/^#fff$/, '#ffffff'), dark],
    );
    expect(themeColours.map(({ name, light, dark }) => [name, light, dark])).toEqual(declared);
  });
});
