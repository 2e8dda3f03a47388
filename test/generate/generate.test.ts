import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generate } from '../../bin/generate/generate.mjs';
import { VerificationService } from '../../src/integrity/index.js';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { createWorld, worldStart, type World } from '../support/world.js';

const until = new Date('2026-11-01T00:00:00Z');
const command = resolve(import.meta.dirname, '../../bin/generate.mjs');
const open: TestDatabase[] = [];
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await world.close();
  for (const database of open) await database.drop();
});

/** What is written for so many people in a new database, as one digest for each table. */
async function digestsOf(users: number, seed: number): Promise<Record<string, string>> {
  const database = await createMigratedDatabase();
  open.push(database);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await generate(client, { users, seed, until });
  const digests: Record<string, string> = {};
  for (const table of [
    'auth."user"',
    'referral.referral',
    'billing.invoice',
    'credit.entry',
    ...['platform.audit', 'referral.channel_click', 'accounts.merge', 'webhooks.delivery'],
  ])
    digests[table] =
      (
        await client.query<{ digest: string }>(
          `SELECT md5(string_agg(own::text, '' ORDER BY own::text)) AS digest FROM ${table} own`,
        )
      ).rows[0]?.digest ?? '';
  await client.end();
  return digests;
}

it('generated data passes the check of the ledger, and every kind of it is there', async () => {
  const client = await world.sql.connect();
  await generate(client, { users: 3_000, until });
  client.release();
  expect(world.clock.now()).toEqual(worldStart);
  const { discrepancies } = await world.app.get(VerificationService, { strict: false }).run();
  expect(discrepancies).toEqual([]);
  const count = async (rows: string) =>
    Number((await world.sql.query<{ n: string }>(`SELECT count(*) AS n FROM ${rows}`)).rows[0]?.n);
  expect(await count(`auth."user"`)).toBe(3_000);
  for (const rows of [
    ...['referral.referral', 'referral.link_click', 'referral.fraud_rule_hit', 'platform.audit'],
    ...[
      'referral.channel_click',
      'referral.invite_note',
      'referral.milestone',
      'referral.reward_reservation',
    ],
    ...['referral.scheduled_decision', 'referral.terms WHERE cap_conversions > 0 AND budget_days > 0'],
    ...['platform.merged_account', 'accounts.merge WHERE undone_at IS NOT NULL', 'auth.api_key'],
    ...['webhooks.endpoint', 'webhooks.event'],
    ...['delivered', 'dead'].map((status) => `webhooks.delivery WHERE status = '${status}'`),
    ...['admin', 'operator', 'stripe', 'user'].map((kind) => `platform.audit WHERE actor_kind = '${kind}'`),
    ...['notifications.email_delivery', 'billing.inbox_payload RIGHT JOIN billing.inbox USING (event_id)'],
    ...['granted', 'held', 'reversed'].map((state) => `referral.reward_status WHERE state = '${state}'`),
    ...['refund', 'dispute'].map((kind) => `billing.reversal WHERE kind = '${kind}'`),
    ...['referral_referrer', 'reversal', 'restoration', 'admin_grant', 'milestone'].map(
      (kind) => `credit.entry WHERE kind = '${kind}'`,
    ),
    ...['active', 'past_due', 'canceled'].map((status) => `billing.subscription WHERE status = '${status}'`),
    ...['approved', 'rejected'].map((decision) => `referral.review WHERE decision = '${decision}'`),
    ...['applied', 'parked', 'dead'].map((status) => `billing.inbox WHERE status = '${status}'`),
  ])
    expect([rows, await count(rows)]).toEqual([rows, expect.toSatisfy((n: number) => n > 0)]);
});

it('the same seed generates the same data, another one other data', async () => {
  const [one, same, other] = [await digestsOf(500, 7), await digestsOf(500, 7), await digestsOf(500, 8)];
  expect(same).toEqual(one);
  for (const [table, digest] of Object.entries(other))
    expect([table, digest]).not.toEqual([table, one[table]]);
});

it('a database with people is left alone', async () => {
  const database = await createMigratedDatabase();
  open.push(database);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `INSERT INTO auth."user" (id, email, created_at) VALUES (gen_random_uuid(), 'anna@example.org', now())`,
  );
  const run = (...options: string[]) =>
    spawnSync(process.execPath, [command, '--users', '50', ...options], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: database.url,
        SECRET_KEY: 'a-secret-key-that-only-the-tests-know',
      },
    });
  const refused = run();
  expect(refused.stderr).toContain('There are people in this database');
  expect(refused.status).toBe(2);
  const allowed = run('--beside-people');
  expect([allowed.status, allowed.stdout]).toEqual([0, expect.stringContaining('50 people with seed 1')]);
  expect((await client.query(`SELECT FROM auth."user"`)).rowCount).toBe(51);
  expect(run('--beside-people').stderr).toContain('terms of its own');
  expect(run('--users', 'many').status).toBe(2);
  await client.end();
});
