import { afterAll, beforeAll, expect, it } from 'vitest';
import { TotalsStore } from '../../src/admin/index.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

/** Before totals are stored for the first time, no page shows zeros in their place. */
let world: World;
let staff: Staff;
let store: TotalsStore;
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
  store = world.app.get(TotalsStore, { strict: false });
});
afterAll(() => world.close());

const statusOf = async (path: string) => (await staff.page(path, staff.admin)).statusCode;

async function expectNothingStored(): Promise<void> {
  const stats = await staff.page('stats', staff.admin);
  expect(stats.statusCode).toBe(503);
  expect(stats.body).toContain('still being added up');
  const answer = await staff.api('GET', 'stats', staff.admin);
  expect([answer.statusCode, answer.json().code]).toEqual([503, 'stats.not_stored']);
  expect(answer.headers['retry-after']).toBe('60');
  expect((await staff.page('stats/series.csv?days=7', staff.admin)).statusCode).toBe(503);
  expect((await staff.page('programme', staff.admin)).body).toContain('still being added up');
  expect((await staff.page('programme/1', staff.admin)).body).toContain('still being added up');
  expect((await staff.api('GET', 'programme/terms/1', staff.admin)).json().usage).toBeNull();
}

it('pages say that totals are not stored yet, until the task of every minute has stored them', async () => {
  await store.refreshIfLarge('statistics');
  expect(await statusOf('stats')).toBe(200);
  await world.sql.query(
    `INSERT INTO auth."user" (id, email, created_at)
     SELECT gen_random_uuid(), 'many' || n || '@example.org', '2026-10-01' FROM generate_series(1, 1001) n`,
  );
  await expectNothingStored();
  expect((await staff.page('', staff.admin)).body).toContain('being added up');
  await store.refreshMissing();
  const stats = (await staff.api('GET', 'stats?from=2026-10-01&to=2026-10-02', staff.admin)).json();
  expect(stats.funnel.signedUp).toBe(1001);
  expect((await staff.page('programme', staff.admin)).body).not.toContain('still being added up');
  expect((await staff.page('', staff.admin)).body).not.toContain('being added up');
});

it('what an upgrade adds counts as not stored, until it is filled', async () => {
  await world.sql.query(`REFRESH MATERIALIZED VIEW admin.terms_totals WITH NO DATA`);
  await expectNothingStored();
  await store.refreshMissing();
  expect(await statusOf('stats')).toBe(200);
  expect(await statusOf('programme')).toBe(200);
});
