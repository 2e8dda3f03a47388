import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('my settings show who I am, what I have access to, and until when', async () => {
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
    await given.linkCustomer(bert);
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

  it('my settings come in one read', async () => {
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

  it('my settings can be taken along', async () => {
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
});
