import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthRetention } from '../../src/auth/auth-maintenance.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let root: Person;
let support: Person;
let anna: Person;

beforeAll(async () => {
  world = await createWorld();
  root = await world.given.user({ role: 'admin' });
  support = await world.given.user({ role: 'support' });
});
afterAll(() => world.close());

const api = (
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  person: Person,
  payload?: object,
  headers: Record<string, string> = {},
) =>
  world.app.inject({
    method,
    url: `/api/v1/admin/${path}`,
    headers: { ...bearer(person), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const grant = (person: Person, to: string, payload: object, headers?: Record<string, string>) =>
  api('POST', `users/${to}/credit`, person, payload, headers);
const unknownId = '01890000-0000-7000-8000-000000000000';

describe('roles', () => {
  it('a user may neither read nor change', async () => {
    anna = await world.given.user();
    const changes = await writes(anna);
    for (const [method, path, payload] of [...reads(anna), ...changes])
      expect([path, (await api(method, path, anna, payload)).statusCode]).toEqual([path, 403]);
    expect(await world.see.creditDaysOf(anna)).toBe(1);
  });

  it('support reads everything and changes nothing', async () => {
    anna = await world.given.user();
    for (const [method, path] of reads(anna))
      expect([path, (await api(method, path, support)).statusCode]).toEqual([path, 200]);
    for (const [method, path, payload] of await writes(anna))
      expect([path, (await api(method, path, support, payload)).statusCode]).toEqual([path, 403]);
    expect(await world.see.creditDaysOf(anna)).toBe(1);
  });

  it('an admin gives and takes a role, which is audited', async () => {
    anna = await world.given.user();
    expect((await api('PUT', `users/${anna.id}/role`, root, { role: 'support' })).json()).toEqual({
      role: 'support',
    });
    anna = await world.given.user({ email: anna.email }); // another role ends every session
    expect((await api('GET', 'users', anna)).statusCode).toBe(200);
    world.clock.advance(1_000);
    await api('PUT', `users/${anna.id}/role`, root, { role: 'user' });
    anna = await world.given.user({ email: anna.email });
    expect((await api('GET', 'users', anna)).statusCode).toBe(403);
    const { audit } = (await api('GET', `users/${anna.id}`, root)).json<{ audit: unknown[] }>();
    expect(audit.slice(0, 2)).toMatchObject([
      { action: 'auth.role_changed', actorKind: 'admin', actorId: root.id, details: { to: 'user' } },
      { action: 'auth.role_changed', details: { from: 'user', to: 'support' } },
    ]);
    for (const role of ['owner', '', null, ['admin']])
      expect((await api('PUT', `users/${anna.id}/role`, root, { role })).statusCode).toBe(422);
    expect((await api('PUT', `users/${unknownId}/role`, root, { role: 'admin' })).statusCode).toBe(404);
  });

  const reads = (of: Person) =>
    [
      ['GET', 'users', undefined],
      ['GET', `users/${of.id}`, undefined],
      ['GET', 'audit', undefined],
    ] as const;
  const writes = async (of: Person) => {
    const given = await grant(root, of.id, { days: 1, reason: 'a start' });
    return [
      ['POST', `users/${of.id}/credit`, { days: 45, reason: 'for myself' }],
      ['POST', `credit/${given.json<{ id: string }>().id}/revoke`, { reason: 'gone' }],
      ['PUT', `users/${of.id}/role`, { role: 'admin' }],
    ] as const;
  };
});

describe('manual credit', () => {
  it('manual credit is an entry with its reason, stacks, and is reported in the file and the audit', async () => {
    anna = await world.given.user();
    const first = await grant(root, anna.id, { days: 10, reason: 'the outage' });
    expect([first.statusCode, first.json()]).toEqual([
      201,
      {
        id: expect.any(String),
        seq: 1,
        kind: 'admin_grant',
        days: 10,
        effectiveAt: world.clock.now().toISOString(),
        windowFrom: world.clock.now().toISOString(),
        windowUntil: new Date(world.clock.now().getTime() + 10 * 86_400_000).toISOString(),
        reason: 'the outage',
        referralId: null,
        reversesEntryId: null,
      },
    ]);
    world.clock.advance(1_000);
    await grant(root, anna.id, { days: 3650, reason: 'a decade' });
    expect(await world.see.creditDaysOf(anna)).toBeCloseTo(3660, 3);
    const file = (await api('GET', `users/${anna.id}`, support)).json();
    expect(file).toMatchObject({
      user: { id: anna.id, email: anna.email, tier: 'free', role: 'user' },
      subscription: null,
      credit: { entries: [{ reason: 'a decade' }, { reason: 'the outage' }] },
      referredBy: null,
      referrals: [],
      stripeCustomers: [],
    });
    expect(file).toMatchObject({
      audit: [
        { action: 'credit.granted', note: 'a decade' },
        { actorId: root.id, note: 'the outage' },
      ],
    });
  });

  it.each([
    { days: 0, reason: 'x' },
    { days: 3651, reason: 'x' },
    { days: 1.5, reason: 'x' },
    { days: '45', reason: 'x' },
    { days: 45 },
    { days: 45, reason: ' ' },
    { days: 45, reason: 'x'.repeat(501) },
    { days: 45, reason: 'a\u0000b' },
    { days: 45, reason: 'half a pair \ud83d' },
    { days: 45, reason: 'x', userId: unknownId },
  ])('manual credit such as %j is refused, and nothing is written', async (payload) => {
    anna = await world.given.user();
    const answer = await grant(root, anna.id, payload, { 'idempotency-key': 'refused' });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, 'request.invalid']);
    expect(await world.see.count('platform.note WHERE subject_id = $1', [anna.id])).toBe(0);
    expect(await world.see.creditDaysOf(anna)).toBe(0);
  });

  it.each([unknownId, 'not-an-id', '1'])('manual credit to %p is answered 404', async (id) => {
    expect((await grant(root, id, { days: 1, reason: 'x' })).statusCode).toBe(404);
    expect((await api('GET', `users/${id}`, root)).statusCode).toBe(404);
    expect((await api('POST', `credit/${id}/revoke`, root, { reason: 'x' })).statusCode).toBe(404);
    expect(await world.see.count('platform.note WHERE subject_id::text = $1', [id])).toBe(0);
  });

  it('manual credit sent twenty times at once with one key is one entry, and one answer', async () => {
    anna = await world.given.user();
    const send = () =>
      grant(root, anna.id, { days: 7, reason: 'once' }, { 'idempotency-key': 'twenty-at-once' });
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(201));
    expect(new Set(answers.map(({ body }) => JSON.stringify(withSortedKeys(JSON.parse(body))))).size).toBe(1);
    expect(await world.see.count('credit.entry WHERE user_id = $1', [anna.id])).toBe(1);
    expect(await world.see.creditDaysOf(anna)).toBe(7);
  });

  it('a key belongs to its body, its user and its admin', async () => {
    anna = await world.given.user();
    const [bert, other] = [await world.given.user(), await world.given.user({ role: 'admin' })];
    const key = { 'idempotency-key': 'shared' };
    await grant(root, anna.id, { days: 7, reason: 'x' }, key);
    const conflict = await grant(root, anna.id, { days: 8, reason: 'x' }, key);
    expect([conflict.statusCode, conflict.json<{ code: string }>().code]).toEqual([
      409,
      'request.idempotency_conflict',
    ]);
    expect((await grant(root, bert.id, { days: 7, reason: 'x' }, key)).statusCode).toBe(201);
    expect((await grant(other, anna.id, { days: 7, reason: 'x' }, key)).statusCode).toBe(201);
    expect([await world.see.creditDaysOf(anna), await world.see.creditDaysOf(bert)]).toEqual([14, 7]);
  });

  it('a key is remembered for two days', async () => {
    const { app, clock, see } = world;
    anna = await world.given.user();
    const send = () => grant(root, anna.id, { days: 7, reason: 'x' }, { 'idempotency-key': 'two-days' });
    const prune = () => app.get(AuthRetention, { strict: false }).purge();
    await send();
    clock.advance(2 * 86_400_000 - 1_000);
    await prune();
    expect((await send()).headers['idempotent-replayed']).toBe('true');
    clock.advance(2_000);
    await prune();
    expect(await see.count(`platform.idempotency WHERE key = 'two-days'`)).toBe(0);
  });

  it('manual credit is revoked once, however often and by however many', async () => {
    anna = await world.given.user();
    const { id } = (await grant(root, anna.id, { days: 10, reason: 'x' })).json<{ id: string }>();
    await grant(root, anna.id, { days: 5, reason: 'stays' });
    world.clock.advance(4 * 86_400_000);
    const revoke = (reason: string) => api('POST', `credit/${id}/revoke`, root, { reason });
    const answers = await Promise.all(['a mistake', 'another', 'a third'].map(revoke));
    const entries = answers.map((answer) => answer.json<{ id: string; days: number }>());
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(entries[0]).toMatchObject({ kind: 'admin_revoke', days: -6, reversesEntryId: id });
    expect(await world.see.creditDaysOf(anna)).toBe(5);
    const again = await api('POST', `credit/${entries[0]?.id}/revoke`, root, { reason: 'x' });
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([409, 'credit.not_revocable']);
    expect(await world.see.discrepancies()).toEqual([]);
  });

  it('manual credit is not given to a person who erased their account', async () => {
    anna = await world.given.user();
    const { challengeId, code } = await world.given.challenge(anna.email);
    await world.app.inject({
      method: 'DELETE',
      url: '/api/v1/me',
      headers: bearer(anna),
      payload: { challengeId, code },
    });
    expect((await api('GET', `users/${anna.id}`, root)).json()).toMatchObject({ user: { email: null } });
    expect((await grant(root, anna.id, { days: 1, reason: 'a person’s name' })).statusCode).toBe(404);
    expect(await world.see.count('platform.note WHERE subject_id = $1', [anna.id])).toBe(0);
  });
});

describe('users', () => {
  it('users are found by part of an address, by name and by tier, page by page', async () => {
    const { given, when } = world;
    const people: Person[] = [];
    for (const name of ['one', 'two', 'three']) {
      world.clock.advance(1_000);
      people.push(await given.user({ email: `look_here.${name}@example.org` }));
    }
    const [one, two, three] = people as [Person, Person, Person];
    await given.linkCustomer(two);
    await when.pays(two);
    const list = async (query: string) =>
      (await api('GET', `users?${query}`, support)).json<{ items: { id: string }[]; nextCursor: string }>();
    const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);
    expect(await ids('query=LOOK_HERE')).toEqual([three.id, two.id, one.id]);
    expect(await ids('query=lookXhere')).toEqual([]);
    expect(await ids('query=%25')).toEqual([]);
    expect(await ids('query=look_here&tier=paid')).toEqual([two.id]);
    const first = await list('query=look_here&limit=2');
    expect(first.items.map(({ id }) => id)).toEqual([three.id, two.id]);
    expect(await list(`query=look_here&limit=2&cursor=${first.nextCursor}`)).toMatchObject({
      items: [{ id: one.id }],
      nextCursor: null,
    });
  });

  it.each(['tier=gold', 'limit=0', 'limit=101', 'cursor=nonsense', 'query=a&query=b', 'query=%00', 'more=1'])(
    'a query with %p is refused with 422',
    async (query) => expect((await api('GET', `users?${query}`, root)).statusCode).toBe(422),
  );

  it('user details show the referrer and the Stripe customers', async () => {
    const { given, when } = world;
    anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    await when.pays(bert);
    expect((await api('GET', `users/${bert.id}`, root)).json()).toMatchObject({
      user: { tier: 'paid' },
      referredBy: { userId: anna.id },
      stripeCustomers: [bert.payer.customer],
      subscription: { status: 'active', cancelAtPeriodEnd: false },
    });
    expect((await api('GET', `users/${anna.id}`, root)).json()).toMatchObject({
      referrals: [{ userId: bert.id, convertedAt: expect.any(String) }],
      credit: { entries: [{ kind: 'referral_referrer', days: 45 }] },
    });
  });
});

describe('the audit', () => {
  it('the audit log is read by subject, action and actor, newest first, page by page', async () => {
    anna = await world.given.user();
    for (const days of [1, 2, 3]) {
      await grant(root, anna.id, { days, reason: `day ${days}` });
      world.clock.advance(1_000);
    }
    await api('PUT', `users/${anna.id}/role`, root, { role: 'support' });
    type Lines = { items: { action: string; note: string | null }[]; nextCursor: string | null };
    const audit = async (query: string) => (await api('GET', `audit?${query}`, support)).json<Lines>();
    const granted = await audit(`subject=${anna.id}&action=credit.granted&limit=2`);
    expect(granted.items.map(({ note }) => note)).toEqual(['day 3', 'day 2']);
    const rest = await audit(
      `subject=${anna.id}&action=credit.granted&limit=2&cursor=${String(granted.nextCursor)}`,
    );
    expect(rest).toMatchObject({ items: [{ note: 'day 1', subjectId: anna.id }], nextCursor: null });
    expect((await audit(`subject=${anna.id}`)).items).toHaveLength(4);
    expect((await audit(`subject=${anna.id}&actor=${root.id}`)).items).toHaveLength(4);
    expect((await audit(`subject=${anna.id}&actor=${support.id}`)).items).toEqual([]);
  });

  it.each(['subject=x', 'actor=1', 'cursor=nonsense', 'action=%00', 'more=1'])(
    'a query with %p is refused with 422',
    async (query) => expect((await api('GET', `audit?${query}`, root)).statusCode).toBe(422),
  );
});

/**
 * The same facts with their keys in order: a replayed answer comes from the database, which sorts
 * them its own way.
 */
function withSortedKeys(entry: Record<string, unknown>): unknown {
  return Object.fromEntries(Object.entries(entry).sort(([a], [b]) => a.localeCompare(b)));
}
