import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMailServer } from '../../src/notifications/index.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { startApp } from '../../src/serve.js';
import { inEnglish } from '../support/in-english.js';
import { createMigratedDatabase } from '../support/database.js';
import { createWorld, type World } from '../support/world.js';

const token = 'a-token-that-only-prometheus-knows';
const paths = [
  '/dev/mail',
  '/dev/mail/examples',
  '/dev/mail/examples/newDevice/en',
  '/dev/mail/sign-in-code%3Ax',
  '/dev/stripe',
  '/metrics',
];
const local = { remoteAddress: '127.0.0.1', headers: { host: 'localhost:3000' } };

describe('what is for this machine only', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ baseUrl: 'http://localhost:3000', sandboxUrl: 'http://127.0.0.1:3001' });
  });
  afterAll(() => world.close());

  it('what is for this machine only is there for a loopback peer that asks for a loopback name', async () => {
    const statuses = [];
    for (const url of paths) statuses.push((await world.app.inject({ url, ...local })).statusCode);
    expect(statuses).toEqual([200, 200, 200, 404, 303, 200]);
    for (const host of ['127.0.0.1', '[::1]:3000', 'localhost'])
      expect((await world.app.inject({ url: '/dev/mail', ...local, headers: { host } })).statusCode).toBe(
        200,
      );
  });

  it.each([
    ...['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port'],
    ...['x-forwarded-server', 'x-real-ip', 'x-original-host', 'via', 'x-client-ip', 'true-client-ip'],
    ...['cf-connecting-ip', 'cf-ray', 'fly-client-ip', 'fastly-client-ip', 'x-envoy-external-address'],
  ])('what is for this machine only is not there for a request that a proxy added %s to', async (name) => {
    for (const url of paths)
      for (const value of ['127.0.0.1', ''])
        expect([
          url,
          (await world.app.inject({ url, ...local, headers: { ...local.headers, [name]: value } }))
            .statusCode,
        ]).toEqual([url, 404]);
  });

  it('what is for this machine only is not there for another peer, nor under another name', async () => {
    for (const url of paths) {
      expect((await world.app.inject({ url, ...local, remoteAddress: '10.0.0.7' })).statusCode).toBe(404);
      for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'localhost:x'])
        expect([host, (await world.app.inject({ url, ...local, headers: { host } })).statusCode]).toEqual([
          host,
          404,
        ]);
    }
  });
});

it('what is for this machine only is not there where BASE_URL names another', async () => {
  const world = await createWorld({ baseUrl: 'https://twofold.test', sandboxUrl: 'http://127.0.0.1:3001' });
  try {
    for (const url of paths)
      expect([url, (await world.app.inject({ url, ...local })).statusCode]).toEqual([url, 404]);
  } finally {
    await world.close();
  }
});

it.each([
  ['TRUST_PROXY is set', { baseUrl: 'http://localhost:3000', trustProxy: '1' }],
  ['BASE_URL names another machine', { baseUrl: 'https://twofold.test' }],
])('the metrics need their token where %s', async (_, change) => {
  const world = await createWorld({ ...change, metricsToken: token });
  const ask = (authorization?: string) =>
    world.app.inject({
      url: '/metrics',
      ...local,
      headers: { ...local.headers, ...(authorization !== undefined && { authorization }) },
    });
  try {
    expect((await ask()).statusCode).toBe(401);
    expect((await ask(`Bearer ${token}x`)).statusCode).toBe(401);
    expect((await ask(`Bearer ${token}`)).statusCode).toBe(200);
  } finally {
    await world.close();
  }
});

describe.each([
  ['of this machine', 'http://127.0.0.1:3000', true],
  ['of another machine', 'https://twofold.test', false],
])('without SMTP_URL, where BASE_URL is that %s', (_, baseUrl, isReadable) => {
  it('the greeting names only pages that answer', async () => {
    const own = await createMigratedDatabase();
    const lines: string[] = [];
    const env = {
      DATABASE_URL: own.url,
      BASE_URL: baseUrl,
      PORT: '0',
      ROLE: 'web',
      SECRET_KEY: 'a-secret-key-of-the-greeting-0123456789',
      LOG_LEVEL: 'silent',
      SHUTDOWN_DELAY_MS: '0',
    };
    const running = await startApp(loadConfig(env), (line) => lines.push(line));
    await running.stop();
    await own.drop();
    const greeting = lines.join('\n');
    expect(greeting.includes('/dev/mail')).toBe(isReadable);
    expect(greeting.includes('/dev/stripe')).toBe(isReadable);
    expect(greeting.includes('SMTP_URL')).toBe(!isReadable);
    expect(greeting).toContain('Stripe sandbox:     http://127.0.0.1:');
  });

  it('the page for the code says where the code is, or what to set', async () => {
    const world = await createWorld({ baseUrl });
    try {
      const headers = { accept: 'text/html', origin: baseUrl };
      const asked = await world.app.inject({
        method: 'POST',
        url: '/login',
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'email=anna%40example.org',
      });
      const pending = asked.cookies.find(({ name }) => name === 'tf_pending')?.value ?? '';
      for (const language of ['en', 'de']) {
        const { body } = await world.app.inject({
          url: '/verify',
          headers: { ...headers, 'accept-language': language, cookie: `tf_pending=${pending}` },
        });
        expect(body).toContain('name="code"');
        expect(body.includes('/dev/mail')).toBe(isReadable);
        expect(body.includes('SMTP_URL')).toBe(!isReadable);
      }
    } finally {
      await world.close();
    }
  });

  it('the doctor shows whether a code can be read', async () => {
    const finding = inEnglish(await checkMailServer(loadConfig({ BASE_URL: baseUrl })));
    expect(finding.level).toBe(isReadable ? 'ok' : 'problem');
    expect(`${finding.seen} ${finding.advice}`).toContain(
      isReadable ? `${baseUrl}/dev/mail` : 'Set SMTP_URL',
    );
  });
});
