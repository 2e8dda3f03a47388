import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createElement } from 'react';
// @ts-expect-error: its types are not installed
import { renderToString } from 'react-dom/server';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Referral, useAccess } from '../../clients/typescript/src/react.js';
import { startBrowser } from '../support/browser.js';
import { givenHostKey, givenPerson, givenPersonToken } from '../support/person-tokens.js';
import { createWorld } from '../support/world.js';
import { installPackedClient, type Installation } from './packed-client.js';

/** A product whose pages use the bindings. `window` has what the page was answered last. */
const page = `
  import { createElement as h } from 'react';
  import { createRoot } from 'react-dom/client';
  import { Referral, useAccess } from '@twofold/client/react';
  function App({ referrals, url }) {
    const state = useAccess(url);
    window.state = state;
    const props = { tokenUrl: '/token', lang: 'de', theme: 'dark', className: 'card',
      codeChange: false, headingLevel: 4, ...window.listeners };
    return h('main', null, state.status, ...Array.from({ length: referrals }, (_, key) =>
      h(Referral, { key, baseUrl: window.scriptOrigin ?? location.origin + '/', ...props })));
  }
  const root = createRoot(document.getElementById('root'));
  window.listeners = Object.fromEntries(['onReady', 'onCopied', 'onError'].map((name) =>
    [name, (event) => (window.heard ??= []).push(name + ' ' + event.type)]));
  window.show = (referrals, url) => root.render(h(App, { referrals, url }));`;

/** Stands for the widget of Twofold, where what it shows does not matter. */
const widget = `customElements.define('twofold-referral', class extends HTMLElement {
  connectedCallback() { setTimeout(() => this.dispatchEvent(new Event('twofold:ready'))); }
});`;

const access = (revision: number, more = {}) => ({
  ...{ externalId: 'user-1', active: true, source: 'credit', until: '2126-01-01T00:00:00.000Z' },
  ...{ tier: 'free', creditUntil: '2126-01-01T00:00:00.000Z', revision, ...more },
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

let installation: Installation;
let browser: Browser;
let product: Server;
let url: string;
let visited: Page;
const requested: string[] = [];
/** What POST /token answers. */
let token: () => Promise<object>;
/** What /access answers, in order, the last one for all that follow; null: 500. */
let answers: (object | null)[] = [];

beforeAll(async () => {
  installation = installPackedClient('react', 'react-dom', 'scheduler');
  writeFileSync(join(installation.folder, 'page.js'), page);
  const [bundle] = [
    await build({
      ...{ root: installation.folder, logLevel: 'silent', configFile: false },
      build: { write: false, lib: { entry: 'page.js', formats: ['es'], fileName: 'page' } },
      define: { 'process.env.NODE_ENV': '"production"' },
    }),
  ].flat();
  if (bundle === undefined || !('output' in bundle)) throw new Error('No bundle was made');
  const { code } = bundle.output[0];
  product = createServer(({ url: path = '' }, response) => {
    requested.push(path);
    const send = (type: string, body: string) => response.writeHead(200, { 'content-type': type }).end(body);
    if (path === '/')
      send('text/html', '<div id="root"></div><script type="module" src="/page.js"></script>');
    else if (path === '/page.js') send('text/javascript', code);
    else if (path === '/embed/v1.js') send('text/javascript', widget);
    else if (path === '/token') void token().then((body) => send('application/json', JSON.stringify(body)));
    else if (path.startsWith('/access')) {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === null || answer === undefined) response.writeHead(500).end();
      else send('application/json', JSON.stringify(answer));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((ready) => product.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(product.address() as AddressInfo).port}/`;
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  product.closeAllConnections();
  product.close();
  installation.remove();
});
beforeEach(async () => {
  await visited?.close();
  requested.length = 0;
  answers = [access(1)];
  visited = await browser.newPage();
  await visited.goto(url);
  await visited.waitForFunction('window.show');
});

const show = (referrals: number, route = '/access') =>
  visited.evaluate(`window.show(${referrals}, ${JSON.stringify(route)})`);
const until = (condition: string) => visited.waitForFunction(condition);
const read = (expression: string) => visited.evaluate(expression);

it('two widgets are rendered with their attributes, by a script that is loaded once, and report', async () => {
  await show(2);
  await until('window.heard?.length === 2');
  expect(
    await read(
      `[...document.querySelector('twofold-referral').attributes].map((a) => a.name + '=' + a.value)`,
    ),
  ).toEqual(
    expect.arrayContaining([
      ...['token-url=/token', 'lang=de', 'theme=dark', 'class=card'],
      ...['code-change=off', 'heading-level=4'],
    ]),
  );
  await read(`document.querySelector('twofold-referral').dispatchEvent(new Event('twofold:copied'))`);
  expect(await read('window.heard')).toEqual([
    'onReady twofold:ready',
    'onReady twofold:ready',
    'onCopied twofold:copied',
  ]);
  await show(3);
  await until('window.heard.length === 4');
  expect(requested.filter((path) => path === '/embed/v1.js')).toHaveLength(1);
  expect(await read('document.scripts.length')).toBe(2);
});

it('the widget itself shows the person’s code, in the language that the page says', async () => {
  const world = await createWorld();
  world.clock.set(new Date()); // that of the browser
  await world.app.listen(0, '127.0.0.1');
  const key = await givenHostKey(world, { origins: [new URL(url).origin] });
  const code = await givenPerson(world, key, 'anna');
  token = async () => ({ token: await givenPersonToken(world, key, 'anna'), expiresAt: inAnHour() });
  await read(`window.scriptOrigin = ${JSON.stringify(await world.app.getUrl())}`);
  await show(1);
  await until('window.heard?.length === 1');
  expect(await read('window.heard')).toEqual(['onReady twofold:ready']);
  const shown = (selector: string) =>
    read(`document.querySelector('twofold-referral').shadowRoot.querySelector('${selector}').textContent`);
  expect(await shown('code')).toBe(code);
  expect(await shown('.reward')).toContain('45 Tage');
  await world.close();
});

it('a script that cannot be loaded is reported, and tried again by the next widget', async () => {
  await read(`window.scriptOrigin = ${JSON.stringify(`${url}lost`)}`);
  await show(1);
  await until('window.heard?.length === 1');
  expect(await read('window.heard')).toEqual(['onError error']);
  await show(0);
  await show(1);
  await until('window.heard.length === 2');
  expect(requested.filter((path) => path === '/lost/embed/v1.js')).toHaveLength(2);
});

it('the access is loading, then ready; an error keeps what is known and can be refreshed', async () => {
  await show(0);
  await until(`window.state.status === 'ready'`);
  expect(await read('window.state.access')).toEqual(access(1));
  answers = [null, access(2)];
  await read('window.state.refresh()');
  await until(`window.state.status === 'error'`);
  expect(await read('[window.state.access.revision, window.state.error.message]')).toEqual([
    1,
    '/access answered 500',
  ]);
  await read('window.state.refresh()');
  await until(`window.state.status === 'ready' && window.state.access.revision === 2`);
  expect(await read('window.state.error')).toBeNull();
});

it('an answer with a lower revision is dropped, unless it is about another person', async () => {
  answers = [access(5), access(4), access(1, { externalId: 'user-2' })];
  await show(0);
  await until('window.state.access?.revision === 5');
  await read('window.state.refresh()');
  await visited.waitForFunction(() => performance.getEntriesByName(`${location.href}access`).length === 2);
  await read('new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))');
  expect(await read('window.state.access.revision')).toBe(5);
  await read('window.state.refresh()');
  await until(`window.state.access.externalId === 'user-2'`);
});

it('the access is asked for again when the page becomes visible, when it ends, and from another route', async () => {
  const soon = new Date(Date.now() + 2_000).toISOString();
  answers = [
    access(1),
    access(2, { until: soon }),
    access(3, { active: false, source: 'none', until: soon }),
  ];
  await show(0);
  await until('window.state.access?.revision === 1');
  await read(`document.dispatchEvent(new Event('visibilitychange'))`);
  await until('window.state.access.active === false');
  answers = [null];
  await show(0, '/access?of=another');
  await until(`window.state.status === 'error'`);
  expect(await read('window.state.access')).toBeNull();
});

it('both are rendered on a server', () => {
  const App = () => createElement('p', null, useAccess().status);
  expect(renderToString(createElement(App))).toBe('<p>loading</p>');
  const referral = createElement(Referral, {
    tokenUrl: '/token',
    baseUrl: 'https://twofold.example',
    lang: 'de',
  });
  expect(renderToString(referral)).toBe('<twofold-referral token-url="/token" lang="de"></twofold-referral>');
});
