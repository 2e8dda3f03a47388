import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { ssoIssuer, ssoSecret } from '../support/sso-links.js';
import { until } from '../support/until.js';

/** A refusal leaves a line that says which, when and on which route, and nothing that was tried. */
let database: TestDatabase;
let app: AppProcess;
beforeAll(async () => {
  database = await createMigratedDatabase();
  app = await startProcess({
    DATABASE_URL: database.url,
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
    LOG_LEVEL: 'info',
    SSO_SECRET: ssoSecret,
    SSO_ISSUER: ssoIssuer,
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: 'whsec_x',
    STRIPE_API_BASE: 'http://127.0.0.1:9',
  });
});
afterAll(async () => {
  await app.terminate();
  await database.drop();
});

interface LogLine {
  msg?: string;
  code?: string;
  time?: unknown;
  req?: { id?: string; route?: string };
}

const rejectionLines = (): LogLine[] =>
  app
    .output()
    .split('\n')
    .slice(0, -1) // the last one may still be coming
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ msg }) => msg === 'auth.refused');

it('a wrong code, a missing sign-in and another site', async () => {
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const asked = await post('/api/v1/auth/challenges', { email: 'watched@example.org' });
  const { challengeId } = (await asked.json()) as { challengeId: string };
  const tries = ['918273', '918274']; // one of them is wrong for sure
  for (const code of tries) await post('/api/v1/auth/sessions', { challengeId, code });
  await fetch(`${app.url}/api/v1/me`, { headers: { authorization: 'Bearer stolen-token-0123456789' } });
  await post('/api/v1/auth/challenges', { email: 'x@example.org' }, { origin: 'https://evil.example' });

  // the log comes through a pipe: an answer may be here before its line
  await until(() => rejectionLines().some(({ code }) => code === 'auth.foreign_origin'));
  const refused = rejectionLines();
  expect(refused.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['auth.code_wrong', 'auth.required', 'auth.foreign_origin']),
  );
  for (const line of refused)
    expect(line).toMatchObject({
      time: expect.anything(),
      req: { id: expect.any(String), route: expect.any(String) },
    });
  expect(app.output()).not.toMatch(/918273|918274|stolen-token|watched@/);
});

it('an SSO link, refused and right: the reason, and no part of the token', async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `INSERT INTO auth."user" (id, external_id, email, created_at) VALUES (gen_random_uuid(), 'anna', 'anna@example.org', now())`,
  );
  await client.end();
  const sign = (audience: string) =>
    new SignJWT({ sub: 'anna', jti: randomUUID(), iss: ssoIssuer, aud: audience })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(ssoSecret));
  const [wrong, right] = [await sign('https://evil.example'), await sign(app.url)];
  const open = async (token: string) =>
    (await fetch(`${app.url}/sso?token=${token}`, { redirect: 'manual' })).status;
  expect([await open(wrong), await open(right), await open(right)]).toEqual([401, 303, 410]);
  await until(() => app.output().includes('auth.sso_expired'));
  expect(app.output()).toMatch(/"msg":"auth\.sso_token_refused".*unexpected \\"aud\\" claim value/);
  for (const part of [...wrong.split('.').slice(1), ...right.split('.').slice(1)])
    expect(app.output()).not.toContain(part);
});
