import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.js';
import { createWebhookWorld, type WebhookWorld } from '../outgoing-webhooks/webhook-world.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';
import { givenHostKey } from '../support/person-tokens.js';
import { webhookSecret as stripeWebhookSecret } from '../support/world.js';
import { Receiver } from '../outgoing-webhooks/receiver.js';

const routes = {
  join: () => import('../../examples/next/app/join/[code]/route.ts'),
  joinByParameter: () => import('../../examples/next/app/join/route.ts'),
  signUp: () => import('../../examples/next/app/api/sign-up/route.ts'),
  subscribe: () => import('../../examples/next/app/api/subscribe/route.ts'),
  stripe: () => import('../../examples/next/app/api/stripe/webhook/route.ts'),
  token: () => import('../../examples/next/app/api/twofold/token/route.ts'),
  access: () => import('../../examples/next/app/api/twofold/access/route.ts'),
  events: () => import('../../examples/next/app/api/twofold/events/route.ts'),
};

const twofoldOfExample = async () => (await import('../../examples/next/lib/twofold.ts')).twofold();

const url = 'https://app.example';
let database: TestDatabase;
let sandbox: Sandbox;
let world: WebhookWorld;
/** What Stripe and Twofold send waits here until a test gives it to a route. */
const inbox = new Receiver();

beforeAll(async () => {
  await inbox.open();
  database = await createEmptyDatabase();
  sandbox = await startSandbox({
    ...{ databaseUrl: database.url, host: '127.0.0.1', port: 0 },
    ...{ webhookUrl: inbox.url, webhookSecret: stripeWebhookSecret },
  });
  world = await createWebhookWorld({ stripeApiBase: sandbox.url, linkTarget: `${url}/join/{code}` });
  await world.app.listen(0, '127.0.0.1');
  const endpoint = await world.createEndpoint({ url: inbox.url, events: ['referral.credited'] });
  vi.stubEnv('TWOFOLD_URL', await world.app.getUrl());
  const scopes = ['people:read', 'people:write', 'access:read'] as const;
  vi.stubEnv('TWOFOLD_API_KEY', (await givenHostKey(world, { scopes, origins: [url] })).token);
  vi.stubEnv('TWOFOLD_WEBHOOK_SECRET', endpoint.secret);
  vi.stubEnv('STRIPE_API_BASE', sandbox.url);
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_of_the_product');
  vi.stubEnv('STRIPE_WEBHOOK_SECRET', stripeWebhookSecret);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await sandbox.stop();
  await world.close();
  await database.drop();
  await inbox.close();
});

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.slice(0, line.indexOf(';')))
    .join('; ');

const request = (path: string, cookie = '', init: RequestInit = {}) =>
  new Request(new URL(path, url), { ...init, headers: { cookie, ...init.headers } });

/** Signs up by the form; answers the cookie of the session, and the id. */
async function signUp(email: string, cookie = ''): Promise<{ cookie: string; id: string }> {
  const body = new URLSearchParams({ email });
  const response = await (
    await routes.signUp()
  ).POST(request('/api/sign-up', cookie, { method: 'POST', body }));
  expect([response.status, response.headers.get('location')]).toEqual([303, '/settings']);
  const session = cookiesOf(response);
  return { cookie: session, id: (await accessOf(session)).externalId };
}

async function accessOf(cookie: string) {
  const response = await (await routes.access()).GET(request('/api/twofold/access', cookie));
  return (await response.json()) as { externalId: string; active: boolean; source: string };
}

/** Gives a route what is in the inbox, twice. */
async function deliver(route: 'stripe' | 'events'): Promise<number[]> {
  const { POST } = await routes[route]();
  const statuses: number[] = [];
  const header = route === 'stripe' ? 'stripe-signature' : 'webhook-signature';
  const sent = inbox.received.filter(({ headers }) => header in headers);
  for (const { body, headers } of [...sent, ...sent]) {
    const init = { method: 'POST', body, headers: headers as Record<string, string> };
    statuses.push((await POST(request('/webhook', '', init))).status);
  }
  return statuses;
}

describe('the Next example', () => {
  it('credits both once, from the link to the payment', async () => {
    const anna = await signUp('anna@host.example.org');
    const { link } = await (await twofoldOfExample()).people.referral(anna.id);
    const code = new URL(link).pathname.split('/').at(-1) ?? '';
    const joined = await (await routes.join()).GET(request(link), { params: Promise.resolve({ code }) });
    expect([joined.status, joined.headers.get('location')]).toEqual([303, '/']);
    const bert = await signUp('bert@host.example.org', cookiesOf(joined));
    expect(await accessOf(anna.cookie)).toMatchObject({ active: false });

    world.clock.set(new Date()); // the sandbox has the time of the machine
    const checkout = await (
      await routes.subscribe()
    ).POST(request('/api/subscribe', bert.cookie, { method: 'POST' }));
    const page = checkout.headers.get('location') ?? '';
    await fetch(page, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ card: 'own' }) });
    await until(() => inbox.types().includes('invoice.paid'));
    expect(new Set(await deliver('stripe'))).toEqual(new Set([200]));
    expect(await accessOf(anna.cookie)).toMatchObject({ active: true, source: 'credit' });
    expect(await accessOf(bert.cookie)).toMatchObject({ active: true, source: 'subscription' });

    await world.runHandlers();
    const log = vi.spyOn(console, 'log').mockReturnValue();
    expect(await deliver('events')).toEqual([204, 204]);
    const lines = log.mock.calls.map(([line]) => line as string);
    log.mockRestore();
    expect(lines.toSorted()).toEqual([`${anna.id} got 45 days`, `${bert.id} got 45 days`].toSorted());
  });

  it('keeps the first link, and signs up whatever the cookie of an invitation says', async () => {
    const { GET } = await routes.join();
    const follow = (code: string, cookie = '') =>
      GET(request('/join/x', cookie), { params: Promise.resolve({ code }) });
    expect(cookiesOf(await follow('BERT2345', 'ref=ANNA2345.1767225600000'))).toBe('');
    expect(cookiesOf(await follow('a\0b'))).toBe('');
    const cookies = [
      'NOBODY99.9999999999999',
      '%00',
      'ANNA2345',
      '{}',
      '%ff.1767225600000',
      '%.1767225600000',
    ];
    for (const [index, ref] of cookies.entries())
      await signUp(`visitor-${index}@host.example.org`, `ref=${ref}`);
  });

  it('keeps a code of another tool for as long as it counts, whatever its characters', async () => {
    const { GET } = await routes.joinByParameter();
    const response = GET(request('/join?via=J%C3%B6rg%20%26%20Co.%2F1'));
    expect(response.headers.get('set-cookie')).toContain('Max-Age=2592000');
    const { invitationOf } = await import('../../examples/next/lib/invitation.ts');
    expect(invitationOf(request('/', cookiesOf(response)))).toMatchObject({ code: 'Jörg & Co./1' });
    expect(cookiesOf(GET(request(`/join?fpr=${'x'.repeat(101)}`)))).toBe('');
    expect(cookiesOf(GET(request('/join?fpr=anna')))).toMatch(/^ref=anna\.\d{13}$/);
  });

  it('hands out a token that opens the referral of the person who is signed in, in pages of the product', async () => {
    const carla = await signUp('carla@host.example.org');
    const { link } = await (await twofoldOfExample()).people.referral(carla.id);
    const post = (cookie: string) => request('/api/twofold/token', cookie, { method: 'POST' });
    const response = await (await routes.token()).POST(post(carla.cookie));
    expect(response.status).toBe(201);
    const { token } = (await response.json()) as { token: string };
    const read = async (origin: string) => {
      const headers = { authorization: `Bearer ${token}`, origin };
      return world.app.inject({ url: '/api/v1/referral', headers });
    };
    expect((await read(url)).json()).toMatchObject({ link });
    expect((await read('https://evil.example')).statusCode).toBe(403);
    expect((await (await routes.token()).POST(post(''))).status).toBe(401);
  });

  it('refuses what is not signed, and visitors who are not signed in', async () => {
    const post = () => request('/', '', { method: 'POST', body: '{}' });
    expect((await (await routes.stripe()).POST(post())).status).toBe(400);
    expect((await (await routes.events()).POST(post())).status).toBe(400);
    expect((await (await routes.subscribe()).POST(post())).status).toBe(401);
    expect((await (await routes.access()).GET(request('/'))).status).toBe(401);
  });
});
