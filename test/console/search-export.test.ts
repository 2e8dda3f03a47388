import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStaff, type Staff } from '../support/staff.js';
import { countTableReads, createWorldWithoutStatistics } from '../support/table-reads.js';
import type { World } from '../support/world.js';

let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorldWithoutStatistics('auto');
  staff = await createStaff(world);
});
afterAll(() => world.close());

let people = 0;

/** So many people; the addresses of a third of them hold "third", those of a few "rare". */
async function fillTo(total: number): Promise<void> {
  const client = await world.sql.connect();
  const id = `('01800000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  const rows = `FROM generate_series($1::integer, $2::integer) n`;
  try {
    await client.query(`SET session_replication_role = replica`);
    await client.query(
      `INSERT INTO auth."user" (id, email, created_at)
       SELECT ${id}, CASE WHEN n % 3 = 0 THEN 'third' WHEN n % 5000 = 1 THEN 'rare' ELSE 'person' END || n || '@example.org',
         $3::timestamptz - n * interval '7 minutes' ${rows}`,
      [people + 1, total, world.clock.now()],
    );
    await client.query(`INSERT INTO billing.account (user_id) SELECT ${id} ${rows}`, [people + 1, total]);
    await client.query(`INSERT INTO credit.account (user_id) SELECT ${id} ${rows}`, [people + 1, total]);
  } finally {
    await client.query(`SET session_replication_role = DEFAULT`);
    client.release();
  }
  people = total;
  await world.sql.query(`VACUUM ANALYZE auth."user", billing.account, credit.account`);
}

async function exportOf(query: string): Promise<{ ids: string[]; pages: number }> {
  let ids: string[] = [];
  const { pages } = await countTableReads(world, async () => {
    const { body, statusCode } = await staff.page(`users.csv?query=${query}`, staff.support);
    expect(statusCode).toBe(200);
    ids = body
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0] ?? '');
  });
  return { ids, pages };
}

it('a file of a search reads each person once, whether few or many are found', async () => {
  await fillTo(40_000);
  const [few, rare] = [await exportOf('third'), await exportOf('rare')];
  expect(few.ids).toHaveLength(13_333);
  expect(new Set(few.ids).size).toBe(13_333);
  expect(rare.ids).toHaveLength(5);
  await fillTo(80_000);
  const [many, stillRare] = [await exportOf('third'), await exportOf('rare')];
  const { rows } = await world.sql.query<{ id: string }>(
    `SELECT id FROM auth."user" WHERE email LIKE 'third%' ORDER BY created_at DESC, id DESC`,
  );
  expect(many.ids).toEqual(rows.map(({ id }) => id));
  expect(stillRare.ids).toHaveLength(11);
  expect(few.pages).toBeLessThan(10 * 40_000);
  expect(many.pages).toBeLessThan(10 * 80_000);
  expect(stillRare.pages).toBeLessThan(1_000);
});
