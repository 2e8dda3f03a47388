import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InvitationPictures } from '../../src/auth/invitations/pictures/invitation-pictures.js';
import { getBrand, setBrand } from '../../src/platform/brand.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

const messenger = { 'user-agent': 'WhatsApp/2.24', accept: '*/*' };

/** What messengers and new people get at the address that is shared. */
describe('a shared link', () => {
  let world: World;
  let anna: Person;
  let code: string;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    anna = await world.given.user();
    code = await world.given.referralCodeOf(anna);
  });

  const get = (url: string, headers: Record<string, string> = messenger) =>
    world.app.inject({ url, headers });
  const setProfile = (changes: Record<string, string>, person = anna) =>
    world.app.inject({ method: 'PUT', url: '/api/v1/me', headers: bearer(person), payload: changes });
  const pathOf = (url = '') => url.replace('http://twofold.test', '');

  function tagsOf({ body }: { body: string }): Record<string, string> {
    const tags = body.matchAll(/<meta (?:name|property)="((?:og|twitter):[^"]+)" content="([^"]*)"/g);
    return Object.fromEntries(
      [...tags].map(([, name, content]) => [name, content?.replaceAll('&amp;', '&')]),
    );
  }

  it('answers with tags at its own address, without a redirect', async () => {
    await setProfile({ displayName: 'Anna' });
    const answer = await get(`/r/${code}?c=whatsapp`);
    expect(answer.statusCode).toBe(200);
    const tags = tagsOf(answer);
    expect(tags).toMatchObject({
      'og:type': 'website',
      'og:site_name': 'Twofold',
      'og:title': 'Anna invites you to Twofold',
      'og:description': '45 days of paid access when you first pay.',
      'og:image:width': '1200',
      'og:image:height': '630',
      'og:image:alt': 'Anna invites you to Twofold',
      'twitter:card': 'summary_large_image',
      'twitter:title': 'Anna invites you to Twofold',
    });
    expect(tags['twitter:image']).toBe(tags['og:image']);
    expect(tags['og:image']).toContain(`http://twofold.test/r/${code}/picture.png?`);
    expect(answer.body).toContain('name="robots" content="noindex"');
    expect(tagsOf(await get(`/login?ref=${code}`))).toEqual(tags);
    expect(tagsOf(await get('/login'))).toEqual({});
    expect(tagsOf(await get('/r/NOSUCHCO'))).toEqual({});
  });

  it('shows no name where none was chosen, and shows no part of an address', async () => {
    const answer = await get(`/r/${code}`);
    expect(tagsOf(answer)['og:title']).toBe('You are invited to Twofold');
    expect(Object.values(tagsOf(answer)).join(' ')).not.toMatch(/•|@/);
  });

  it('speaks the language of its reader, and that of who shares it where the reader says none', async () => {
    const title = async (headers: Record<string, string>) =>
      tagsOf(await get(`/r/${code}`, { ...messenger, ...headers }))['og:title'];
    expect(await title({ 'accept-language': 'de' })).toBe('Sie sind zu Twofold eingeladen');
    expect(await title({})).toBe('You are invited to Twofold');
    await setProfile({ locale: 'de-AT' });
    expect(await title({})).toBe('Sie sind zu Twofold eingeladen');
    expect(await title({ 'accept-language': 'en' })).toBe('You are invited to Twofold');
    expect(await title({ cookie: 'tf_lang=en' })).toBe('You are invited to Twofold');
  });

  it('has a picture of 1200 × 630, which is not sent twice', async () => {
    await setProfile({ displayName: 'Анна Łukasz' });
    const url = pathOf(tagsOf(await get(`/r/${code}`))['og:image']);
    const answer = await get(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/png']);
    expect([answer.rawPayload.readUInt32BE(16), answer.rawPayload.readUInt32BE(20)]).toEqual([1200, 630]);
    expect(answer.headers['cache-control']).toBe('public, max-age=3600');
    const again = await get(url, { ...messenger, 'if-none-match': String(answer.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await get('/r/NOSUCHCO/picture.png')).statusCode).toBe(404);
    const german = await get(`/r/${code}/picture.png?lang=de`);
    expect(german.headers.etag).not.toBe(answer.headers.etag);
  });

  it('has another address of its picture for each name, offer and brand', async () => {
    const seen = new Set([tagsOf(await get(`/r/${code}`))['og:image']]);
    await setProfile({ displayName: 'Anna' });
    seen.add(tagsOf(await get(`/r/${code}`))['og:image']);
    const brand = getBrand();
    setBrand({ ...brand, brandColour: '#ff6600' });
    seen.add(tagsOf(await get(`/r/${code}`))['og:image']);
    setBrand(brand);
    await world.given.terms({ referred_days: 30 });
    seen.add(tagsOf(await get(`/r/${code}`))['og:image']);
    await world.given.terms({ referred_days: 45 });
    expect(seen.size).toBe(4);
  });

  it.each(['日本太郎', 'שלום', 'مرحبا', 'Anna 🎉', 'ᴀɴɴᴀ'])(
    'leaves a name that its font cannot write out of the picture, not out of the tags: %s',
    async (displayName) => {
      const etag = async () => (await get(`/r/${code}/picture.png`)).headers.etag;
      const neutral = await etag();
      expect((await setProfile({ displayName })).statusCode).toBe(200);
      expect(await etag()).toBe(neutral);
      expect(tagsOf(await get(`/r/${code}`))['og:title']).toBe(`${displayName} invites you to Twofold`);
    },
  );

  it.each(['W'.repeat(60), 'Wilhelmine-Charlotte Müller-Lüdenscheidt von und zu', '<&"\'>', '…'])(
    'draws any other name: %s',
    async (displayName) => {
      await setProfile({ displayName });
      expect((await get(`/r/${code}/picture.png`)).statusCode).toBe(200);
    },
  );

  it('leads to a picture without words while too many are drawn', async () => {
    const pictures = world.app.get(InvitationPictures, { strict: false });
    const content = (headline: string) => ({
      ...{ headline, detail: null, product: null, number: null, logo: null },
      colours: { page: '#fff', ink: '#000', quiet: '#000', accent: '#000', onAccent: '#fff', back: '#999' },
    });
    const drawn = Array.from({ length: 30 }, (_, index) => pictures.find(content(`picture ${index}`)));
    await setProfile({ displayName: 'Somebody else' });
    const answers = await Promise.all([get(`/r/${code}/picture.png`), ...drawn]);
    expect(answers[0].statusCode).toBe(302);
    expect(answers[0].headers['cache-control']).toBe('no-store');
    const neutral = await get(String(answers[0].headers.location));
    expect([neutral.statusCode, neutral.headers['content-type']]).toEqual([200, 'image/png']);
    expect(neutral.rawPayload.subarray(1, 4).toString()).toBe('PNG');
    const pngs = answers.slice(1);
    expect([pngs.filter((png) => png === null).length, pngs.filter((png) => png !== null).length]).toEqual([
      10, 20,
    ]);
    expect((await get(`/r/${code}/picture.png`)).statusCode).toBe(200);
  });

  it('leads a network that had many drawn to the picture without words, and others not', async () => {
    await setProfile({ displayName: 'First' });
    const url = `/r/${code}/picture.png`;
    const from = (remoteAddress: string) => world.app.inject({ url, headers: messenger, remoteAddress });
    expect((await from('192.0.2.1')).statusCode).toBe(200);
    await world.sql.query(
      `UPDATE platform.rate_limit SET hits = 300 WHERE key = 'invitation-picture:network:192.0.2.0/24'`,
    );
    expect((await from('192.0.2.2')).statusCode).toBe(200); // it was drawn before
    await setProfile({ displayName: 'Second' });
    const refused = await from('192.0.2.2');
    expect([refused.statusCode, refused.headers['cache-control']]).toEqual([302, 'no-store']);
    expect((await from('198.51.100.1')).statusCode).toBe(200);
    world.clock.advance(10 * 60_000);
    await setProfile({ displayName: 'Third' });
    expect((await from('192.0.2.2')).statusCode).toBe(200);
  });

  it('draws one picture for many who ask for the same at once', async () => {
    await setProfile({ displayName: 'Same' });
    const answers = await Promise.all(Array.from({ length: 40 }, () => get(`/r/${code}/picture.png`)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  });

  it('goes on to the settings for a person with an account', async () => {
    const bert = await world.given.user();
    const answer = await get(`/r/${code}?c=qr`, { accept: 'text/html', cookie: `tf_session=${bert.token}` });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/settings?invited=${code}`]);
  });

  describe('with a channel', () => {
    const browser = { 'user-agent': 'Mozilla/5.0', accept: 'text/html' };
    const stats = async () => {
      await world.runHandlers();
      const answer = await world.app.inject({ url: '/api/v1/referral/stats', headers: bearer(anna) });
      return answer.json<{ clicks: number; channels: unknown[] }>();
    };

    async function signUpBy(url: string): Promise<void> {
      const jar = (await get(url, browser)).cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const email = `${Math.random().toString(36).slice(2)}@example.org`;
      const asked = await world.app.inject({
        ...{ method: 'POST', url: '/api/v1/auth/challenges', headers: { cookie: jar }, payload: { email } },
      });
      await world.runHandlers();
      const { challengeId } = asked.json<{ challengeId: string }>();
      const { rows } = await world.sql.query<{ text_part: string }>(
        `SELECT text_part FROM notifications.captured_email WHERE id = $1`,
        [`sign-in-code:${challengeId}`],
      );
      const digits = /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0];
      await world.app.inject({
        ...{ method: 'POST', url: '/api/v1/auth/sessions', payload: { challengeId, code: digits } },
      });
    }

    it('counts clicks and sign-ups for it, and keeps it with the referral', async () => {
      await signUpBy(`/r/${code}?c=whatsapp`);
      await get(`/r/${code}?c=WhatsApp`, browser);
      await get(`/r/${code}?c=x`, browser);
      await get(`/r/${code}`, browser);
      await get(`/r/${code}?c=x`, messenger);
      expect(await stats()).toMatchObject({
        clicks: 4,
        channels: [
          { channel: 'whatsapp', clicks: 2, signUps: 1 },
          { channel: 'x', clicks: 1, signUps: 0 },
        ],
      });
      const { rows } = await world.sql.query(
        `SELECT campaign FROM referral.referral WHERE referrer_id = $1`,
        [anna.id],
      );
      expect(rows).toEqual([{ campaign: { landing: '/r/:code', channel: 'whatsapp' } }]);
    });

    it.each(['carrier-pigeon', "'; DROP TABLE", 'x'.repeat(5_000), '%00', 'toString'])(
      'counts what is none as another: %s',
      async (channel) => {
        expect((await get(`/r/${code}?c=${encodeURIComponent(channel)}`, browser)).statusCode).toBe(200);
        expect(await stats()).toMatchObject({ channels: [{ channel: 'other', clicks: 1, signUps: 0 }] });
      },
    );

    it('counts no channel for a link that says none, or two', async () => {
      await get(`/r/${code}?c=`, browser);
      await get(`/r/${code}?c=x&c=email`, browser);
      expect(await stats()).toMatchObject({ clicks: 2, channels: [] });
    });
  });
});

describe('a link that leads to another product', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ linkTarget: 'https://app.example/?ref={code}' });
  });
  afterAll(() => world.close());

  it('says no channel: who opens it is not seen here', async () => {
    const anna = await world.given.user();
    const code = await world.given.referralCodeOf(anna);
    const { body } = await world.app.inject({
      url: '/invite',
      headers: { cookie: `tf_session=${anna.token}` },
    });
    expect(body).toContain(`data-copy="https://app.example/?ref=${code}"`);
    expect(body).not.toContain('?c=');
  });
});
