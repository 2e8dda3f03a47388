import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStaff, type Staff } from '../support/staff.js';
import { countTableReads, createWorldWithoutStatistics } from '../support/table-reads.js';
import { storeTotals } from '../support/totals.js';
import type { World } from '../support/world.js';

/** What pages of the console read when there are many people: index entries, not whole tables. */
const people = 20_000;
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorldWithoutStatistics('auto');
  staff = await createStaff(world);
  await fillTables();
  await storeTotals(world);
});
afterAll(() => world.close());

/** People of the last two years, half of them invited, every fourth with a payment and credit. */
async function fillTables(): Promise<void> {
  const client = await world.sql.connect();
  const id = (kind: string, n = 'n') => `('${kind}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
  const time = `$2::timestamptz - n * interval '53 minutes'`;
  const rows = `FROM generate_series(1, $1::integer) n`;
  try {
    await client.query(`SET session_replication_role = replica`);
    for (const sql of [
      `INSERT INTO auth."user" (id, email, external_id, created_at) SELECT ${id('01800000')}, 'person' || n || '@example.org', 'ext-' || n, ${time} ${rows}`,
      `INSERT INTO billing.account (user_id) SELECT ${id('01800000')} ${rows} WHERE $2::timestamptz IS NOT NULL`,
      `INSERT INTO credit.account (user_id, until) SELECT ${id('01800000')}, CASE n % 4 WHEN 0 THEN $2::timestamptz + interval '9 days' END ${rows}`,
      `INSERT INTO referral.code (code, user_id, created_at) SELECT 'CC' || translate(lpad(to_hex(n), 6, '0'), '0123456789abcdef', 'ABCDEFGHJKMNPQRS'), ${id('01800000')}, ${time} ${rows}`,
      `INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at) SELECT 'cus_many' || n, ${id('01800000')}, true, ${time} ${rows}`,
      `INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, digest)
       SELECT 'evt_many' || n, 'invoice.paid', ${time}, ${time}, 'applied', sha256(n::text::bytea) ${rows}`,
      `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at)
       SELECT ${id('01900000')}, ${id('01800000', '1')}, ${id('01800000')}, 'CODE', 1, 'import', 'p', ${time} ${rows} WHERE n % 2 = 0`,
      `INSERT INTO accounts.merge (id, from_user_id, into_user_id, merged_at, actor_kind, note_id, moved_data)
       SELECT ${id('01a00000')}, ${id('01800000')}, ${id('01700000')}, ${time}, 'operator', gen_random_uuid(), '{}' ${rows}`,
      `UPDATE accounts.merge SET undone_at = merged_at, undone_note_id = note_id
       WHERE id IN (SELECT ${id('01a00000')} ${rows} WHERE n % 1000 = 0 AND $2::timestamptz IS NOT NULL)`,
      `INSERT INTO platform.audit (id, at, action, actor_kind, actor_id, subject_id)
       SELECT ('0' || to_hex((extract(epoch FROM ${time}) * 1000)::bigint) || '70008000' || lpad(to_hex(n), 12, '0'))::uuid, ${time},
         CASE n % 9000 WHEN 7 THEN 'terms.published' ELSE 'referral.linked' END, 'user', ${id('01800000', 'n % 3000')}, ${id('01800000')} ${rows}`,
    ])
      await client.query(sql, [people, world.clock.now()]);
  } finally {
    await client.query(`SET session_replication_role = DEFAULT`);
    client.release();
  }
  await world.sql.query(
    `ANALYZE auth."user", billing.account, credit.account, referral.code, billing.customer, billing.inbox, referral.referral, accounts.merge, platform.audit`,
  );
}

it.each([
  ['', 200],
  ['users', 200],
  ['referrals', 200],
  ['users?tier=paid&from=2026-01-01', 200],
  ['users?sort=credit', 200],
  ['users?credit=yes&sort=joined', 200],
  ['referrals?status=held', 200],
  ['referrals?sort=-paid', 200],
  ['referrals?review=waiting', 200],
  ['referrals?status=reversed', 200],
  ['referrals?status=suspended', 200],
  ['programme', 200],
  ['programme/1', 200],
  ['events?type=invoice.none', 200],
  ['events?status=ignored', 200],
  ['merges', 200],
  ['merges?state=undone', 200],
  ['merges?state=standing', 200],
  ['merges?mergedFrom=2025-01-01&mergedUntil=2025-01-07', 200],
  ['merges?mergedUntil=2025-01-01&sort=merged', 200],
  ['audit', 200],
  ['audit?sort=recorded', 200],
  ['audit?actor=person77@example.org', 200],
  ['audit?person=01800000-0000-7000-8000-000000000009', 200],
  ['audit?action=terms.published', 200],
  ['audit?action=referral.linked&from=2026-01-01&until=2026-01-02', 200],
  ['audit?person=person77@example.org&action=terms.published', 200],
  ['audit?from=2026-02-01', 200],
  ['users/01800000-0000-7000-8000-000000000001', 200],
  ['users/01800000-0000-7000-8000-000000000001?kind=credit', 200],
  ['failures', 200],
  ['webhooks/deliveries?status=dead', 200],
  ['referrals/01900000-0000-7000-8000-000000000308/approve', 200],
  ['search?q=person19999@example.org', 303],
  ['search?q=person19999', 200],
  ['search?q=cus_many777', 303],
  ['search?q=evt_many777', 303],
  ['search?q=ext-777', 303],
  ['search?q=ccaaerbs', 303],
  ['search?q=sub_unknown', 200],
  ['search?q=01800000-0000-7000-8000-000000000309', 303],
  ['search?q=01900000-0000-7000-8000-000000000308', 303],
  ['search?q=01800000-0000-7000-8000-00000000ffff', 200],
])('/admin/%s reads by index, however many people there are', async (path, status) => {
  const open = async () => {
    world.clock.advance(600_000); // beyond every cache
    const answer = await staff.page(path, staff.support);
    expect([path, answer.statusCode]).toEqual([path, status]);
  };
  await open();
  const { inSequence, byIndex } = await countTableReads(world, open);
  expect(inSequence).toBeLessThan(500);
  // an index that no filter limits is a whole table, too
  expect(byIndex).toBeLessThan(path.startsWith('audit') ? 6_000 : 10_000);
});
