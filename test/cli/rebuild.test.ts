import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Rebuilt {
  dryRun: boolean;
  rebuilt: number;
  contradicted: number;
  findings: { userId: string; of: string; contradiction?: string }[];
}

let cli: CliWorld;
let anna: Person;
let bert: Person;
beforeEach(async () => {
  cli = await createCliWorld();
  anna = await cli.given.user();
  bert = await cli.given.userInvitedBy(anna);
  await cli.when.pays(bert);
});
afterEach(() => cli.close());

/** What is derived, and the history that it is derived from. */
async function state(): Promise<unknown[]> {
  const texts = [
    `SELECT * FROM credit.account ORDER BY user_id`,
    // the revision rises with every repair
    `SELECT to_jsonb(a) - 'revision' AS account FROM billing.account a ORDER BY user_id`,
    `SELECT * FROM credit.entry ORDER BY user_id, seq`,
  ];
  return Promise.all(texts.map(async (text) => (await cli.sql.query(text)).rows as unknown));
}

const rebuildAuditEntries = async (): Promise<unknown[]> =>
  (
    await cli.sql.query(
      `SELECT action, actor_kind, subject_id FROM platform.audit WHERE (action = 'billing.account_repaired' OR action LIKE '%.rebuilt') ORDER BY action, subject_id`,
    )
  ).rows;

it('accounts that are right stay as they are', async () => {
  const before = await state();
  const { exitCode, stdout } = await cli.run('rebuild');
  expect(stdout).toContain('Nothing to rebuild');
  expect(exitCode).toBe(0);
  expect(await state()).toEqual(before);
  expect(await rebuildAuditEntries()).toEqual([]);
});

it.each([
  ['how far credit reaches', `UPDATE credit.account SET until = until + interval '1 day'`, 'credit', 2],
  [
    'credit that was lost',
    `UPDATE credit.account SET until = NULL, last_seq = 0, last_at = NULL`,
    'credit',
    2,
  ],
  [
    'when the last line was written',
    `UPDATE credit.account SET last_at = last_at - interval '1 h'`,
    'credit',
    2,
  ],
  ['a tier', `UPDATE billing.account SET tier = 'free', tier_expires_at = NULL`, 'tier', 1],
  ['a paid period', `UPDATE billing.account SET paid_through = paid_through - interval '9 days'`, 'tier', 1],
  ['a first payment', `UPDATE billing.account SET first_paid_at = NULL`, 'tier', 1],
])('%s comes back from history, and a dry run only says so', async (_what, tampering, of, count) => {
  const before = await state();
  await cli.sql.query(tampering);
  const tampered = await state();
  expect(tampered).not.toEqual(before);

  const dry = await cli.runJson<Rebuilt>('rebuild', '--dry-run');
  expect(dry).toMatchObject({ exitCode: 0, json: { dryRun: true, rebuilt: count, contradicted: 0 } });
  expect(await state()).toEqual(tampered);

  const done = await cli.runJson<Rebuilt>('rebuild');
  expect(done).toMatchObject({ exitCode: 0, json: { dryRun: false, rebuilt: count } });
  expect(done.json.findings).toEqual(dry.json.findings);
  expect(new Set(done.json.findings.map((finding) => finding.of))).toEqual(new Set([of]));
  expect(await state()).toEqual(before);
  expect(await rebuildAuditEntries()).toHaveLength(count);
  expect((await cli.run('verify')).exitCode).toBe(0);
});

it('two at once write each account once', async () => {
  const before = await state();
  await cli.sql.query(`UPDATE credit.account SET until = NULL`);
  const both = await Promise.all([cli.runJson<Rebuilt>('rebuild'), cli.runJson<Rebuilt>('rebuild')]);
  expect(both.map(({ json }) => json.rebuilt).reduce((a, b) => a + b)).toBe(2);
  expect(await state()).toEqual(before);
  expect(await rebuildAuditEntries()).toHaveLength(2);
});

it('a history that contradicts itself is reported, and its account left alone', async () => {
  const client = await cli.sql.connect();
  await client.query(`SET session_replication_role = replica`); // past the triggers that forbid it
  await client.query(
    `UPDATE credit.entry SET until_after = until_after + interval '1 h' WHERE user_id = $1`,
    [anna.id],
  );
  await client.query(`SET session_replication_role = DEFAULT`);
  client.release();
  await cli.sql.query(`UPDATE credit.account SET until = NULL`);
  const { exitCode, json } = await cli.runJson<Rebuilt>('rebuild');
  expect(exitCode).toBe(1);
  expect(json).toMatchObject({ rebuilt: 1, contradicted: 1 });
  expect(json.findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ userId: anna.id, contradiction: expect.stringContaining('reaches until') }),
      expect.objectContaining({ userId: bert.id, of: 'credit' }),
    ]),
  );
  const { rows } = await cli.sql.query(`SELECT until FROM credit.account WHERE user_id = $1`, [anna.id]);
  expect(rows).toEqual([{ until: null }]);
});
