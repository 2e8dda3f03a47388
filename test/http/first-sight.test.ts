import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { givenHostKey } from '../support/person-tokens.js';
import { signSsoToken, ssoIssuer, ssoPath, ssoSecret } from '../support/sso-links.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let apiKey: string;
beforeAll(async () => {
  world = await createWorld({ ssoSecrets: [ssoSecret], ssoIssuer });
  apiKey = (await givenHostKey(world)).token;
});
afterAll(() => world.close());

let count = 0;
let externalId: string;
beforeEach(() => {
  externalId = `newcomer-${++count}`;
});

const save = (fields: Record<string, unknown> = {}) =>
  world.app.inject({
    method: 'PUT',
    url: `/api/v1/people/${externalId}`,
    headers: { authorization: `Bearer ${apiKey}` },
    payload: { email: `${externalId}@example.org`, emailVerified: true, ...fields },
  });
const follow = async (headers: Record<string, string> = {}) =>
  world.app.inject({
    url: ssoPath(await signSsoToken(world, externalId)),
    headers: { accept: 'text/html', ...headers },
  });
const german = { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' };
const cookiesOf = (...answers: LightMyRequestResponse[]) => ({
  cookie: answers.flatMap(({ cookies }) => cookies.map(({ name, value }) => `${name}=${value}`)).join('; '),
});
const openSettings = (headers: Record<string, string>) => world.app.inject({ url: '/settings', headers });
const sendTimeZone = (timeZone: string, headers: Record<string, string>) =>
  world.app.inject({
    method: 'POST',
    url: '/settings/time-zone',
    headers: { ...headers, origin: new URL(world.config.baseUrl).origin },
    payload: { timeZone },
  });
const profile = async () => {
  const answer = await world.app.inject({
    url: `/api/v1/people/${externalId}`,
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const { locale, timeZone } = answer.json<{ locale: string; timeZone: string }>();
  return { locale, timeZone };
};
const changesOf = (field: string) =>
  world.see.count(
    `platform.outbox o JOIN auth."user" u ON o.pending::text LIKE '%' || u.id || '%'
     WHERE o.pending::text LIKE '%"changed": ["' || $1 || '"]%' AND u.external_id = $2`,
    [field, externalId],
  );

it('who first comes by a link of the product reads the language of the browser', async () => {
  await save();
  const answer = await follow(german);
  expect(await profile()).toEqual({ locale: 'de', timeZone: 'UTC' });
  expect((await openSettings(cookiesOf(answer))).body).toContain('<html lang="de">');
  expect(await changesOf('locale')).toBe(1);
});

it('the language that was chosen in this browser comes before that of the browser', async () => {
  await save();
  await follow({ 'accept-language': 'en', cookie: 'tf_lang=de' });
  expect(await profile()).toMatchObject({ locale: 'de' });
});

it('a browser that says no language, or one without texts, changes nothing', async () => {
  await save();
  await follow({ 'accept-language': 'tlh' });
  expect(await profile()).toEqual({ locale: 'en', timeZone: 'UTC' });
  expect(await changesOf('locale')).toBe(0);
});

it('what the product said of the person stays', async () => {
  await save({ locale: 'fr', timeZone: 'Asia/Tokyo' });
  const answer = await follow(german);
  expect((await openSettings(cookiesOf(answer))).body).not.toContain('/settings/time-zone');
  await sendTimeZone('Europe/Vienna', cookiesOf(answer));
  expect(await profile()).toEqual({ locale: 'fr', timeZone: 'Asia/Tokyo' });
});

it('only the first sign-in counts: English that was chosen since stays', async () => {
  await save();
  await follow();
  await follow(german);
  expect(await profile()).toMatchObject({ locale: 'en' });
});

it('the settings ask the browser for its time zone, once', async () => {
  await save();
  const cookies = cookiesOf(await follow());
  const first = await openSettings(cookies);
  expect(first.body).toContain('action="/settings/time-zone"');
  const answer = await sendTimeZone('Europe/Vienna', cookies);
  expect([answer.statusCode, answer.headers.location]).toEqual([303, '/settings']);
  expect(await profile()).toMatchObject({ timeZone: 'Europe/Vienna' });
  expect(await changesOf('timeZone')).toBe(1);
  expect(first.cookies).toContainEqual(expect.objectContaining({ name: 'tf_zone', value: '', maxAge: 0 }));
});

it('what is no time zone changes nothing', async () => {
  await save();
  const cookies = cookiesOf(await follow());
  for (const text of ['', 'Mars/Olympus', '+01:00'])
    expect((await sendTimeZone(text, cookies)).statusCode).toBe(303);
  expect(await profile()).toMatchObject({ timeZone: 'UTC' });
});

it('another person in the same browser is not asked', async () => {
  await save();
  const asked = await follow();
  const { token } = await world.given.user();
  const [, question = ''] = /(tf_zone=[^;]+)/.exec(cookiesOf(asked).cookie) ?? [];
  expect(question).not.toBe('');
  expect((await openSettings({ cookie: `tf_session=${token}; ${question}` })).body).not.toContain(
    '/settings/time-zone',
  );
});

it('the page that asks which account to use brings language and time zone along', async () => {
  await save();
  const cookie = `tf_session=${(await world.given.user()).token}`;
  const page = await follow({ ...german, cookie });
  expect(page.body).toContain('name="timeZone"');
  await world.app.inject({
    method: 'POST',
    url: '/sso',
    headers: { ...german, cookie, origin: new URL(world.config.baseUrl).origin },
    payload: { token: await signSsoToken(world, externalId), timeZone: 'Europe/Vienna' },
  });
  expect(await profile()).toEqual({ locale: 'de', timeZone: 'Europe/Vienna' });
});
