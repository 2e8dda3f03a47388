import { afterAll, beforeAll, expect, it } from 'vitest';
import { consolePages, listPages, type ConsolePage } from '../../bench/console-pages.mjs';
import { generate } from '../../bin/generate/generate.mjs';
import { liveRoutes } from '../security/live-routes.js';
import type { Person } from '../support/given.js';
import { createStaff } from '../support/staff.js';
import { storeTotals } from '../support/totals.js';
import { createWorld, worldStart, type World } from '../support/world.js';

let world: World;
let admin: Person;
let pages: Awaited<ReturnType<typeof consolePages>>;
beforeAll(async () => {
  world = await createWorld();
  const client = await world.sql.connect();
  await generate(client, { users: 6_000, until: worldStart });
  client.release();
  await storeTotals(world);
  ({ admin } = await createStaff(world));
  pages = await consolePages(async (statement) => (await world.sql.query<{ id: string }>(statement)).rows);
});
afterAll(() => world.close());

it('every page and file of the console is measured with many people', () => {
  const routes = liveRoutes(world).filter(
    ({ method, pattern }) => method === 'GET' && /^\/admin(\/|$)/.test(pattern),
  );
  expect(Object.keys(pages).toSorted()).toEqual(routes.map(({ pattern }) => pattern).toSorted());
});

it('each of them opens, with what the address asks for', async () => {
  const answers: [string, number][] = [];
  for (const page of listPages(pages)) answers.push([page.path, (await open(page)).statusCode]);
  expect(answers).toEqual(listPages(pages).map(({ path, status }) => [path, status]));
});

function open({ path: url, fields }: ConsolePage) {
  const headers = { accept: 'text/html', cookie: `tf_session=${admin.token}`, origin: world.config.baseUrl };
  if (fields === null) return world.app.inject({ url, headers });
  return world.app.inject({
    ...{ method: 'POST', url, payload: new URLSearchParams(fields).toString() },
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
  });
}
