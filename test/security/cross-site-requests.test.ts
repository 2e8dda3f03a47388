import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { liveRoutes, type LiveRoute } from './live-routes.js';
import { routeAccess } from './route-access.js';

const ownOrigin = 'http://twofold.test';

/**
 * Other sites can neither act in a person's name, nor be reached, nor slip their name into our
 * emails.
 */
let world: World;
let changes: LiveRoute[];
beforeAll(async () => {
  world = await createWorld({ corsOrigins: ['https://app.example'] });
  changes = liveRoutes(world).filter(
    ({ method, url, pattern }) =>
      !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
      !url.startsWith('/webhooks/') &&
      // no cookie opens them
      !routeAccess.apiKey.includes(`${method} ${pattern}`),
  );
});
afterAll(() => world.close());

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
const jsonHeaders = { 'content-type': 'application/json' };

async function expectForbidden(headers: Record<string, string>): Promise<void> {
  const root = await world.given.user({ role: 'admin' });
  for (const { method, url } of changes) {
    const isApi = url.startsWith('/api/');
    const answer = await world.app.inject({
      method: method as 'POST',
      url,
      headers: { cookie: `tf_session=${root.token}`, ...(isApi ? jsonHeaders : formHeaders), ...headers },
      payload: isApi ? '{}' : 'a=b',
    });
    expect([method, url, answer.statusCode, answer.json<{ code?: string }>().code]).toEqual([
      method,
      url,
      403,
      'auth.foreign_origin',
    ]);
  }
  expect(
    (await world.app.inject({ url: '/api/v1/me', headers: { cookie: `tf_session=${root.token}` } }))
      .statusCode,
  ).toBe(200);
}

describe('a request with a person’s cookie', () => {
  it('a request with a person’s cookie is refused on every changing route when another site sends it', async () => {
    expect(changes.length).toBeGreaterThan(50);
    expect(changes.some(({ url }) => url.startsWith('/admin/'))).toBe(true);
    await expectForbidden({ origin: 'https://evil.example' });
  });

  it('a request with a person’s cookie is refused when the origin is hidden, a look-alike, or that of a frontend with bearer tokens', async () => {
    for (const origin of [
      'null',
      `${ownOrigin}.evil.example`,
      `${ownOrigin}:8080`,
      'https://twofold.test',
      'https://app.example',
    ])
      await expectForbidden({ origin });
  });

  it('a request with a person’s cookie is refused when it names no origin and carries no token of the form, or that of another person', async () => {
    await expectForbidden({});
    const [root, other] = [await world.given.user(), await world.given.user()];
    const page = await world.app.inject({
      url: '/settings',
      headers: { accept: 'text/html', cookie: `tf_session=${other.token}` },
    });
    const foreign = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const logout = (token: string, csrf: string) =>
      world.app.inject({
        method: 'POST',
        url: '/logout',
        headers: { ...formHeaders, cookie: `tf_session=${token}` },
        payload: `_csrf=${encodeURIComponent(csrf)}`,
      });
    expect((await logout(root.token, foreign)).statusCode).toBe(403);
    expect((await logout(other.token, foreign)).statusCode).toBe(303);
  });

  it('a request with a person’s cookie changes nothing by GET: every form of every page posts', async () => {
    const root = await world.given.user({ role: 'admin' });
    for (const url of ['/settings', '/admin/users', `/admin/users/${root.id}`, '/invite', '/login']) {
      const { body } = await world.app.inject({
        url,
        headers: { accept: 'text/html', cookie: `tf_session=${root.token}` },
      });
      for (const [tag, action = ''] of body.matchAll(/<form[^>]*?(?:action="([^"]*)")?[^>]*>/g))
        if (!/method="post"/i.test(tag))
          expect([url, tag, action]).toEqual([
            url,
            expect.stringMatching(/role="search"|method="get"/),
            action,
          ]);
    }
  });
});

it('a sign-in form cannot be filled in by another site', async () => {
  for (const url of ['/login', '/verify', '/api/v1/auth/sessions', '/api/v1/auth/challenges']) {
    const answer = await world.app.inject({
      method: 'POST',
      url,
      headers: { origin: 'https://evil.example', ...jsonHeaders },
      payload: '{}',
    });
    expect([url, answer.statusCode]).toEqual([url, 403]);
  }
});

it('a script of another site may read nothing, one that is listed only with a token', async () => {
  const from = async (origin: string) =>
    (await world.app.inject({ url: '/api/v1/billing/plans', headers: { origin } })).headers;
  expect((await from('https://evil.example'))['access-control-allow-origin']).toBeUndefined();
  const listed = await from('https://app.example');
  expect(listed['access-control-allow-origin']).toBe('https://app.example');
  expect(listed['access-control-allow-credentials']).toBeUndefined();
});

describe('a foreign Host header', () => {
  const headers = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };

  it('a foreign Host header shows up in no page, no redirect and no email', async () => {
    const root = await world.given.user({ role: 'admin' });
    const pages = liveRoutes(world).filter(
      ({ method, url }) => method === 'GET' && !/^\/(dev|api\/docs)/.test(url),
    );
    for (const { url } of pages) {
      const answer = await world.app.inject({
        url,
        headers: { ...headers, accept: 'text/html', cookie: `tf_session=${root.token}` },
      });
      expect([url, answer.body, answer.headers.location]).toEqual([
        url,
        expect.not.stringContaining('evil.example'),
        answer.headers.location === undefined ? undefined : expect.not.stringContaining('evil.example'),
      ]);
    }
    await world.app.inject({
      method: 'POST',
      url: '/api/v1/auth/challenges',
      headers,
      payload: { email: 'host@example.org' },
    });
    const invited = await world.given.userInvitedBy(root);
    await world.when.pays(invited);
    await world.runHandlers();
    expect(
      await world.see.count(
        `notifications.captured_email WHERE text_part LIKE '%evil.example%' OR html_part LIKE '%evil.example%'`,
      ),
    ).toBe(0);
    expect(
      await world.see.count(`notifications.captured_email WHERE text_part LIKE '%${ownOrigin}%'`),
    ).toBeGreaterThan(0);
  });
});

it('no one is sent to another site by what a link says', async () => {
  const root = await world.given.user();
  const targets = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%09/evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
    '/\t/evil.example',
    'http:evil.example',
  ];
  for (const next of targets) {
    const signedIn = await world.app.inject({
      url: `/login?next=${encodeURIComponent(next)}`,
      headers: { accept: 'text/html', cookie: `tf_session=${root.token}` },
    });
    const location = new URL(String(signedIn.headers.location), ownOrigin);
    expect([next, location.origin]).toEqual([next, ownOrigin]);
    const { body } = await world.app.inject({
      url: `/login?next=${encodeURIComponent(next)}`,
      headers: { accept: 'text/html' },
    });
    const kept = /name="next" value="([^"]*)"/.exec(body)?.[1] ?? '';
    expect([next, new URL(kept || '/', ownOrigin).origin]).toEqual([next, ownOrigin]);
  }
});
