import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setBrand } from '../../src/platform/brand.js';
import { loadConfig, type Config } from '../../src/platform/config/config.js';
import { bearer } from '../support/given.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import { createWorld, type World } from '../support/world.js';

const folder = mkdtempSync(join(tmpdir(), 'twofold-brand-'));
const logoFile = join(folder, 'logo.svg');
writeFileSync(
  logoFile,
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>',
);
afterAll(() => {
  rmSync(folder, { recursive: true });
  setBrand(loadConfig({})); // other test files share this process
});

const env = {
  PRODUCT_NAME: 'Acme & Söhne',
  PRODUCT_URL: 'https://acme.example/app',
  SUPPORT_EMAIL: 'help@acme.example',
  BRAND_LOGO: logoFile,
  BRAND_COLOUR: '#ffcc00',
};
const branded = (): Partial<Config> => {
  const { productName, productUrl, supportEmail, brandLogo, brandColour } = loadConfig(env);
  return { productName, productUrl, supportEmail, brandLogo, brandColour };
};

describe('the brand', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(branded());
  });
  afterAll(() => world.close());

  it('is on every page: name, logo, colour, the way back and to help', async () => {
    const { body } = await world.app.inject({ url: '/login', headers: { accept: 'text/html' } });
    expect(body).toMatch(/<title>[^<]+ · Acme &amp; Söhne<\/title>/);
    expect(body).not.toContain('Twofold');
    expect(body).toContain('href="https://acme.example/app"');
    expect(body).toContain('href="mailto:help@acme.example"');
    const [, styles = ''] = /href="(\/assets\/brand\.css\?v=[\w-]+)"/.exec(body) ?? [];
    const [, logo = ''] = /src="(\/assets\/logo\?v=[\w-]+)"/.exec(body) ?? [];
    const sheet = await world.app.inject(styles);
    expect([sheet.statusCode, sheet.body]).toEqual([200, expect.stringContaining('--accent: #')]);
    const picture = await world.app.inject(logo);
    expect([picture.headers['content-type'], picture.body]).toEqual([
      'image/svg+xml',
      expect.stringContaining('<circle'),
    ]);
    expect(picture.headers['content-security-policy']).toContain("default-src 'self'");
  });

  it('is in every email: name, colour, and where to get help', async () => {
    const { email } = await world.given.user({ language: 'de' });
    const { rows } = await world.sql.query<Record<'subject' | 'text_part' | 'html_part', string>>(
      `SELECT subject, text_part, html_part FROM notifications.captured_email WHERE recipient = $1`,
      [email],
    );
    expect(rows[0]?.subject).toMatch(/^\d{6} ist Ihr Acme & Söhne-Code$/);
    expect(rows[0]?.text_part).toContain('Fragen? Schreiben Sie an help@acme.example.');
    // the yellow is made darker until it can be read
    expect(rows[0]?.html_part).toMatch(/border-top: 4px solid #[0-9a-f]{6}/);
    expect(rows[0]?.html_part).not.toContain('#0b6250');
    expect(rows[0]?.html_part).toContain('Acme &amp; Söhne</h1>'); // mail readers show no SVG
    expect(rows[0]?.html_part).not.toContain('<img');
  });

  it('is Twofold’s own where none is set', async () => {
    const plain = await createWorld();
    const { body } = await plain.app.inject({ url: '/login', headers: { accept: 'text/html' } });
    expect(body).toContain('· Twofold</title>');
    expect(body).not.toMatch(/assets\/(brand\.css|logo)/);
    for (const url of ['/assets/brand.css', '/assets/logo'])
      expect((await plain.app.inject(url)).statusCode).toBe(404);
    await plain.close();
  });
});

it.each([
  ['PRODUCT_NAME', 'a"b'],
  ['PRODUCT_NAME', 'x'.repeat(41)],
  ['PRODUCT_NAME', 'a\nBcc: b@c.de'],
  ['PRODUCT_URL', 'javascript:alert(1)'],
  ['SUPPORT_EMAIL', 'nobody'],
  ['BRAND_COLOUR', 'red;} body {display:none'],
  ['BRAND_COLOUR', '#fff'],
  ['BRAND_LOGO', '/etc/passwd'],
  ['BRAND_LOGO', '/nowhere/logo.png'],
  ['RETURN_URLS', 'https://app.example/path'],
  ['RETURN_URLS', 'http://app.example'],
  ['EMAILS', 'some'],
])('%s does not take %j, and the process says so at its start', (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(new RegExp(`- ${name}: `));
});

describe('which emails are sent', () => {
  it.each([
    ['on', 1, 1],
    ['security', 1, 0],
    ['off', 0, 0],
  ] as const)(
    'with EMAILS=%s: %d sign-in code, %d that a friend has joined',
    async (emails, codes, friends) => {
      const world = await createWorld({ emails });
      const anna = await world.sql.query<{ id: string }>(
        `INSERT INTO auth."user" (id, email, locale, time_zone, created_at)
       VALUES (gen_random_uuid(), 'anna@example.org', 'en', 'UTC', $1) RETURNING id`,
        [world.clock.now()],
      );
      const key = await world.given.apiKey('people:write', 'people:read');
      const put = (id: string, payload: object) =>
        world.app.inject({
          method: 'PUT',
          url: `/api/v1/people/${id}`,
          headers: { authorization: `Bearer ${key}` },
          payload: { emailVerified: true, ...payload },
        });
      const saved = await put('anna', { email: 'anna@example.org' });
      expect(anna.rows).toHaveLength(1);
      const { code } = saved.json<{ referral: { code: string } }>().referral;
      await put('bert', { email: 'bert@example.org', invitedBy: { code } });
      await world.app.inject({
        method: 'POST',
        url: '/api/v1/auth/challenges',
        payload: { email: 'carla@example.org' },
      });
      await world.runHandlers();
      const count = (subject: string) =>
        world.see.count(`notifications.captured_email WHERE subject LIKE $1`, [subject]);
      expect([await count('%code%'), await count('%joined%')]).toEqual([codes, friends]);
      await world.close();
    },
  );

  it('no mail server is needed where none are sent', () => {
    expect(loadConfig({ HOST: '0.0.0.0', EMAILS: 'off' }).emails).toBe('off');
    expect(() => loadConfig({ HOST: '0.0.0.0', EMAILS: 'security' })).toThrow(/SMTP_URL/);
  });
});

describe('where checkout and portal lead back to', () => {
  let stand: SandboxWorld;
  beforeAll(async () => {
    stand = await createSandboxWorld({ returnOrigins: ['https://app.example'] });
  });
  afterAll(() => stand.close());

  const post = (path: string, person: { token: string }, payload?: object) =>
    stand.world.app.inject({
      method: 'POST',
      url: `/api/v1/billing/${path}`,
      headers: bearer(person),
      ...(payload === undefined ? {} : { payload }),
    });
  const priceId = 'price_twofold_monthly';

  it('is an address at an origin of RETURN_URLS, or of this site', async () => {
    const anna = await stand.world.given.user();
    const successUrl = 'https://app.example/paid?session={CHECKOUT_SESSION_ID}';
    const made = await post('checkout', anna, {
      priceId,
      successUrl,
      cancelUrl: 'http://twofold.test/pricing',
    });
    expect(made.statusCode).toBe(201);
    const page = await fetch(made.json<{ url: string }>().url);
    expect(await page.text()).toContain('http://twofold.test/pricing');
  });

  it.each([
    'https://evil.example/',
    'https://app.example.evil.example/',
    'https://app.example@evil.example/',
    'https://user@app.example/',
    'http://app.example/',
    'https://app.example:8443/',
    '//app.example/',
    '/settings',
    'javascript:alert(1)',
    '',
    `https://app.example/${'x'.repeat(2_000)}`,
    null,
    1,
  ])('is never %j', async (address) => {
    const anna = await stand.world.given.user();
    for (const [path, payload, field] of [
      ['checkout', { priceId, successUrl: address }, 'successUrl'],
      ['checkout', { priceId, cancelUrl: address }, 'cancelUrl'],
      ['portal', { returnUrl: address }, 'returnUrl'],
    ] as const) {
      const { statusCode, body } = await post(path, anna, payload);
      expect([path, statusCode, body]).toEqual([path, 422, expect.stringContaining(`"path":"${field}"`)]);
    }
  });

  it('is our own page where nothing is said, also without a body', async () => {
    const bert = await stand.world.given.user();
    await stand.subscribe(bert);
    for (const [payload, link] of [
      [undefined, 'http://twofold.test/settings'],
      [{}, 'http://twofold.test/settings'],
      [{ returnUrl: 'https://app.example/account' }, 'https://app.example/account'],
    ] as const) {
      const answer = await post('portal', bert, payload);
      expect([payload, answer.statusCode]).toEqual([payload, 201]);
      expect(await (await fetch(answer.json<{ url: string }>().url)).text()).toContain(`href="${link}"`);
    }
    expect((await post('portal', bert, { other: 1 })).statusCode).toBe(422);
  });
});
