import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Twofold } from '../../clients/typescript/src/index.js';
import { Secrets } from '../../src/platform/security/secrets.js';
import { runTwofold } from '../cli/run-twofold.js';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../../src/embedded-postgres/index.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { ssoIssuer, ssoSecret } from '../support/sso-links.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { installPackedClient, type Installation } from './packed-client.js';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/integrating.md'), 'utf8');
const run = promisify(execFile);

/** The blocks of the guide with this name, in their order. */
const snippets = (name: string) =>
  [...guide.matchAll(new RegExp(`<!-- snippet: ${name} -->\\s+\`\`\`\\w+\\n([^]*?)\`\`\``, 'g'))].map(
    ([, code = '']) => code,
  );

const sso = { SSO_SECRET: ssoSecret, SSO_ISSUER: ssoIssuer };
let database: TestDatabase;
let twofold: AppProcess;
let environment: Record<string, string>;
let installation: Installation;
/** Where the guide has ports 3000 and 3001. */
let port: number;
beforeAll(async () => {
  database = await createMigratedDatabase();
  installation = installPackedClient('stripe', 'express');
  port = await freePort();
  environment = {
    ...{ DATABASE_URL: database.url, DATA_DIR: installation.folder, PORT: String(port) },
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
    ...sso,
  };
  twofold = await startProcess(environment);
});
afterAll(async () => {
  await twofold.terminate();
  await database.drop();
  installation.remove();
});

const withPorts = (text: string) =>
  text.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`).replaceAll('port: 3001', `port: ${port + 1}`);

it('the start of the guide leads from a key to the credit of both, and prints what the guide says', async () => {
  const [command = ''] = snippets('key');
  const [, ...words] = command
    .trim()
    .split(/ (?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((word) => word.replaceAll('"', ''));
  expect(words[0]).toBe('twofold');
  const { stdout } = await runTwofold(environment, ...words.slice(1));
  const [token = ''] = /tfk_\S+/.exec(stdout) ?? [];
  expect(token).not.toBe('');

  writeFileSync(join(installation.folder, 'integrate.mjs'), withPorts(snippets('integrate').join('\n')));
  const integrate = () =>
    run(process.execPath, ['integrate.mjs'], { cwd: installation.folder, env: { TWOFOLD_API_KEY: token } });
  const [expected = ''] = snippets('output');
  const pattern = withPorts(expected)
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const output = new RegExp(`^${pattern.join('\\S+')}$`);
  expect((await integrate()).stdout.trim()).toMatch(output);
  const again = (await integrate()).stdout;
  expect(again).toContain('Bert’s invitation: already_linked');
  expect(again).toContain('anna: 45 days');
});

describe('the parts of a server in the guide', () => {
  let product: ChildProcess;
  let url: string;
  let token: string;

  beforeAll(async () => {
    const made = await runTwofold(
      environment,
      ...['api-keys', 'create', '--name', 'parts', '--scope', 'people:read', 'people:write', 'access:read'],
    );
    [token = ''] = /tfk_\S+/.exec(made.stdout) ?? [];
    const code = [
      `import express from 'express';`,
      `import { Twofold } from '@twofold/client';`,
      `const apiKey = process.env.TWOFOLD_API_KEY;`,
      `const twofold = new Twofold({ baseUrl: 'http://127.0.0.1:3000', apiKey });`,
      `const app = express();`,
      `const requireUser = () => ({ id: 'carla' });`,
      ...snippets('forward'),
      ...snippets('sso'),
      `const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));`,
    ];
    writeFileSync(join(installation.folder, 'parts.mjs'), withPorts(code.join('\n')));
    product = spawn(process.execPath, ['parts.mjs'], {
      cwd: installation.folder,
      env: { TWOFOLD_API_KEY: token, ...sso, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(product.stdout as Readable, 'data')) as [Buffer];
    url = `http://127.0.0.1:${line.toString().trim()}`;
    const twofoldOfProduct = new Twofold({ baseUrl: twofold.url, apiKey: token });
    const person = { email: 'carla@example.org', emailVerified: true };
    const customers = [{ provider: 'stripe' as const, id: 'cus_carla' }];
    await twofoldOfProduct.people.put('carla', { ...person, customers });
  });
  afterAll(() => product.kill());

  it('an event of Stripe is forwarded as it came; an unsigned one fails, so that Stripe sends it again', async () => {
    const now = Math.floor(Date.now() / 1000);
    const payer = { customer: 'cus_carla', subscription: 'sub_carla', userId: null };
    const payload = JSON.stringify(event('invoice.paid', invoice(payer, now), now));
    const send = async (signature: string) => {
      const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
      return (await fetch(`${url}/webhooks/stripe`, { method: 'POST', headers, body: payload })).status;
    };
    const people = new Twofold({ baseUrl: twofold.url, apiKey: token }).people;
    expect([await send('t=1,v1=00'), (await people.access('carla')).active]).toEqual([400, false]);
    const key = new Secrets([environment.SECRET_KEY ?? '']);
    const secret = `whsec_${key.hash('sandbox', 'webhook').toString('hex')}`; // of local mode
    const stripe = new Stripe('sk_test_signing_only');
    expect(await send(stripe.webhooks.generateTestHeaderString({ payload, secret }))).toBe(200);
    expect(await people.access('carla')).toMatchObject({ active: true, source: 'subscription' });
  });

  it('an SSO link signs the person of the product in, and opens the settings', async () => {
    const made = await fetch(`${url}/referrals`, { redirect: 'manual' });
    expect(made.status).toBe(303);
    const link = made.headers.get('location') ?? '';
    const opened = await fetch(link, { redirect: 'manual' });
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/settings']);
    const [cookie = ''] = opened.headers.getSetCookie().filter((line) => line.startsWith('tf_session='));
    const settings = await fetch(`${twofold.url}/settings`, { headers: { cookie } });
    expect(await settings.text()).toContain('carla@example.org');
  });
});

it('every file that the guide and the READMEs of the client and the examples link exists', () => {
  for (const file of ['docs/integrating.md', 'clients/typescript/README.md', 'examples/express/README.md']) {
    const links = [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)];
    expect(links.length).toBeGreaterThan(0);
    const missing = links.filter(([, link = '']) => !existsSync(resolve(root, file, '..', link)));
    expect([file, missing.map(([, link]) => link)]).toEqual([file, []]);
  }
});
