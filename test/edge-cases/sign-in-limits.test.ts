import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomBytes, randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import pLimit from 'p-limit';
import { createApp } from '../../src/create-app.js';
import { bearer, type Person } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let other: World['app'];
beforeAll(async () => {
  world = await createWorld({ signInLimitFactor: 1 });
  other = await createApp(world.config, world.clock);
});
afterAll(async () => {
  await other.close();
  await world.close();
});

const [minute, hour] = [60_000, 3_600_000];
const unknownChallenge = '0190a0b0-0000-7000-8000-000000000000';
const someEmail = () => `${randomBytes(6).toString('hex')}@example.org`;

/** A network of its own for each test, so that none uses up what another needs. */
let network = 0;
let ip: string;
beforeEach(() => {
  network++;
  ip = `198.18.${network}.7`;
});

interface From {
  ip?: string;
  cookie?: string;
  app?: World['app'];
  authorization?: string;
}
const post = (url: string, payload: object, { app = world.app, ...from }: From = {}) =>
  app.inject({
    method: 'POST',
    url: `/api/v1/${url}`,
    payload,
    remoteAddress: from.ip ?? ip,
    headers: {
      origin: 'http://twofold.test',
      ...(from.cookie === undefined ? {} : { cookie: from.cookie }),
      ...(from.authorization === undefined ? {} : { authorization: from.authorization }),
    },
  });
type Answer = LightMyRequestResponse;
interface Given {
  challengeId: string;
  code: string;
}
const ask = (email: string, from: From = {}) => post('auth/challenges', { email }, from);
const passed = (answers: { statusCode: number }[]) =>
  answers.filter(({ statusCode }) => statusCode === 202).length;

async function codeOf(answer: Answer): Promise<Given> {
  const { challengeId } = answer.json<{ challengeId: string }>();
  return { challengeId, code: await mailedCode(challengeId) };
}

async function mailedCode(challengeId: string): Promise<string> {
  await world.runHandlers();
  const { rows } = await world.sql.query<{ code: string }>(
    `SELECT substring(text_part FROM '(?n)^[0-9]{6}$') AS code FROM notifications.captured_email WHERE id = $1`,
    [`sign-in-code:${challengeId}`],
  );
  return rows[0]?.code ?? '';
}

/** Anonymous visitors of this network try codes until it has no tries left. */
async function useUpTries(): Promise<void> {
  const given = { challengeId: unknownChallenge, code: '123456' };
  for (let n = 0; n < 60; n++) await post('auth/sessions', given);
  expect((await post('auth/sessions', given)).statusCode).toBe(429);
}

/**
 * Signs in as a browser does, and answers its cookies without the session: a device that is known
 * but signed out.
 */
async function deviceOf(
  email: string,
): Promise<{ cookie: string; user: { id: string; email: string }; token: string }> {
  const given = await codeOf(await ask(email, { ip: `198.19.${network}.1` }));
  const answer = await post('auth/sessions', given, { ip: `198.19.${network}.1` });
  const cookies = answer.cookies.filter(({ name, value }) => name !== 'tf_session' && value !== '');
  const { user, token } = answer.json<{ user: { id: string; email: string }; token: string }>();
  return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), user, token };
}

/** What a browser that sent `cookie` keeps after `answer`, without its session. */
function cookiesAfter(cookie: string, answer: Answer): string {
  const kept = new Map(cookie.split('; ').map((one) => [one.slice(0, one.indexOf('=')), one]));
  for (const { name, value } of answer.cookies) kept.set(name, `${name}=${value}`);
  return [...kept.values()].join('; ');
}

/** Anonymous visitors ask for codes of an address for an hour, until they get no more. */
async function useUpEmailLimits(email: string): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 6; n++) await ask(email, { ip: `198.20.${network}.${n}` });
    if (round < 2) world.clock.advance(10 * minute);
  }
  expect((await ask(email, { ip: `198.21.${network}.1` })).statusCode).toBe(429);
}

describe('a request that is refused', () => {
  it('a request that is refused uses no limit of its address up: those that waited for open codes are free when these expire', async () => {
    const email = someEmail();
    for (let n = 0; n < 5; n++) expect((await ask(email)).statusCode).toBe(202);
    for (let n = 0; n < 20; n++) expect((await ask(email)).statusCode).toBe(429);
    world.clock.advance(10 * minute);
    for (let n = 0; n < 5; n++) expect((await ask(email)).statusCode).toBe(202);
  });

  it('a request that is refused uses no limit of its network up: the neighbours get their codes', async () => {
    const email = someEmail();
    for (let n = 0; n < 120; n++) await ask(email);
    expect((await ask(someEmail())).statusCode).toBe(202);
  });

  it('a request that is refused does not extend the window: an address is free again one hour after the first code, and not before', async () => {
    const email = someEmail();
    const at = world.clock.now().getTime();
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 5; n++) expect((await ask(email)).statusCode).toBe(202);
      world.clock.advance(20 * minute);
    }
    for (let n = 0; n < 30; n++) {
      const refused = await ask(email);
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1200']);
    }
    world.clock.advance(at + hour - 1 - world.clock.now().getTime());
    const before = await ask(email);
    expect([before.statusCode, before.headers['retry-after']]).toEqual([429, '1']);
    world.clock.advance(1);
    expect((await ask(email)).statusCode).toBe(202);
  });

  it('a request that is refused is no try: codes that rest use up no tries of the network', async () => {
    const email = someEmail();
    for (let n = 0; n < 5; n++) {
      const { challengeId, code } = await codeOf(await ask(email));
      const wrong = code === '000000' ? '000001' : '000000';
      for (let k = 0; k < 5; k++) await post('auth/sessions', { challengeId, code: wrong });
      world.clock.advance(10 * minute);
    }
    const resting = await codeOf(await ask(email));
    for (let n = 0; n < 70; n++) expect((await post('auth/sessions', resting)).statusCode).toBe(429);
    const fresh = await codeOf(await ask(someEmail()));
    expect((await post('auth/sessions', fresh)).statusCode).toBe(201);
  });
});

describe('concurrent requests for codes', () => {
  /** No more at the same time than both processes have connections: none waits for one in vain. */
  const mostAtOnce = 20;
  const atOnce = async (
    count: number,
    email: (n: number) => string,
    from: (n: number) => From = () => ({}),
  ) => {
    const limit = pLimit(mostAtOnce);
    const asked = Array.from({ length: count }, (_, n) =>
      limit(() => ask(email(n), { ...from(n), app: n % 2 === 0 ? world.app : other })),
    );
    return Promise.all(asked);
  };

  it('of concurrent requests in two processes exactly ten are mailed to one mailbox, whatever tags, dots and names of its provider they use', async () => {
    const mailbox = randomBytes(6).toString('hex');
    const spelled = (n: number) =>
      `${mailbox.slice(0, (n % 5) + 1)}.${mailbox.slice((n % 5) + 1)}+tag${n}@${n % 2 ? 'gmail.com' : 'googlemail.com'}`;
    const answers = await atOnce(40, spelled, (n) => ({ ip: `198.20.${network}.${n}` }));
    expect(passed(answers)).toBe(10);
    world.clock.advance(hour - 1);
    expect(passed(await atOnce(4, spelled))).toBe(0);
    world.clock.advance(1);
    expect(passed(await atOnce(40, spelled))).toBe(10);
  });

  it('of concurrent requests in two processes exactly a hundred pass for one network, and those that are refused leave the others their place', async () => {
    const answers = await atOnce(130, () => someEmail());
    expect(passed(answers)).toBe(100);
    const { rows } = await world.sql.query<{ hits: number }>(
      `SELECT hits FROM platform.rate_limit WHERE key = $1`,
      [`code:network:198.18.${network}.0/24`],
    );
    expect(rows).toEqual([{ hits: 100 }]);
  });

  it('of concurrent requests in two processes exactly five codes of one address are open, and only they count', async () => {
    const email = someEmail();
    expect(passed(await atOnce(30, () => email))).toBe(5);
    world.clock.advance(10 * minute);
    expect(passed(await atOnce(30, () => email))).toBe(5);
    world.clock.advance(10 * minute);
    expect(passed(await atOnce(30, () => email))).toBe(0);
  });
});

it('of tries at once in two processes each counts for its own code, and sixty pass for one network', async () => {
  const elsewhere = `198.21.${network}.9`;
  const owned: Given[] = [];
  for (let n = 0; n < 4; n++) owned.push(await codeOf(await ask(someEmail(), { ip: elsewhere })));
  const apps = [world.app, other];

  const [right, guessed] = await Promise.all([
    Promise.all(
      owned.toReversed().map((given, n) => post('auth/sessions', given, { ip: elsewhere, app: apps[n % 2] })),
    ),
    Promise.all(
      Array.from({ length: 80 }, (_, n) =>
        post('auth/sessions', { challengeId: randomUUID(), code: '123456' }, { app: apps[n % 2] }),
      ),
    ),
  ]);

  expect(right.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201]);
  expect(guessed.filter(({ statusCode }) => statusCode === 410)).toHaveLength(60);
  expect(guessed.filter(({ statusCode }) => statusCode === 429)).toHaveLength(20);
});

it('a code whose row is locked delays its own tries only', async () => {
  const [locked, free] = [await codeOf(await ask(someEmail())), await codeOf(await ask(someEmail()))];
  const lock = await holdLock(world.sql, `SELECT 1 FROM auth.challenge WHERE id = $1 FOR UPDATE`, [
    locked.challengeId,
  ]);
  const [waiting, answer] = [post('auth/sessions', locked), await post('auth/sessions', free)];
  expect(answer.statusCode).toBe(201);
  await lock.untilBlocked();
  await lock.release();
  expect((await waiting).statusCode).toBe(201);
});

describe('visitors who know an address', () => {
  it('visitors who know an address cannot keep its owner from signing in on a device that has signed in before', async () => {
    const email = someEmail();
    const { cookie } = await deviceOf(email);
    for (let n = 0; n < 5; n++) {
      const { challengeId, code } = await codeOf(await ask(email, { ip: `198.20.${network}.9` }));
      const wrong = code === '000000' ? '000001' : '000000';
      for (let k = 0; k < 5; k++)
        await post('auth/sessions', { challengeId, code: wrong }, { ip: `198.20.${network}.9` });
      world.clock.advance(10 * minute);
    }
    await useUpEmailLimits(email);
    for (let n = 0; n < 101; n++) await ask(someEmail());
    for (let n = 0; n < 61; n++)
      await post('auth/sessions', { challengeId: unknownChallenge, code: '123456' });
    expect((await ask(someEmail())).statusCode).toBe(429);

    const answer = await ask(email, { cookie });
    expect(answer.statusCode).toBe(202);
    const given = await codeOf(answer);
    // as an anonymous visitor of this network
    expect((await post('auth/sessions', given)).statusCode).toBe(429);
    expect((await post('auth/sessions', given, { cookie })).statusCode).toBe(201);
  });

  it('visitors who know an address cannot keep an owner who is signed in from getting a code', async () => {
    const email = someEmail();
    const { token } = await deviceOf(email);
    await useUpEmailLimits(email);
    const authorization = `Bearer ${token}`;
    expect((await ask(email, { authorization })).statusCode).toBe(202);
    expect((await ask(email)).statusCode).toBe(429);
  });

  it('visitors who know an address cannot keep an owner who is signed in from giving a code back', async () => {
    const email = someEmail();
    const { token } = await deviceOf(email);
    await useUpTries();
    const authorization = `Bearer ${token}`;
    const given = await codeOf(await ask(email, { authorization }));
    expect((await post('auth/sessions', given)).statusCode).toBe(429);
    expect((await post('auth/sessions', given, { authorization })).statusCode).toBe(201);
  });

  it('visitors who know an address cannot keep an owner who is signed in from giving a code back on the page', async () => {
    const email = someEmail();
    const me = await deviceOf(email);
    await useUpTries();
    const asked = await form('login', me, { email });
    const pending = asked.cookies.find(({ name }) => name === 'tf_pending')?.value ?? '';
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM auth.challenge WHERE email = $1 AND used_at IS NULL`,
      [email],
    );
    const code = await mailedCode(rows[0]?.id ?? '');
    const verified = await form('verify', me, { code }, `tf_pending=${pending}`);
    expect([verified.statusCode, verified.headers.location]).toEqual([303, '/settings']);
  });

  it('visitors who know an address gain nothing from their own device, nor from one cookie of another', async () => {
    const email = someEmail();
    const owner = await deviceOf(email);
    const stranger = await deviceOf(someEmail());
    await useUpEmailLimits(email);
    const part = (cookie: string, name: string) =>
      cookie.split('; ').find((one) => one.startsWith(`${name}=`)) ?? '';
    for (const cookie of [
      stranger.cookie,
      part(owner.cookie, 'tf_trusted'),
      part(owner.cookie, 'tf_device'),
      `${part(owner.cookie, 'tf_trusted')}; ${part(stranger.cookie, 'tf_device')}`,
      `${part(stranger.cookie, 'tf_trusted')}; ${part(owner.cookie, 'tf_device')}`,
    ])
      expect([cookie, (await ask(email, { cookie })).statusCode]).toEqual([cookie, 429]);
    const authorization = `Bearer ${stranger.token}`;
    expect((await ask(email, { authorization })).statusCode).toBe(429);
    expect((await ask(email, { cookie: owner.cookie })).statusCode).toBe(202);
  });

  it('visitors who know an address learn nothing from a device that is known: its own limit is ten an hour and five open codes', async () => {
    const email = someEmail();
    const { cookie } = await deviceOf(email);
    const answers = [];
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 7; n++) answers.push(await ask(email, { cookie }));
      world.clock.advance(10 * minute);
    }
    expect(passed(answers)).toBe(10);
    // a device of anonymous visitors has used nothing up
    expect((await ask(email)).statusCode).toBe(202);
  });
});

/** The two places where an address is changed. */
const changes: [string, (me: { token: string }, given: Given, cookie: string) => Promise<Answer>][] = [
  [
    'in the API',
    (me, given, cookie) => post('me/email', given, { cookie: `tf_session=${me.token}; ${cookie}` }),
  ],
  ['on the page', (me, given, cookie) => form('settings/email/confirm', me, { ...given }, cookie)],
];

describe('a change of address', () => {
  it.each(changes)(
    '%s makes the new address known to the device that proved it, and to no other',
    async (_where, change) => {
      const [before, after] = [someEmail(), someEmail()];
      const [other, own] = [await deviceOf(before), await deviceOf(before)];
      const changed = await change(own, await codeOf(await ask(after)), own.cookie);
      expect(changed.statusCode).toBeLessThan(400);
      const cookie = cookiesAfter(own.cookie, changed);
      await useUpEmailLimits(after);
      expect((await ask(after)).statusCode).toBe(429);
      expect((await ask(after, { cookie: other.cookie })).statusCode).toBe(429);
      expect((await ask(after, { cookie: own.cookie })).statusCode).toBe(429);
      expect((await ask(after, { cookie })).statusCode).toBe(202);
      await useUpEmailLimits(before);
      expect((await ask(before, { cookie })).statusCode).toBe(202); // it had proven this one, too
    },
  );

  it.each(changes)(
    '%s in a browser without the cookie of its device keeps nothing of what another device proved',
    async (_where, change) => {
      const [before, after] = [someEmail(), someEmail()];
      const [me, stranger] = [await deviceOf(before), await deviceOf(someEmail())];
      const known = me.cookie.split('; ').filter((one) => one.startsWith('tf_trusted='));
      const mixed = [...known, ...stranger.cookie.split('; ').filter((one) => one.startsWith('tf_device='))];
      const changed = await change(me, await codeOf(await ask(after)), mixed.join('; '));
      const cookie = cookiesAfter(mixed.join('; '), changed);
      await useUpEmailLimits(after);
      await useUpEmailLimits(before);
      expect((await ask(after, { cookie })).statusCode).toBe(202);
      expect((await ask(before, { cookie })).statusCode).toBe(429);
    },
  );

  it('a change of address that is refused makes nothing known', async () => {
    const [taken, own] = [await deviceOf(someEmail()), await deviceOf(someEmail())];
    for (const [, change] of changes) {
      const given = await codeOf(await ask(taken.user.email));
      const refused = await change(own, given, own.cookie);
      expect(refused.statusCode).toBe(409);
      expect(refused.cookies.filter(({ name }) => name === 'tf_trusted')).toEqual([]);
    }
  });
});

describe('devices that have proven one address', () => {
  it('devices that have proven one address share its wrong codes: another device brings no guesses of its own', async () => {
    const email = someEmail();
    const [first, second] = [await deviceOf(email), await deviceOf(email)];
    for (let n = 0; n < 5; n++) {
      const { challengeId } = (await ask(email, { cookie: first.cookie })).json<{ challengeId: string }>();
      for (let tries = 0; tries < 5; tries++)
        await post('auth/sessions', { challengeId, code: '000000' }, { cookie: first.cookie });
    }
    const given = await codeOf(await ask(email, { cookie: second.cookie }));
    const rests = await post('auth/sessions', given, { cookie: second.cookie });
    expect([rests.statusCode, rests.json<{ code: string }>().code]).toEqual([429, 'auth.too_many']);
    expect((await post('auth/sessions', await codeOf(await ask(email)))).statusCode).toBe(201);
  });

  it('devices that have proven one address get thirty codes an hour together, however many they are', async () => {
    const email = someEmail();
    const cookies: string[] = [];
    for (let n = 0; n < 5; n++) cookies.push((await deviceOf(email)).cookie);
    const answers = [];
    for (let round = 0; round < 2; round++) {
      for (const cookie of cookies) for (let n = 0; n < 4; n++) answers.push(await ask(email, { cookie }));
      world.clock.advance(11 * minute);
    }
    expect(passed(answers)).toBe(30);
  });
});

/** Every place where a person gives a code back. */
const places: [
  string,
  (me: Person, given: { challengeId: string; code: string }) => Promise<{ statusCode: number }>,
][] = [
  ['signing in', (_me, given) => post('auth/sessions', given)],
  ['a new address', (me, given) => post('me/email', given, bearer(me))],
  [
    'the proof of the present address',
    (me, { challengeId, code }) =>
      post(
        'me/email',
        { challengeId: unknownChallenge, code, currentChallengeId: challengeId, currentCode: code },
        bearer(me),
      ),
  ],
  [
    'erasing',
    (me, given) =>
      world.app.inject({
        method: 'DELETE',
        url: '/api/v1/me',
        payload: given,
        headers: bearer(me),
        remoteAddress: ip,
      }),
  ],
  ['the form of a new address', (me, given) => form('settings/email/confirm', me, given)],
  [
    'the form of the present address',
    (me, { challengeId, code }) =>
      form('settings/email/confirm', me, {
        challengeId: unknownChallenge,
        code,
        currentChallengeId: challengeId,
        currentCode: code,
      }),
  ],
  ['the form that erases', (me, given) => form('settings/erase/confirm', me, given)],
];

const form = (path: string, me: { token: string }, fields: Record<string, string>, cookie = '') =>
  world.app.inject({
    method: 'POST',
    url: `/${path}`,
    remoteAddress: ip,
    payload: new URLSearchParams(fields).toString(),
    headers: {
      accept: 'text/html',
      origin: 'http://twofold.test',
      cookie: `tf_session=${me.token}; ${cookie}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  });

describe('a code that is given back', () => {
  const triesOf = async () => {
    const { rows } = await world.sql.query<{ hits: number }>(
      `SELECT hits FROM platform.rate_limit WHERE key = $1`,
      [`attempt:network:198.18.${network}.0/24`],
    );
    return rows[0]?.hits ?? 0;
  };
  let me: Person;
  beforeEach(async () => {
    me = await world.given.user();
  });

  it.each(places)(
    'a code that is given back for %s counts as a try, and is refused once the tries are used up',
    async (_where, giveBack) => {
      const given = { challengeId: unknownChallenge, code: '123456' };
      expect((await giveBack(me, given)).statusCode).toBe(410);
      expect(await triesOf()).toBe(1);
      for (let n = 1; n < 60; n++) await post('auth/sessions', given);
      expect(await triesOf()).toBe(60);
      expect((await giveBack(me, given)).statusCode).toBe(429);
      expect(await triesOf()).toBe(60);
      world.clock.advance(10 * minute - 1);
      expect((await giveBack(me, given)).statusCode).toBe(429);
      world.clock.advance(1);
      expect((await giveBack(me, given)).statusCode).toBe(410);
    },
  );

  const ownAddress = places.filter(([where]) => /present address|eras/.test(where));
  it.each(ownAddress)(
    'a code that is given back for %s is not compared when it was sent to another address: the answer is that of a code never made',
    async (_where, giveBack) => {
      const victim = await codeOf(await ask(someEmail()));
      const wrong = victim.code === '000000' ? '000001' : '000000';
      const answers = [];
      for (const given of [
        { challengeId: unknownChallenge, code: victim.code },
        victim,
        { ...victim, code: wrong },
      ]) {
        const { statusCode, body } = (await giveBack(me, given)) as LightMyRequestResponse;
        const text = body.replaceAll(/"requestId":"[^"]*"|[\da-f-]{36}|\b\d{6}\b/g, '');
        answers.push({ statusCode, text });
      }
      expect(answers[0]?.statusCode).toBe(410);
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
      expect(
        await world.see.count('auth.challenge WHERE id = $1 AND attempts > 0', [victim.challengeId]),
      ).toBe(0);
    },
  );
});
