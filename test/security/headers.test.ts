import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InjectOptions } from 'fastify';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';
import { liveRoutes } from './live-routes.js';

/** What every answer carries, whichever route, method or mistake it answers. */
let world: World;
let root: Person;
beforeAll(async () => {
  world = await createWorld({ baseUrl: 'https://twofold.test' });
  root = await world.given.user({ role: 'admin' });
});
afterAll(() => world.close());

const send = (request: InjectOptions) => world.app.inject({ headers: bearer(root), ...request });

/** A route's answer to an admin, one that it takes apart, and one that it cannot read. */
async function collectAnswers() {
  const requests: InjectOptions[] = [
    ...liveRoutes(world)
      .filter(({ method, url }) => method === 'GET' || !/logout|sessions|api\/v1\/me$/.test(url))
      .map(({ method, url }) => ({ method: method as 'GET', url })),
    { url: '/nothing/here' },
    {
      method: 'POST',
      url: '/api/v1/auth/challenges',
      payload: '{"half',
      headers: { 'content-type': 'application/json' },
    },
    { method: 'POST', url: '/login', payload: '<x/>', headers: { 'content-type': 'text/xml' } },
    { url: '/admin/users', headers: { accept: 'text/html' } },
    { url: '/settings', headers: { accept: 'text/html', authorization: 'Bearer nonsense' } },
    { url: '/%ff' },
    { method: 'OPTIONS', url: '/api/v1/me' },
  ];
  return Promise.all(
    requests.map(async (request) => ({
      request: `${request.method ?? 'GET'} ${String(request.url)}`,
      answer: await send(request),
    })),
  );
}

it('every answer carries the headers that keep a browser from guessing, framing and telling', async () => {
  const all = await collectAnswers();
  expect(all.length).toBeGreaterThan(120);
  for (const { request, answer } of all) {
    const { headers } = answer;
    expect([request, headers]).toEqual([
      request,
      expect.objectContaining({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        // these addresses hold a token
        'referrer-policy': /^(GET|HEAD) \/(sso|staff-invitation)$/.test(request)
          ? 'same-origin'
          : 'strict-origin-when-cross-origin',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'cross-origin-opener-policy': 'same-origin',
        'x-request-id': expect.any(String),
      }),
    ]);
    const csp = String(headers['content-security-policy']);
    expect([request, csp]).toEqual([request, expect.stringContaining("frame-ancestors 'none'")]);
    for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'"])
      expect(csp).toContain(part);
    expect([request, csp]).toEqual([request, expect.not.stringMatching(/unsafe-(inline|eval)|https?:|\*/)]);
    if (!/\/assets\/|embed\/v1\.js|qr\.svg|\/openapi\.json/.test(request))
      // none of these holds anything that the link itself does not
      expect([request, headers['cache-control']]).toEqual([request, 'no-store']);
  }
});

it('every answer with a body says what it is, with its character set', async () => {
  for (const { request, answer } of await collectAnswers()) {
    if (answer.body === '' || answer.statusCode === 304) continue;
    const type = String(answer.headers['content-type']);
    expect([request, type]).toEqual([request, expect.stringMatching(/^[a-z]+\/[a-z0-9.+-]+/)]);
    if (type.startsWith('text/'))
      expect([request, type]).toEqual([request, expect.stringMatching(/charset=utf-8/i)]);
  }
});

it('no page runs a script or a style from inside of itself, but the two style sheets of the API’s own description', async () => {
  for (const { request, answer } of await collectAnswers()) {
    if (!String(answer.headers['content-type']).startsWith('text/html') || request.includes('/api/docs'))
      continue;
    expect([request, answer.body]).toEqual([
      request,
      expect.not.stringMatching(/<style|<script(?![^>]*\ssrc=)| on[a-z]+="| style="/),
    ]);
  }
  const docs = await send({ url: '/api/docs' });
  const csp = String(docs.headers['content-security-policy']);
  const styles = [...docs.body.matchAll(/<style>([^]*?)<\/style>/g)].map(([, css = '']) => css);
  expect(styles.length).toBeGreaterThan(0);
  for (const css of styles)
    expect(csp).toContain(`'sha256-${createHash('sha256').update(css).digest('base64')}'`);
  expect(docs.body).not.toMatch(/<script(?![^>]*\ssrc=)/);
});

it('no answer shows which software made it', async () => {
  for (const { request, answer } of await collectAnswers())
    for (const name of ['server', 'x-powered-by'])
      expect([request, answer.headers[name]]).toEqual([request, undefined]);
});

describe('cookies', () => {
  it('cookies are for this host, this protocol, no script, and no request of another site', async () => {
    const { challengeId, code } = await world.given.challenge('cookie@example.org');
    const login = await world.app.inject({
      method: 'POST',
      url: '/login',
      headers: { origin: 'https://twofold.test', 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'email=cookie2@example.org',
    });
    const session = await world.app.inject({
      method: 'POST',
      url: '/api/v1/auth/sessions',
      payload: { challengeId, code },
    });
    const ref = await world.app.inject({
      url: `/login?ref=${await world.given.referralCodeOf(root)}`,
      headers: { accept: 'text/html' },
    });
    const lines = [login, session, ref].flatMap(({ headers }) => headers['set-cookie'] ?? []);
    const names = new Set(lines.map((line) => line.split('=')[0]));
    for (const name of ['tf_session', 'tf_ref', 'tf_pending', 'tf_device']) expect(names).toContain(name);
    for (const line of lines) {
      for (const flag of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) expect(line).toContain(flag);
      expect(line).not.toMatch(/domain=/i);
    }
  });
});

describe('over plain http', () => {
  it('plain http sends neither HSTS nor a Secure cookie that a browser would drop', async () => {
    const plain = await createWorld();
    try {
      const answer = await plain.app.inject({ url: '/login' });
      expect(answer.headers['strict-transport-security']).toBeUndefined();
    } finally {
      await plain.close();
    }
  });
});

it.each(['TRACE', 'CONNECT', 'PROPFIND'])('%s is not done here', async (method) => {
  const answer = await world.app.inject({ method: method as 'GET', url: '/' });
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
});
