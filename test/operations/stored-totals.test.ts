import { afterAll, beforeAll, expect, it } from 'vitest';
import { VerificationService } from '../../src/integrity/index.js';
import { storeTotals } from '../support/totals.js';
import { createWorld, type World } from '../support/world.js';

/** Verification counts some days of the stored totals again. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.when.pays(await world.given.userInvitedBy(await world.given.user()));
  await world.sql.query(
    `INSERT INTO auth."user" (id, email, created_at)
     SELECT gen_random_uuid(), 'many' || n || '@example.org', '2026-10-01' FROM generate_series(1, 1001) n`,
  );
  world.clock.advance(2 * 86_400_000);
  await storeTotals(world);
});
afterAll(() => world.close());

const verify = async () => {
  const { discrepancies } = await world.app.get(VerificationService, { strict: false }).run();
  return discrepancies.map(({ userId, problem }) => [userId, problem]);
};
const storedSignUps = async () => {
  const { rows } = await world.sql.query<{ n: number }>(
    `SELECT sum(signed_up)::integer AS n FROM admin.activity_totals`,
  );
  return rows[0]?.n;
};

it('stored totals that equal a recount are right, and are stored again where something was added since', async () => {
  expect(await verify()).toEqual([]);
  const before = await storedSignUps();
  await world.sql.query(
    `INSERT INTO auth."user" (id, email, created_at) VALUES (gen_random_uuid(), 'late@example.org', '2026-10-01T12:00Z')`,
  );
  expect(await verify()).toEqual([]);
  expect(await storedSignUps()).toBe((before ?? 0) + 1);
});

it('stored totals that add up wrong are found', async () => {
  const { rows } = await world.sql.query<{ body: string }>(
    `SELECT pg_get_functiondef('admin.activity_totals_at(timestamptz)'::regprocedure) AS body`,
  );
  const body = rows[0]?.body ?? '';
  const wrong = body.replace('sum(happened.converted)::integer', '(3 * sum(happened.converted))::integer');
  expect(wrong).not.toBe(body);
  await world.sql.query(wrong);
  await storeTotals(world);
  expect(await verify()).toEqual([
    [null, 'the stored totals of 2026-11-01 (UTC) hold 3 for conversions, a recount gives 1'],
  ]);
  await world.sql.query(body);
  await storeTotals(world);
  expect(await verify()).toEqual([]);
});

it('stored days that are not the sum of their quarters of an hour are found', async () => {
  await world.sql.query(`DROP MATERIALIZED VIEW admin.payment_totals_by_days`);
  await world.sql.query(
    `CREATE MATERIALIZED VIEW admin.payment_totals_by_days AS
     SELECT d.days, date_bin(d.days * interval '1 day', at, '2000-01-01T00:00:00Z') AS at, currency, sum(payments)::integer + d.days AS payments,
       sum(amount)::bigint AS amount, sum(seconds)::bigint AS seconds
     FROM admin.payment_totals, (VALUES (1), (32)) d (days) GROUP BY 1, 2, 3`,
  );
  await world.sql.query(`CREATE UNIQUE INDEX ON admin.payment_totals_by_days (days, at, currency)`);
  const found = (await verify()).map(([, problem]) => problem);
  expect(found).toEqual([
    'the stored totals of 2026-11-01 (UTC) hold 2 for payment_totals.payments of the day, a recount gives 1',
    'the stored totals of 2026-11-01 (UTC) hold 33 for payment_totals.payments of its 32 days, a recount gives 2',
  ]);
});
