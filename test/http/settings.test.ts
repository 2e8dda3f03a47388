import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

describe('my settings', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const call = (
    person: Person,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ) =>
    world.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...bearer(person), ...headers },
      ...(payload && { payload }),
    });

  it('tell who I am, what I have access to, and until when', async () => {
    const { clock, given, when } = world;
    const anna = await given.user();
    expect((await call(anna, 'GET', '/me')).json()).toEqual({
      id: anna.id,
      email: anna.email,
      displayName: null,
      role: 'user',
      tier: 'free',
      access: { active: false, source: 'none', until: null },
      creditUntil: null,
      referralCode: null,
      createdAt: clock.now().toISOString(),
    });
    const bert = await given.userInvitedBy(anna);
    await given.customerOf(bert);
    await when.pays(bert);
    const until = new Date(clock.now().getTime() + 45 * 86_400_000).toISOString();
    expect((await call(anna, 'GET', '/me')).json()).toMatchObject({
      tier: 'free',
      access: { active: true, source: 'credit', until },
      creditUntil: until,
    });
    expect((await call(bert, 'GET', '/me')).json()).toMatchObject({
      tier: 'paid',
      access: { active: true, source: 'subscription', until },
    });
  });

  it('come in one read', async () => {
    const anna = await world.given.user();
    const settings = (await call(anna, 'GET', '/settings')).json<Record<string, unknown>>();
    expect(Object.keys(settings).sort()).toEqual([
      'backup',
      'credit',
      'referral',
      'sessions',
      'subscription',
      'user',
    ]);
  });

  it('can be taken along', async () => {
    const anna = await world.given.user();
    const answer = await call(anna, 'GET', '/me/export');
    expect(answer.headers['content-disposition']).toContain('attachment');
    expect(answer.json()).toMatchObject({
      user: { email: anna.email },
      referral: { codes: [] },
      billing: { payments: [] },
      credit: { entries: [] },
    });
    expect(answer.body).not.toContain(anna.token);
  });

  describe('backup', () => {
    it('keeps what was saved, five revisions of it, and brings any of them back', async () => {
      const anna = await world.given.user();
      expect((await call(anna, 'GET', '/settings/backup')).statusCode).toBe(404);
      for (let n = 1; n <= 7; n++)
        expect((await call(anna, 'PUT', '/settings/backup', { data: { n } })).json()).toMatchObject({
          revision: n,
        });
      const revisions = (await call(anna, 'GET', '/settings/backup/revisions')).json<{
        items: { revision: number }[];
      }>();
      expect(revisions.items.map(({ revision }) => revision)).toEqual([7, 6, 5, 4, 3]);
      expect((await call(anna, 'POST', '/settings/backup/revisions/4/restore')).json()).toMatchObject({
        revision: 8,
      });
      expect((await call(anna, 'GET', '/settings/backup')).json()).toMatchObject({
        revision: 8,
        data: { n: 4 },
      });
      expect((await call(anna, 'POST', '/settings/backup/revisions/2/restore')).statusCode).toBe(404);
    });

    it('is saved over the revision that was read, by one of ten at once', async () => {
      const anna = await world.given.user();
      await call(anna, 'PUT', '/settings/backup', { data: 'first' });
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          call(anna, 'PUT', '/settings/backup', { data: n }, { 'if-match': '"1"' }),
        ),
      );
      expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, ...Array<number>(9).fill(412)]);
      expect((await call(anna, 'PUT', '/settings/backup', { data: 'blind' })).json()).toMatchObject({
        revision: 3,
      });
    });

    it('that was deleted is gone, and its count goes on', async () => {
      const anna = await world.given.user();
      await call(anna, 'PUT', '/settings/backup', { data: 'first' });
      expect((await call(anna, 'DELETE', '/settings/backup')).statusCode).toBe(204);
      expect((await call(anna, 'DELETE', '/settings/backup')).statusCode).toBe(404);
      expect((await call(anna, 'GET', '/settings/backup')).statusCode).toBe(404);
      expect(
        (await call(anna, 'PUT', '/settings/backup', { data: 2 }, { 'if-match': '"1"' })).statusCode,
      ).toBe(412);
      expect(
        (await call(anna, 'PUT', '/settings/backup', { data: 2 }, { 'if-match': '"0"' })).json(),
      ).toMatchObject({ revision: 3 });
    });

    it('takes a mebibyte of JSON, and not a byte more', async () => {
      const anna = await world.given.user();
      const text = (bytes: number) => 'x'.repeat(bytes - 2);
      expect((await call(anna, 'PUT', '/settings/backup', { data: text(1_048_576) })).statusCode).toBe(200);
      expect((await call(anna, 'PUT', '/settings/backup', { data: text(1_048_577) })).statusCode).toBe(413);
      expect((await call(anna, 'PUT', '/settings/backup', {})).statusCode).toBe(422);
    });

    it('is nobody else’s', async () => {
      const anna = await world.given.user();
      await call(anna, 'PUT', '/settings/backup', { data: 'private' });
      expect((await call(await world.given.user(), 'GET', '/settings/backup')).statusCode).toBe(404);
    });
  });
});
