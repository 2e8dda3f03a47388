import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';
import { liveRoutes } from './live-routes.js';

/**
 * Whatever stands in a query, a path or a field: it is found, not found or refused, and never our
 * failure.
 */
let world: World;
let root: Person;
beforeAll(async () => {
  world = await createWorld();
  root = await world.given.user({ role: 'admin' });
});
afterAll(() => world.close());

const hostile = [
  `' OR '1'='1`,
  `'; DROP TABLE credit.entry; --`,
  `%' ESCAPE '_`,
  `\\`,
  `%`,
  `_`,
  `\u0000`,
  `\ud800`,
  `<script>alert(1)</script>`,
  `\${7*7}{{7*7}}`,
  `\u202Eevil`,
  `../../../etc/passwd`,
  `-1`,
  `1e309`,
  `NaN`,
  `99999999999999999999`,
  `9999-99-99`,
  `Infinity`,
  `[]`,
  `__proto__`,
  `x'`.repeat(3000),
  `\r\nset-cookie: a=b`,
];

interface DescribedRoute {
  url: string;
  parameters: { name: string; in: string }[];
}

/**
 * Every GET of the API with its parameters, from its description; a page takes those of its list.
 */
async function readRoutes(): Promise<DescribedRoute[]> {
  const { paths } = (await world.app.inject({ url: '/api/openapi.json' })).json<{
    paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
  }>();
  const api = Object.entries(paths).flatMap(([url, { get }]) =>
    get === undefined ? [] : [{ url, parameters: get.parameters ?? [] }],
  );
  const names = [
    ...new Set([
      ...api.flatMap(({ parameters }) =>
        parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      ),
      'ref',
      'next',
      'done',
      'invited',
      'utm_source',
      'basedOn',
      'from',
      'into',
    ]),
  ];
  const pages = liveRoutes(world)
    .filter(({ method, url }) => method === 'GET' && !/^\/(api|assets)/.test(url))
    .map(({ url }) => ({ url, parameters: names.map((name) => ({ name, in: 'query' })) }));
  return [...api, ...pages];
}

const unknownId = '01890000-0000-7000-8000-000000000000';

it('no hostile text in any parameter of any read is our failure, and none comes back as markup', async () => {
  const routes = await readRoutes();
  expect(routes.length).toBeGreaterThan(60);
  for (const { url, parameters } of routes) {
    const asked = hostile.flatMap((text) => {
      const encoded = text === '\ud800' ? '%ed%a0%80' : encodeURIComponent(text);
      const query = parameters.filter((one) => one.in === 'query').map(({ name }) => `${name}=${encoded}`);
      return [
        ...(query.length === 0 ? [] : [`${url.replace(/\{[^}]+\}/g, unknownId)}?${query.join('&')}`]),
        ...(url.includes('{') ? [url.replace(/\{[^}]+\}/g, encoded)] : []),
      ];
    });
    await Promise.all(asked.map(expectNoServerError));
  }
  expect(await world.see.count(`credit.entry`)).toBe(0);
});

/**
 * Reads `url` and sees that the answer is no internal error, and none of it was taken for markup or
 * a header.
 */
async function expectNoServerError(url: string): Promise<void> {
  const answer = await world.app.inject({ url, headers: { ...bearer(root), accept: 'text/html' } });
  // no Stripe is there for these tests: what would have to ask it says so
  expect([url.slice(0, 300), answer.statusCode < 500 || answer.statusCode === 502]).toEqual([
    url.slice(0, 300),
    true,
  ]);
  if (String(answer.headers['content-type']).startsWith('text/html'))
    expect(answer.body).not.toContain('<script>alert(1)');
  expect(answer.headers['set-cookie'] ?? '').not.toContain('a=b');
}

it('a parameter that is given twice or as an object is refused or read once, never our failure', async () => {
  for (const { url, parameters } of await readRoutes()) {
    const own = url.replace(/\{[^}]+\}/g, unknownId);
    const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
    const twice = names.map((name) => `${name}=1&${name}=2`);
    for (const query of [twice, names.map((name) => `${name}[a]=1`), names.map((name) => `${name}[]=1`)])
      if (query.length > 0) await expectNoServerError(`${own}?${query.join('&')}`);
  }
});

describe('bodies', () => {
  const payloads = [
    '[]',
    'null',
    '"x"',
    '1',
    '{"__proto__":{"role":"admin"}}',
    '{"constructor":{"prototype":{"role":"admin"}}}',
    `${'['.repeat(5000)}${']'.repeat(5000)}`,
    '{"reason":{"a":1},"days":[1],"code":{},"email":["a@b.c"],"ref":{}}',
    '{"reason":"\\u0000","days":1e400,"code":"\\ud800","email":"\\u0000@x.y","displayName":"\\ud800"}',
    `{"email":"${'a'.repeat(100_000)}@example.org","code":"${'-'.repeat(100_000)}","reason":"${'x'.repeat(100_000)}"}`,
  ];

  it('no hostile body of any change is our failure, and none makes anybody an admin', async () => {
    const changes = liveRoutes(world).filter(
      ({ method, url }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) && !/logout|auth\/sessions/.test(url),
    );
    for (const { method, url } of changes) {
      const anna = await world.given.user({ role: url.includes('admin') ? 'admin' : 'user' });
      for (const payload of payloads) {
        const answer = await world.app.inject({
          method: method as 'POST',
          url,
          headers: { ...bearer(anna), 'content-type': 'application/json' },
          payload,
        });
        const told = [method, url, payload.slice(0, 60)];
        // no Stripe is there for these tests: what would have to ask it says so
        expect([...told, answer.statusCode < 500 || answer.statusCode === 502]).toEqual([...told, true]);
      }
    }
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  it('no text takes an expression longer than it should', async () => {
    const slow = [
      'a'.repeat(50_000) + '!',
      '@'.repeat(50_000),
      'a@'.repeat(25_000),
      'a.'.repeat(25_000) + '@',
      ' '.repeat(50_000) + 'x',
      '\t'.repeat(50_000),
    ];
    const began = process.cpuUsage();
    for (const text of slow) {
      await world.app.inject({
        method: 'POST',
        url: '/api/v1/auth/challenges',
        payload: { email: text, ref: text },
      });
      await world.app.inject({
        method: 'PUT',
        url: '/api/v1/me',
        headers: bearer(root),
        payload: { displayName: text, locale: text, timeZone: text },
      });
      await world.app.inject({
        url: '/login',
        headers: {
          'user-agent': text.slice(0, 8000),
          'accept-language': text.slice(0, 8000),
          cookie: text.slice(0, 8000),
        },
      });
    }
    const { user, system } = process.cpuUsage(began); // its own work, however busy the machine is
    expect((user + system) / 1000 / (slow.length * 3)).toBeLessThan(250);
  });
});

it('a name with line breaks adds no header to an email, nor a line to its text', async () => {
  const { given, app } = world;
  const anna = await given.user();
  const name = 'Anna\r\nBcc: everybody@example.org\r\n\r\n<b>x</b>';
  const answer = await app.inject({
    method: 'PUT',
    url: '/api/v1/me',
    headers: bearer(anna),
    payload: { displayName: name },
  });
  const bert = await given.user({ ref: await given.referralCodeOf(anna) });
  await world.when.pays(bert);
  await world.runHandlers();
  const { rows } = await world.sql.query<{ subject: string; text_part: string; html_part: string }>(
    `SELECT subject, text_part, html_part FROM notifications.captured_email`,
  );
  for (const { subject, text_part, html_part } of rows) {
    expect(subject).not.toMatch(/[\r\n]/);
    expect(text_part).not.toMatch(/^Bcc:/m);
    expect(html_part).not.toContain('<b>x</b>');
  }
  expect(answer.statusCode).toBeLessThan(500);
});
