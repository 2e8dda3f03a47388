import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InjectOptions } from 'fastify';
import { errorTable, DomainError, type ErrorCode } from '../../src/platform/errors.js';
import { toProblemDocument } from '../../src/platform/http/problem-document.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';
import { liveRoutes } from '../security/live-routes.js';

let world: World;
let root: Person;
beforeAll(async () => {
  world = await createWorld({ corsOrigins: ['https://app.example'] });
  root = await world.given.user({ role: 'admin' });
});
afterAll(() => world.close());

const codes = Object.keys(errorTable) as ErrorCode[];

/** Says what to do, or what is wrong with which field. */
const sentence = /^[A-Z\w].{10,}/;

describe('a problem document', () => {
  it.each(codes)(
    'a problem document with the code %s has a sentence, a title and a type that is documented',
    async (code) => {
      const { type, title, detail, status } = toProblemDocument(
        new DomainError(code),
        'id',
        world.config.baseUrl,
      );
      expect(detail).toMatch(/^[A-Z][^.]{10,}\.$/);
      expect(title).not.toBe('');
      expect(status).toBeGreaterThanOrEqual(400);
      const { origin, pathname, hash } = new URL(type);
      expect(origin).toBe(world.config.baseUrl);
      const page = await world.app.inject({ url: pathname });
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain(`id="${hash.slice(1)}"`);
      expect(page.body).toContain(code);
    },
  );

  it('a problem document answers whatever is wrong with a request, on every route, with all of its fields', async () => {
    const wrongs: Omit<InjectOptions, 'url' | 'method'>[] = [
      {},
      { headers: { authorization: 'Bearer nonsense' } },
      { headers: { cookie: `tf_session=${root.token}`, origin: 'https://evil.example' } },
      { headers: bearer(root), payload: { fieldThatNobodyKnows: 1 } },
      { headers: { ...bearer(root), 'content-type': 'application/json' }, payload: '{"half' },
      { headers: { ...bearer(root), 'content-type': 'text/xml' }, payload: '<x/>' },
      { headers: { ...bearer(root), 'content-type': 'application/json' }, payload: 'x'.repeat(1_300_000) },
      { headers: bearer(root) },
    ];
    const routes = [...liveRoutes(world), { method: 'GET', url: '/nothing' }];
    const seen = new Set<string>();
    for (const { method, url } of routes.filter(({ url }) => !/logout|sessions|api\/v1\/me$/.test(url)))
      for (const wrong of wrongs) {
        const answer = await world.app.inject({ ...wrong, method: method as 'GET', url });
        if (answer.statusCode < 400 || method === 'HEAD') continue;
        // a form is shown again, with what was wrong with it
        const isPage = /^text\/html/.test(String(answer.headers['content-type']));
        if (isPage && !/^\/(api|webhooks|health|metrics)/.test(url)) continue;
        const problem = answer.json<Record<string, unknown>>();
        expect([method, url, answer.headers['content-type'], problem]).toEqual([
          method,
          url,
          'application/problem+json; charset=utf-8',
          expect.objectContaining({
            type: `${world.config.baseUrl}/api/errors#${String(problem['code'])}`,
            title: expect.any(String),
            status: answer.statusCode,
            code: expect.any(String),
            detail: expect.stringMatching(sentence),
            requestId: answer.headers['x-request-id'],
          }),
        ]);
        expect(codes).toContain(problem['code']);
        if (answer.statusCode === 401)
          expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="Twofold"/);
        seen.add(String(problem['code']));
      }
    for (const code of ['auth.required', 'auth.foreign_origin', 'request.invalid', 'request.unreadable'])
      expect(seen).toContain(code);
    for (const code of ['request.media_type', 'request.too_large', 'request.not_found'])
      expect(seen).toContain(code);
  });

  it('a problem document shows a token that does not count from none', async () => {
    const ask = (headers: Record<string, string>) => world.app.inject({ url: '/api/v1/me', headers });
    expect((await ask({})).headers['www-authenticate']).toBe('Bearer realm="Twofold"');
    expect((await ask({ authorization: 'Bearer x' })).headers['www-authenticate']).toBe(
      'Bearer realm="Twofold", error="invalid_token"',
    );
  });

  it('a problem document has a detail, and the page advice of its own, where a person looks', async () => {
    const page = await world.app.inject({ url: '/nothing', headers: { accept: 'text/html' } });
    expect(page.body).not.toContain('Check the URL and the id');
  });
});

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

describe('a path that exists', () => {
  it('a path that exists answers each method that it lacks with 405 and Allow, and OPTIONS with 204 and the same Allow', async () => {
    const known = liveRoutes(world).filter(({ url }) => url !== 'x' && url !== '/api/docsx');
    expect(known.length).toBeGreaterThan(100);
    for (const url of new Set(known.map((route) => route.url))) {
      const options = await world.app.inject({ method: 'OPTIONS', url });
      const allow = String(options.headers['allow']).split(', ');
      expect([url, options.statusCode, options.body]).toEqual([url, 204, '']);
      for (const { method } of known.filter((route) => route.url === url))
        expect([url, allow]).toEqual([url, expect.arrayContaining([method])]);
      for (const method of methods.filter((name) => !allow.includes(name))) {
        const answer = await world.app.inject({ method: method as 'GET', url, payload: '{"half' });
        expect([method, url, answer.statusCode, answer.headers['allow']]).toEqual([
          method,
          url,
          405,
          options.headers['allow'],
        ]);
      }
    }
  });

  it('a path that exists is not made up: an unknown one answers 404 to every method', async () => {
    for (const method of [...methods, 'OPTIONS'])
      for (const url of ['/nothing', '/api/v1/nothing', '/api/v1/me/nothing', '/assets/a/b'])
        expect([method, url, (await world.app.inject({ method: method as 'GET', url })).statusCode]).toEqual([
          method,
          url,
          404,
        ]);
  });
});

describe('a frontend of another origin', () => {
  const origin = 'https://app.example';

  it('a frontend of another origin learns for how long a preflight counts, and may read what it needs of an answer', async () => {
    const preflight = await world.app.inject({
      method: 'OPTIONS',
      url: '/api/v1/billing/checkout',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,idempotency-key',
      },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-max-age': '7200',
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': expect.stringContaining('idempotency-key'),
    });
    const refused = await world.app.inject({ url: '/api/v1/me', headers: { origin } });
    const exposed = String(refused.headers['access-control-expose-headers']).split(', ');
    for (const name of [
      'etag',
      'retry-after',
      'ratelimit',
      'ratelimit-policy',
      'www-authenticate',
      'x-request-id',
    ])
      expect(exposed).toContain(name);
    for (const url of ['/api/v1/nothing', '/api/v1/billing/checkout'])
      expect(
        (await world.app.inject({ url, headers: { origin } })).headers['access-control-allow-origin'],
      ).toBe(origin);
  });

  it('a frontend of another origin that is not named is let nothing through', async () => {
    const preflight = await world.app.inject({
      method: 'OPTIONS',
      url: '/api/v1/me',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('a route that takes a body', () => {
  it('a route that takes a body answers 422 without one, the person who may use it, and writes nothing', async () => {
    const changes = liveRoutes(world).filter(
      ({ method, url }) => ['POST', 'PUT', 'DELETE'].includes(method) && !url.includes('webhooks'),
    );
    const refused: string[] = [];
    for (const { method, url } of changes) {
      const anna = url.startsWith('/api/v1/people')
        ? { token: await world.given.apiKey('people:write', 'credit:write') }
        : await world.given.user({ role: url.includes('admin') ? 'admin' : 'user' });
      for (const type of [null, 'application/json', 'application/x-www-form-urlencoded']) {
        const answer = await world.app.inject({
          method: method as 'POST',
          url,
          headers: { ...bearer(anna), ...(type !== null && { 'content-type': type }) },
        });
        // no Stripe is there for these tests
        expect([method, url, answer.statusCode < 500 || answer.statusCode === 502]).toEqual([
          method,
          url,
          true,
        ]);
        if (answer.statusCode === 422) refused.push(`${method} ${url}`);
      }
    }
    expect(refused).toEqual(expect.arrayContaining(['POST /settings/emails', 'POST /settings/profile']));
    const { paths } = (await world.app.inject({ url: '/api/openapi.json' })).json<{
      paths: Record<string, Record<string, { requestBody?: { required?: boolean } }>>;
    }>();
    for (const [path, operations] of Object.entries(paths))
      for (const [method, { requestBody }] of Object.entries(operations)) {
        const url = path.replaceAll(/\{[^}]+\}/g, '01890000-0000-7000-8000-000000000000');
        if (requestBody?.required === true && !path.startsWith('/webhooks'))
          expect(refused).toContain(`${method.toUpperCase()} ${url}`);
      }
  });
});

describe('over a socket', () => {
  let port: number;
  beforeAll(async () => {
    await world.app.listen(0, '127.0.0.1');
    port = Number(new URL(await world.app.getUrl()).port);
  });

  /** Sent as it is: our own client would put it in order first. */
  const answerTo = (sent: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1');
      socket.on('data', (data) => (answer += data.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
      socket.write(sent);
    });
  const get = (path: string, more = '') =>
    answerTo(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${more}\r\n`);
  const statusOf = async (path: string) => Number((await get(path)).split(' ')[1]);

  it('a path that leads out of the description of the API answers 404, however it is written', async () => {
    for (const path of [
      ...['..', '../', '../..', '%2e%2e', '%2e%2e/', '%2E%2E%2F', '.%2e', '..%2f..%2fpackage.json', '.'],
      ...['./index.html', '/', '//', '%5c..', '\\..', 'a/../../b', '..;/', '%00', '%2e', 'package.json'],
    ])
      expect([path, await statusOf(`/api/docs/${path}`)]).toEqual([path, 404]);
    const long = 'x/'.repeat(7_000);
    for (const path of [
      `docs/${long}`,
      long,
      `swagger-ui-init.js/${long}`,
      `docs/swagger-ui-init.js/${long}`,
    ])
      expect(await statusOf(`/api/docs/${path}`)).toBe(404);
    for (const path of ['', '/', '/index.html', '/swagger-ui.css', '/swagger-ui-bundle.js'])
      expect([path, await statusOf(`/api/docs${path}`)]).toEqual([path, 200]);
  });

  it('a range or a condition that a file does not meet is the mistake of the caller', async () => {
    for (const header of ['range: bytes=99999999-', 'range: bytes=x', 'if-match: "x"', 'if-range: "x"'])
      expect([header, (await get('/api/docs/swagger-ui.css', `${header}\r\n`)).slice(9, 12)]).toEqual([
        header,
        expect.stringMatching(/^(200|206|400|412)$/),
      ]);
  });

  it.each([
    ['that is no HTTP', 400, 'request.unreadable', () => answerTo('hello\r\n\r\n')],
    ['whose path cannot be decoded', 400, 'request.unreadable', () => get('/%ff')],
    ['with a header that is none', 400, 'request.unreadable', () => get('/', 'a b: c\r\n')],
    [
      'with two lengths',
      400,
      'request.unreadable',
      () => get('/', 'content-length: 1\r\ncontent-length: 2\r\n'),
    ],
    ['with long headers', 431, 'request.headers_too_large', () => get('/', `a: ${'b'.repeat(20_000)}\r\n`)],
  ])('a request %s is answered %i with a problem document', async (_, status, code, ask) => {
    const [head = '', body = ''] = (await ask()).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    for (const line of ['content-type: application/problem+json', 'x-content-type-options: nosniff'])
      expect(head).toContain(line);
    const id = /x-request-id: (\S+)/.exec(head)?.[1];
    expect(JSON.parse(body)).toMatchObject({ status, code, detail: expect.any(String), requestId: id });
  });
});
