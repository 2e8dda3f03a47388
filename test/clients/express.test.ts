import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.js';
import { createWebhookWorld, type WebhookWorld } from '../outgoing-webhooks/webhook-world.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../../src/embedded-postgres/index.js';
import { until } from '../support/until.js';
import { webhookSecret as stripeWebhookSecret } from '../support/world.js';
import { installPackedClient, type Installation } from './packed-client.js';

const example = resolve(import.meta.dirname, '../../examples/express');
let installation: Installation;
let database: TestDatabase;
let sandbox: Sandbox;
let world: WebhookWorld;
let product: ChildProcess;
let url: string;

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  database = await createEmptyDatabase();
  sandbox = await startSandbox({
    ...{ databaseUrl: database.url, host: '127.0.0.1', port: 0 },
    ...{ webhookUrl: `${url}/webhooks/stripe`, webhookSecret: stripeWebhookSecret },
  });
  world = await createWebhookWorld({ stripeApiBase: sandbox.url, linkTarget: `${url}/?ref={code}` });
  await world.app.listen(0, '127.0.0.1');
  const endpoint = await world.createEndpoint({ url: `${url}/twofold/events` });
  installation = installPackedClient('express', 'stripe', '@types/node', '@types/express');
  cpSync(example, join(installation.folder, 'express'), { recursive: true });
  product = await startProduct({
    PORT: String(port),
    TWOFOLD_URL: await world.app.getUrl(),
    TWOFOLD_API_KEY: await world.given.apiKey('people:read', 'people:write', 'access:read'),
    TWOFOLD_WEBHOOK_SECRET: endpoint.secret,
    TWOFOLD_TIMEOUT_MS: '600000', // no test counts on how fast the machine is
    STRIPE_API_BASE: sandbox.url,
    STRIPE_SECRET_KEY: 'sk_test_of_the_product',
    STRIPE_WEBHOOK_SECRET: stripeWebhookSecret,
  });
});
afterAll(async () => {
  product.kill();
  await sandbox.stop();
  await world.close();
  await database.drop();
  installation.remove();
});

async function startProduct(environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['server.js'], {
    cwd: join(installation.folder, 'express'),
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((listening, ended) => {
    child.stdout.on('data', (chunk) => String(chunk).includes('listening') && listening());
    child.once('exit', (code) => ended(new Error(`The product ended with ${code}`)));
  });
  return child;
}

/** A person in their browser, which keeps cookies. */
class Visitor {
  private readonly cookies = new Map<string, string>();
  constructor(private readonly base = url) {}

  async request(method: string, path: string, body?: object): Promise<{ status: number; body: string }> {
    const answer = await fetch(new URL(path, this.base), {
      method,
      headers: {
        cookie: [...this.cookies].map((pair) => pair.join('=')).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    return { status: answer.status, body: await answer.text() };
  }

  async read<T>(method: string, path: string, body?: object): Promise<T> {
    return JSON.parse((await this.request(method, path, body)).body) as T;
  }

  setCookie(name: string, value: string): void {
    this.cookies.set(name, value);
  }
}

const signedUp = async (name: string, link = '/') => {
  const visitor = new Visitor();
  await visitor.request('GET', link);
  const { id } = await visitor.read<{ id: string }>('POST', '/sign-up', {
    email: `${name}@host.example.org`,
  });
  return Object.assign(visitor, { id });
};

const statusOf = async (visitor: Visitor, path = '/premium') => (await visitor.request('GET', path)).status;

describe('the Express example', () => {
  it('credits both once, from the sign-up to the payment, though Stripe sends each event three times', async () => {
    await fetch(`${sandbox.url}/sandbox/faults`, {
      method: 'POST',
      body: new URLSearchParams({ duplicate: '2' }),
    });
    const anna = await signedUp('anna');
    const { link } = await anna.read<{ link: string }>('GET', '/api/twofold/referral');
    expect(link).toMatch(new RegExp(`^${url}/\\?ref=\\w{8}$`));
    const bert = await signedUp('bert', link);
    expect([await statusOf(anna), await statusOf(bert)]).toEqual([402, 402]);

    world.clock.set(new Date()); // the sandbox has the time of the machine
    const checkout = await bert.read<{ url: string }>('POST', '/subscribe');
    await fetch(checkout.url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ card: 'own' }),
    });
    await until(async () => (await statusOf(anna)) === 200);

    expect(await statusOf(bert)).toBe(200);
    expect(await anna.read('GET', '/api/twofold/access')).toMatchObject({ active: true, source: 'credit' });
    expect(await bert.read('GET', '/api/twofold/access')).toMatchObject({ source: 'subscription' });
    expect(await anna.read('GET', '/api/twofold/referral')).toMatchObject({
      counts: { converted: 1 },
      daysOnAccount: 45,
    });

    await until(async () => {
      const waiting = await (await fetch(`${sandbox.url}/sandbox/deliveries`)).json();
      return (waiting as { pending: number }).pending === 0;
    });

    await world.runHandlers();

    for (const one of [anna, bert]) {
      expect(await one.read('GET', '/notifications')).toEqual(['You got 45 days']);
      const { rows } = await world.sql.query(
        `SELECT e.id FROM credit.entry e JOIN auth."user" u ON u.id = e.user_id WHERE u.external_id = $1`,
        [one.id],
      );
      expect(rows).toHaveLength(1);
    }

    expect((await anna.request('DELETE', '/account')).status).toBe(204);
    expect(await statusOf(anna)).toBe(401);
    // a subscription still charges him
    expect((await bert.request('DELETE', '/account')).status).toBe(409);
  });

  it('keeps the first link for as long as it counts, whatever the characters of its code', async () => {
    const first = await fetch(`${url}/?via=J%C3%B6rg%20%26%20Co.%2F1`);
    const [cookie = ''] = first.headers.getSetCookie();
    expect(cookie).toContain('Max-Age=2592000');
    const ref = /^ref=([^;]*)/.exec(cookie)?.[1] ?? '';
    expect(decodeURIComponent(ref)).toMatch(/^Jörg & Co\.\/1 \d{13}$/);
    const second = await fetch(`${url}/?ref=ANNA2345`, { headers: { cookie: `ref=${ref}` } });
    expect(second.headers.getSetCookie()).toEqual([]);
    for (const query of [`fpr=${'x'.repeat(101)}`, 'ref=a%00b', 'ref='])
      expect((await fetch(`${url}/?${query}`)).headers.getSetCookie()).toEqual([]);
    expect((await fetch(`${url}/?fpr=anna`)).headers.getSetCookie()).toHaveLength(1);
  });

  it('signs people up whatever the cookie of their invitation says', async () => {
    for (const ref of [
      'NOBODY99',
      'x'.repeat(300),
      'ANNA2345%20soon',
      'ANNA2345%209999999999999',
      '%00',
      '{',
      '%',
      '%ff',
    ]) {
      const visitor = new Visitor();
      visitor.setCookie('ref', ref);
      const email = `${Buffer.from(ref).toString('hex').slice(0, 40)}@host.example.org`;
      expect([ref, (await visitor.request('POST', '/sign-up', { email })).status]).toEqual([ref, 201]);
      expect([ref, await statusOf(visitor)]).toEqual([ref, 402]);
    }
  });

  it('refuses what Stripe or Twofold did not sign, and visitors who are not signed in', async () => {
    const visitor = new Visitor();
    expect((await visitor.request('POST', '/webhooks/stripe', { id: 'evt_1' })).status).toBe(400);
    expect((await visitor.request('POST', '/twofold/events', { type: 'referral.credited' })).status).toBe(
      400,
    );
    for (const path of ['/premium', '/api/twofold/access', '/api/twofold/referral', '/notifications'])
      expect([path, await statusOf(visitor, path)]).toEqual([path, 401]);
  });

  it('signs people up while Twofold cannot be reached', async () => {
    const port = await freePort();
    const alone = await startProduct({
      ...{
        PORT: String(port),
        TWOFOLD_URL: `http://127.0.0.1:${await freePort()}`,
        TWOFOLD_API_KEY: 'tfk_1_a',
      },
      ...{
        TWOFOLD_WEBHOOK_SECRET: 'whsec_x',
        STRIPE_SECRET_KEY: 'sk_test_x',
        STRIPE_WEBHOOK_SECRET: 'whsec_x',
      },
    });
    const visitor = new Visitor(`http://127.0.0.1:${port}`);
    expect((await visitor.request('POST', '/sign-up', { email: 'carl@host.example.org' })).status).toBe(201);
    alone.kill();
    await once(alone, 'exit');
  });

  it('has at most 60 lines of integration, which are marked', () => {
    const source = readFileSync(join(example, 'twofold.js'), 'utf8');
    const [, integration = ''] =
      /\/\/ begin of the integration\n([^]*?) *\/\/ end of the integration/.exec(source) ?? [];
    const marked = readFileSync(join(example, 'app.js'), 'utf8').match(/\/\/ Twofold\b/g) ?? [];
    expect(marked.length).toBeGreaterThan(4);
    expect(integration.trim().split('\n').length + marked.length).toBeLessThanOrEqual(60);
  });
});
