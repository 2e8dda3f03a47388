import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Verified {
  ok: boolean;
  counted: { accounts: number; entries: number; conversions: number; referrals: number };
  discrepancies: { userId: string; problem: string }[];
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

it('what really happened is found in order', async () => {
  const { exitCode, json } = await cli.runJson<Verified>('verify');
  expect(json).toEqual({
    ok: true,
    counted: { accounts: 2, entries: 2, conversions: 1, referrals: 1 },
    discrepancies: [],
  });
  expect(exitCode).toBe(0);
});

it.each([
  ['a balance', `UPDATE credit.account SET until = until + interval '1 day'`, 'its ledger gives'],
  ['a length', `UPDATE credit.entry SET duration_ms = duration_ms + 1 WHERE side = 'referrer'`, 'terms say'],
  [
    'a tier',
    `UPDATE billing.account SET tier = 'free', tier_expires_at = NULL`,
    'the account has tier free, its subscriptions give paid',
  ],
  ['the gate', `UPDATE billing.account SET first_paid_at = NULL`, 'first payment'],
  ['a payment', `DELETE FROM billing.invoice`, 'no payment of its newcomer'],
  ['a reward', `DELETE FROM credit.entry WHERE side = 'referrer'`, 'did not credit its referrer'],
  ['the other reward', `DELETE FROM credit.entry WHERE side = 'referred'`, 'did not credit its newcomer'],
  [
    'a reward status',
    `UPDATE referral.reward_status SET flags = '{inquiry}'`,
    'its payment gives granted by',
  ],
  [
    'a refund',
    `INSERT INTO billing.reversal SELECT 're_x', 'refund', NULL, NULL, id, 1000, 'succeeded', now(), now() FROM billing.invoice`,
    'its payment gives reversed by',
  ],
  ['a lost reward status', `DELETE FROM referral.reward_status`, 'has no reward status'],
  [
    'a state',
    `UPDATE referral.reward_status SET state = 'reversed', reasons = '{manual}'`,
    'its last entry is a referral_',
  ],
  ['a conversion', `DELETE FROM referral.conversion`, 'conversion that does not exist'],
])('%s that was tampered with is found', async (_what, tampering, problem) => {
  const client = await cli.sql.connect();
  await client.query(`SET session_replication_role = replica`); // past the triggers that forbid it
  await client.query(tampering);
  await client.query(`SET session_replication_role = DEFAULT`);
  client.release();
  const { exitCode, json } = await cli.runJson<Verified>('verify');
  expect(exitCode).toBe(1);
  expect(json.ok).toBe(false);
  expect(json.discrepancies.map((found) => found.problem).join('\n')).toContain(problem);
  for (const { userId } of json.discrepancies) expect([anna.id, bert.id]).toContain(userId);
});
