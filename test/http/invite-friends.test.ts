import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountErasure } from '../../src/accounts/index.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

/** The page where people share their link, and its forms. */
describe('the page of invitations', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const open = (person: Person, url = '/invite') =>
    world.app.inject({ url, headers: { accept: 'text/html', cookie: `tf_session=${person.token}` } });
  const send = (person: Person, form: string, fields: Record<string, string>) =>
    world.app.inject({
      method: 'POST',
      url: `/invite/${form}`,
      headers: {
        accept: 'text/html',
        origin: 'http://twofold.test',
        cookie: `tf_session=${person.token}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: new URLSearchParams(fields).toString(),
    });
  const textOf = (body: string) => body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  async function referralOf(friend: Person): Promise<string> {
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [friend.id],
    );
    return rows[0]?.id ?? '';
  }
  async function annaAndBert(): Promise<[anna: Person, bert: Person, referralId: string]> {
    const anna = await world.given.user();
    const bert = await world.given.userInvitedBy(anna);
    return [anna, bert, await referralOf(bert)];
  }

  it('shows what the invitations brought, what may still come, and what became of each', async () => {
    const [anna, bert] = await annaAndBert();
    expect(textOf((await open(anna)).body)).toMatch(/Earned so far 0 days Still to come 45 days/);
    await world.given.linkCustomer(bert);
    await world.when.pays(bert);
    const text = textOf((await open(anna)).body);
    expect(text).toMatch(/Earned so far 45 days Still to come 0 days/);
    expect(text).toContain('45 days were added to your account');
    expect(text).toContain('1 friend joined; 1 has paid so far');
  });

  it('counts invitations by months of the time zone of the reader', async () => {
    const [anna, bert] = await annaAndBert();
    await world.sql.query(
      `UPDATE referral.referral SET linked_at = '2026-09-30T22:30:00Z' WHERE referred_id = $1`,
      [bert.id],
    );
    const monthsOf = async () => {
      const { body } = await open(anna);
      const shown = textOf(body.slice(body.indexOf('id="over-time"')));
      return [...shown.matchAll(/(\w+ 2026) 1 0/g)].map(([, month]) => month);
    };
    expect([await monthsOf(), (await open(anna)).body.includes('time zone UTC')]).toEqual([
      ['Sept 2026'],
      true,
    ]);
    await world.sql.query(`UPDATE auth."user" SET time_zone = 'Europe/Berlin' WHERE id = $1`, [anna.id]);
    expect([await monthsOf(), (await open(anna)).body.includes('time zone Europe/Berlin')]).toEqual([
      ['Oct 2026'],
      true,
    ]);
  });

  it('asks for a first name once, and takes no for an answer', async () => {
    const anna = await world.given.user();
    expect((await open(anna)).body).toContain('action="/invite/name"');
    expect((await send(anna, 'name', { displayName: ' ' })).statusCode).toBe(303);
    expect((await open(anna)).body).toContain('action="/invite/name"');
    const refused = await send(anna, 'name', { displayName: 'www.example.org' });
    expect(refused.statusCode).toBe(422);
    expect(refused.body).toContain('The display name has no web addresses.');
    expect((await send(anna, 'name', { displayName: ' Anna ' })).headers.location).toBe('/invite?saved=name');
    expect((await open(anna, '/invite?saved=name')).body).toContain('Name saved.');
    expect((await open(anna)).body).not.toContain('action="/invite/name"');
    expect((await open(anna, '/settings')).body).toContain('value="Anna"');
  });

  it('names friends as they chose, and as their inviter notes for themselves', async () => {
    const [anna, bert, id] = await annaAndBert();
    await world.app.inject({
      ...{ method: 'PUT', url: '/api/v1/me', headers: bearer(bert) },
      payload: { displayName: 'Bert' },
    });
    expect(textOf((await open(anna)).body)).toMatch(/Bert \S•••@e•••\.org/);
    const saved = await send(anna, 'note', { id, note: ' from  the choir ', invites: '' });
    expect([saved.statusCode, saved.headers.location]).toEqual([
      303,
      `/invite?saved=note&invites=#invite-${id}`,
    ]);
    expect(textOf((await open(anna)).body)).toContain('Bert from the choir');
    await send(anna, 'note', { id, note: '' });
    expect(await world.see.count('referral.invite_note WHERE referral_id = $1', [id])).toBe(0);
  });

  it('keeps a note from all others, the friend included', async () => {
    const [anna, bert, id] = await annaAndBert();
    await send(anna, 'note', { id, note: 'owes me a beer' });
    for (const [person, url] of [
      [bert, '/settings'],
      [bert, '/api/v1/me/export'],
      [anna, '/api/v1/referral/invites'],
    ] as const)
      expect((await world.app.inject({ url, headers: bearer(person) })).body).not.toContain('owes me');
    expect((await send(bert, 'note', { id, note: 'mine' })).statusCode).toBe(404);
    expect((await send(anna, 'note', { id: 'nonsense', note: 'x' })).statusCode).toBe(404);
    expect((await world.app.inject({ url: '/api/v1/me/export', headers: bearer(anna) })).body).toContain(
      'owes me a beer',
    );
  });

  it('refuses a note of 81 characters, or of two lines, and the database one of none', async () => {
    const [anna, , id] = await annaAndBert();
    expect((await send(anna, 'note', { id, note: '🎉'.repeat(80) })).statusCode).toBe(303);
    for (const note of ['x'.repeat(81), 'two\nlines']) {
      const refused = await send(anna, 'note', { id, note });
      expect([refused.statusCode, refused.body.includes('one line of at most 80 characters')]).toEqual([
        422,
        true,
      ]);
    }
    await expect(
      world.sql.query(`UPDATE referral.invite_note SET text = '' WHERE referral_id = $1`, [id]),
    ).rejects.toThrow('invite_note_has_1_to_80_characters');
  });

  it.each(['who wrote it', 'who it is about'])('erases a note with %s', async (whose) => {
    const [anna, bert, id] = await annaAndBert();
    await send(anna, 'note', { id, note: 'a friend' });
    const erased = whose === 'who wrote it' ? anna : bert;
    await world.app.get(AccountErasure, { strict: false }).erase(erased.id, { kind: 'operator' });
    expect(await world.see.count('referral.invite_note WHERE referral_id = $1', [id])).toBe(0);
  });

  it('keeps no note about a person who was erased before', async () => {
    const [anna, bert, id] = await annaAndBert();
    await world.app.get(AccountErasure, { strict: false }).erase(bert.id, { kind: 'operator' });
    expect((await send(anna, 'note', { id, note: 'Bert Example' })).statusCode).toBe(404);
    expect(await world.see.count('referral.invite_note WHERE referral_id = $1', [id])).toBe(0);
  });

  it('changes the code, and says why it cannot', async () => {
    const anna = await world.given.user();
    expect((await send(anna, 'code', { code: 'ANNA-2026' })).headers.location).toBe('/invite?saved=code');
    expect((await open(anna)).body).toContain('/r/ANNA-2026?c=copy');
    const refused = await send(anna, 'code', { code: '!' });
    expect([refused.statusCode, refused.body.includes('A code has 3 to 24')]).toEqual([422, true]);
    const own = await send(anna, 'claim', { claimed: 'ANNA-2026' });
    expect([own.statusCode, own.body.includes('That is your own code.')]).toEqual([422, true]);
  });

  it('pages through the invites, and comes back to the same page after a note', async () => {
    const anna = await world.given.user();
    const friends = [];
    for (let count = 0; count < 26; count++) {
      friends.push(await world.given.userInvitedBy(anna));
      world.clock.advance(1_000);
    }
    const next = /\/invite\?invites=([^"#]+)#invites/.exec((await open(anna)).body)?.[1] ?? '';
    const oldest = await referralOf(friends[0] as Person);
    expect((await open(anna)).body).not.toContain(oldest);
    expect((await open(anna, `/invite?invites=${next}`)).body).toContain(`invite-${oldest}`);
    const saved = await send(anna, 'note', {
      id: oldest,
      note: 'the first',
      invites: decodeURIComponent(next),
    });
    expect((await open(anna, String(saved.headers.location).split('#')[0])).body).toContain('the first');
  });
});

describe('a new person', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** Signs in by the pages, as a browser whose script sent `timeZone`. */
  async function signInByPages(
    email: string,
    language: string,
    timeZone: string | undefined,
  ): Promise<number> {
    const jar = new Map<string, string>();
    const post = async (url: string, form: Record<string, string>) => {
      const answer = await world.app.inject({
        ...{ method: 'POST', url, payload: new URLSearchParams(form).toString() },
        headers: {
          ...{ accept: 'text/html', 'accept-language': language, origin: 'http://twofold.test' },
          'content-type': 'application/x-www-form-urlencoded',
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        },
      });
      for (const { name, value } of answer.cookies) jar.set(name, value);
      return answer.statusCode;
    };
    await post('/login', { email });
    await world.runHandlers();
    const { rows } = await world.sql.query<{ text_part: string }>(
      `SELECT text_part FROM notifications.captured_email WHERE recipient = $1 ORDER BY created_at DESC, id DESC LIMIT 1`,
      [email],
    );
    const code = /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0] ?? '';
    return post('/verify', { code, ...(timeZone === undefined ? {} : { timeZone }) });
  }

  async function profileOf(email: string): Promise<unknown> {
    const { rows } = await world.sql.query(`SELECT locale, time_zone FROM auth."user" WHERE email = $1`, [
      email,
    ]);
    return rows[0];
  }

  it('gets the language and the time zone of their browser, and keeps them afterwards', async () => {
    expect(await signInByPages('new@example.org', 'de-AT,de;q=0.9', 'Europe/Vienna')).toBe(303);
    expect(await profileOf('new@example.org')).toEqual({ locale: 'de', time_zone: 'Europe/Vienna' });
    world.clock.advance(60_000);
    expect(await signInByPages('new@example.org', 'en', 'Asia/Tokyo')).toBe(303);
    expect(await profileOf('new@example.org')).toEqual({ locale: 'de', time_zone: 'Europe/Vienna' });
  });

  it.each([undefined, '', 'Mars/Olympus', '+02:00', "'; --", 'x'.repeat(900)])(
    'whose browser says no time zone gets UTC: %s',
    async (timeZone) => {
      const email = `${Math.random().toString(36).slice(2)}@example.org`;
      expect(await signInByPages(email, 'en', timeZone)).toBe(303);
      expect(await profileOf(email)).toEqual({ locale: 'en', time_zone: 'UTC' });
    },
  );
});
