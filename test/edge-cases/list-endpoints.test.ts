import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';

let stand: SandboxWorld;
let root: Person;
let lists: string[];
beforeAll(async () => {
  stand = await createSandboxWorld();
  root = await stand.world.given.user({ role: 'admin' });
  lists = await listRoutes();
});
afterAll(() => stand.close());

const ask = (url: string) => stand.world.app.inject({ url, headers: bearer(root) });

/** Every GET of the API that answers `items`, or a bare list, found by asking each of them. */
async function listRoutes(): Promise<string[]> {
  const { paths } = (await ask('/api/openapi.json')).json<{ paths: Record<string, object> }>();
  const found: string[] = [];
  for (const [path, operations] of Object.entries(paths)) {
    if (!('get' in operations) || !path.startsWith('/api/v1/')) continue;
    const url = path.replaceAll(/\{[^}]+\}/g, root.id);
    const answer = await ask(url);
    if (!String(answer.headers['content-type']).startsWith('application/json')) continue;
    const body = answer.json<object | null>();
    if (Array.isArray(body) || (body !== null && 'items' in body)) found.push(url);
  }
  return found;
}

const cursorOf = (key: string) => Buffer.from(key).toString('base64url');

describe('a list of the API', () => {
  it('a list of the API is found on many routes', () => {
    expect(lists.length).toBeGreaterThanOrEqual(12);
    for (const url of [
      '/api/v1/billing/plans',
      '/api/v1/referral/codes',
      '/api/v1/settings/backup/revisions',
    ])
      expect(lists).toContain(url);
  });

  it('a list of the API answers items and nextCursor, which is null on the last page', async () => {
    for (const url of lists) {
      const page = (await ask(`${url}?limit=100`)).json<Record<string, unknown>>();
      expect([url, Object.keys(page).toSorted()]).toEqual([url, ['items', 'nextCursor']]);
      expect([url, page['items'], page['nextCursor']]).toEqual([url, expect.any(Array), null]);
    }
  });

  it('a list of the API refuses a limit that is no whole number from 1 to 100 with 422', async () => {
    for (const limit of ['0', '101', '-1', '1.5', 'many', '1e9', '9'.repeat(400), '', '%00', '1&limit=2'])
      for (const url of lists)
        expect([url, limit, (await ask(`${url}?limit=${limit}`)).statusCode]).toEqual([url, limit, 422]);
  });

  it('a list of the API refuses a cursor that is not its own with 422', async () => {
    const keys = [
      ...['', '-1', '9'.repeat(30), '01890000-0000-7000-8000-00000000000', "' OR true --"],
      ...['2026-99-99T99:99:99.999Z evt_x', '2026-02-30T00:00:00.000Z evt_x'],
      ...['0000-01-01T00:00:00.000Z evt_x', '2026-01-01T00:00:00.000Z evt_\u0000'],
    ];
    for (const cursor of ['x', '', '%00', 'A'.repeat(201), ...keys.map(cursorOf)])
      for (const url of lists)
        expect([url, cursor, (await ask(`${url}?cursor=${cursor}`)).statusCode]).toEqual([url, cursor, 422]);
  });

  it('a list of the API refuses a field that it does not know with 422', async () => {
    for (const url of lists) expect([url, (await ask(`${url}?page=2`)).statusCode]).toEqual([url, 422]);
  });

  it('a list of the API goes on where the page before ended, and answers each item once', async () => {
    const { given, app } = stand.world;
    for (let version = 0; version < 3; version++) await given.terms({});
    for (let revision = 0; revision < 3; revision++)
      await app.inject({
        method: 'PUT',
        url: '/api/v1/settings/backup',
        headers: bearer(root),
        payload: { data: revision },
      });
    for (const url of lists) {
      const whole = (await ask(`${url}?limit=100`)).json<{ items: unknown[] }>().items;
      const seen: unknown[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const answer = await ask(`${url}?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
        const page = answer.json<{ items: unknown[]; nextCursor: string | null }>();
        expect([url, page.items.length]).toEqual([url, Math.min(1, whole.length)]);
        seen.push(...page.items);
        cursor = page.nextCursor;
      }
      expect([url, seen]).toEqual([url, whole]);
    }
  });
});
