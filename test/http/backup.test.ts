import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const api = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  person: Person,
  sent: { payload?: object; headers?: Record<string, string> } = {},
) =>
  world.app.inject({
    method,
    url: `/api/v1/${path}`,
    headers: { ...bearer(person), ...sent.headers },
    ...(sent.payload === undefined ? {} : { payload: sent.payload }),
  });

describe('the backup', () => {
  const put = (person: Person, data: unknown, ifMatch?: string) =>
    api('PUT', 'settings/backup', person, {
      payload: { data },
      ...(ifMatch === undefined ? {} : { headers: { 'if-match': ifMatch } }),
    });

  it('the backup is not there at first', async () => {
    const dora = await world.given.user();
    for (const [method, path] of [
      ['GET', 'settings/backup'],
      ['DELETE', 'settings/backup'],
      ['POST', 'settings/backup/revisions/1/restore'],
      ['POST', 'settings/backup/revisions/nonsense/restore'],
      ['POST', 'settings/backup/revisions/99999999999/restore'],
    ] as const) {
      const answer = await api(method, path, dora);
      expect([path, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        path,
        404,
        'settings.no_backup',
      ]);
    }
    expect((await api('GET', 'settings/backup/revisions', dora)).json()).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('the backup comes back as it was, with its revision as the ETag', async () => {
    const dora = await world.given.user();
    const data = {
      list: [1, 2.5, null, true],
      'ключ "quoted"': '\u0000 \u{1F600}',
      constructor: 'kept',
      nested: { constructor: 1 },
    };
    const saved = await put(dora, data);
    expect([saved.statusCode, saved.headers.etag]).toEqual([200, '"1"']);
    const read = await api('GET', 'settings/backup', dora);
    expect(read.headers.etag).toBe('"1"');
    expect(read.json()).toEqual({
      revision: 1,
      updatedAt: world.clock.now().toISOString(),
      size: Buffer.byteLength(JSON.stringify(data)),
      data,
    });
  });

  it('the backup keeps the last five revisions, and restores one as a new revision', async () => {
    const dora = await world.given.user();
    for (let n = 1; n <= 7; n++) await put(dora, { n });
    const kept = async () =>
      (await api('GET', 'settings/backup/revisions', dora))
        .json<{ items: { revision: number }[] }>()
        .items.map(({ revision }) => revision);
    expect(await kept()).toEqual([7, 6, 5, 4, 3]);
    expect((await api('POST', 'settings/backup/revisions/2/restore', dora)).statusCode).toBe(404);
    const restored = await api('POST', 'settings/backup/revisions/3/restore', dora);
    expect([restored.statusCode, restored.headers.etag, restored.json()]).toEqual([
      201,
      '"8"',
      expect.objectContaining({ revision: 8 }),
    ]);
    expect((await api('GET', 'settings/backup', dora)).json()).toMatchObject({ revision: 8, data: { n: 3 } });
    expect(await kept()).toEqual([8, 7, 6, 5, 4]);
  });

  it('the backup is restored once by a request that is sent twice with one key', async () => {
    const dora = await world.given.user();
    await put(dora, 'kept');
    const restore = () =>
      api('POST', 'settings/backup/revisions/1/restore', dora, { headers: { 'idempotency-key': 'once' } });
    const answers = await Promise.all([restore(), restore(), restore()]);
    expect(answers.map(({ statusCode, headers }) => [statusCode, headers.etag])).toEqual(
      Array(3).fill([201, '"2"']),
    );
    expect(await world.see.count('settings.backup WHERE user_id = $1', [dora.id])).toBe(2);
  });

  it('the backup is not overwritten, removed or restored over by a person who has not seen the newest', async () => {
    const dora = await world.given.user();
    const stale = { headers: { 'if-match': '"1"' } };
    expect((await put(dora, 'zeroth', '*')).statusCode).toBe(412);
    await put(dora, 'first', '"0"');
    await put(dora, 'second', '"1"');
    const refused = [
      await put(dora, 'third', '"1"'),
      await put(dora, 'third', '"nonsense"'),
      await api('DELETE', 'settings/backup', dora, stale),
      await api('POST', 'settings/backup/revisions/1/restore', dora, stale),
    ];
    for (const answer of refused)
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        412,
        'settings.backup_stale',
      ]);
    expect((await api('GET', 'settings/backup', dora)).json()).toMatchObject({ revision: 2, data: 'second' });
    expect((await put(dora, 'third', '*')).statusCode).toBe(200);
    expect((await put(dora, 'fourth')).statusCode).toBe(200);
  });

  it('the backup of ten writers who saw the same revision, one wins', async () => {
    const dora = await world.given.user();
    await put(dora, 0);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => put(dora, n + 1, '"1"')));
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([200, ...Array<number>(9).fill(412)]);
    expect((await api('GET', 'settings/backup', dora)).json()).toMatchObject({
      revision: 2,
      data: answers.findIndex(({ statusCode }) => statusCode === 200) + 1,
    });
  });

  it('the backup of ten writers who ask for nothing, each gets a revision of its own', async () => {
    const dora = await world.given.user();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => put(dora, n)));
    const revisions = answers.map((answer) => answer.json<{ revision: number }>().revision);
    expect(revisions.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await world.see.count('settings.backup WHERE user_id = $1', [dora.id])).toBe(5);
  });

  it('the backup forgotten is gone with all its revisions, and numbers are not used again', async () => {
    const dora = await world.given.user();
    await put(dora, 'secret');
    expect((await api('DELETE', 'settings/backup', dora)).statusCode).toBe(204);
    expect((await api('GET', 'settings/backup', dora)).statusCode).toBe(404);
    expect((await api('DELETE', 'settings/backup', dora)).statusCode).toBe(404);
    expect(
      await world.see.count(`settings.backup WHERE user_id = $1 AND data::text LIKE '%secret%'`, [dora.id]),
    ).toBe(0);
    expect((await put(dora, 'stale', '"1"')).statusCode).toBe(412);
    expect((await put(dora, 'new')).json<{ revision: number }>().revision).toBeGreaterThan(1);
  });

  it('the backup holds 1 MiB and not a byte more, and nothing that is no value', async () => {
    const dora = await world.given.user();
    expect((await put(dora, 'x'.repeat(1_048_574))).json()).toMatchObject({ size: 1_048_576 });
    const beyond = await put(dora, 'x'.repeat(1_048_575));
    expect([beyond.statusCode, beyond.json<{ code: string }>().code]).toEqual([413, 'request.too_large']);
    for (const payload of [{}, [], { data: null }, { data: 1, more: 2 }])
      expect((await api('PUT', 'settings/backup', dora, { payload })).statusCode).toBe(422);
    expect(await world.see.count('settings.backup WHERE user_id = $1', [dora.id])).toBe(1);
  });

  it('the backup of another person is out of reach', async () => {
    const [dora, emil] = [await world.given.user(), await world.given.user()];
    await put(dora, 'hers');
    expect((await api('GET', 'settings/backup', emil)).statusCode).toBe(404);
    expect((await api('POST', 'settings/backup/revisions/1/restore', emil)).statusCode).toBe(404);
    await put(emil, 'his');
    expect((await api('GET', 'settings/backup', dora)).json()).toMatchObject({ data: 'hers' });
  });

  it('the backup nested deeper than anybody needs is refused, not a fault of our own', async () => {
    const dora = await world.given.user();
    const answer = await world.app.inject({
      method: 'PUT',
      url: '/api/v1/settings/backup',
      headers: { ...bearer(dora), 'content-type': 'application/json' },
      payload: `{"data":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    });
    expect(answer.statusCode).toBe(422);
    const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
    expect((await put(dora, JSON.parse(deep))).statusCode).toBe(200);
  });
});
