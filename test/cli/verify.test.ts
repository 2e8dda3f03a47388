import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import type { CommandResult } from './run-twofold.js';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Verified {
  ok: boolean;
  counted: { accounts: number; entries: number; conversions: number; referrals: number };
  discrepancies: { userId: string; problem: string }[];
}

/** Referrer `$1` and referred user `$2`. */
const pair = `IN ($1::uuid, $2::uuid)`;
const conversionOfPair = `(SELECT id FROM referral.conversion WHERE referred_id ${pair})`;

/** What is tampered with, by which statement, and what the check says. */
const tamperings: [what: string, sql: string, problem: string][] = [
  [
    'a balance',
    `UPDATE credit.account SET until = until + interval '1 day' WHERE user_id ${pair}`,
    'its ledger gives',
  ],
  [
    'a length',
    `UPDATE credit.entry SET duration_ms = duration_ms + 1 WHERE side = 'referrer' AND user_id ${pair}`,
    'terms say',
  ],
  [
    'a tier',
    `UPDATE billing.account SET tier = 'free', tier_expires_at = NULL WHERE user_id ${pair}`,
    'the account has tier free, its subscriptions give paid',
  ],
  ['the gate', `UPDATE billing.account SET first_paid_at = NULL WHERE user_id ${pair}`, 'first payment'],
  ['a payment', `DELETE FROM billing.invoice WHERE user_id ${pair}`, 'no payment of its referred user'],
  [
    'a reward',
    `DELETE FROM credit.entry WHERE side = 'referrer' AND user_id ${pair}`,
    'did not credit its referrer',
  ],
  [
    'the other reward',
    `DELETE FROM credit.entry WHERE side = 'referred' AND user_id ${pair}`,
    'did not credit its referred user',
  ],
  [
    'a reward status',
    `UPDATE referral.reward_status SET flags = '{inquiry}' WHERE conversion_id IN ${conversionOfPair}`,
    'its payment gives granted by',
  ],
  [
    'a refund',
    `INSERT INTO billing.reversal SELECT 're_x', 'refund', NULL, NULL, id, 1000, 'succeeded', now(), now()
     FROM billing.invoice WHERE user_id ${pair}`,
    'its payment gives reversed by',
  ],
  [
    'a lost reward status',
    `DELETE FROM referral.reward_status WHERE conversion_id IN ${conversionOfPair}`,
    'has no reward status',
  ],
  [
    'a state',
    `UPDATE referral.reward_status SET state = 'reversed', reasons = '{manual}'
     WHERE conversion_id IN ${conversionOfPair}`,
    'its last entry is a referral_',
  ],
  [
    'a conversion',
    `DELETE FROM referral.conversion WHERE referred_id ${pair}`,
    'conversion that does not exist',
  ],
];

/**
 * Each tampering has a referrer and a referred user of its own, so one run of the command shows
 * them all.
 */
let cli: CliWorld;
let untouched: { exitCode: CommandResult['exitCode']; json: Verified };
let tampered: typeof untouched;
const pairs = new Map<string, [Person, Person]>();
beforeAll(async () => {
  cli = await createCliWorld();
  for (const [what] of tamperings) {
    const anna = await cli.given.user();
    const bert = await cli.given.userInvitedBy(anna);
    await cli.when.pays(bert);
    pairs.set(what, [anna, bert]);
  }
  untouched = await cli.runJson<Verified>('verify');
  const client = await cli.sql.connect();
  await client.query(`SET session_replication_role = replica`); // past the triggers that forbid it
  for (const [what, sql] of tamperings) {
    const { rowCount } = await client.query(
      sql,
      pairs.get(what)?.map(({ id }) => id),
    );
    expect([what, rowCount]).not.toEqual([what, 0]);
  }
  await client.query(`SET session_replication_role = DEFAULT`);
  client.release();
  tampered = await cli.runJson<Verified>('verify');
});
afterAll(() => cli.close());

it('what really happened is found in order', () => {
  expect(untouched).toEqual({
    exitCode: 0,
    json: {
      ok: true,
      counted: {
        accounts: 2 * tamperings.length,
        entries: 2 * tamperings.length,
        conversions: tamperings.length,
        referrals: tamperings.length,
      },
      discrepancies: [],
    },
  });
});

it('the command fails when something was tampered with', () => {
  expect([tampered.exitCode, tampered.json.ok]).toEqual([1, false]);
});

it.each(tamperings)('%s that was tampered with is found', (what, _sql, problem) => {
  const people = pairs.get(what)?.map(({ id }) => id) ?? [];
  const found = tampered.json.discrepancies.filter(({ userId }) => people.includes(userId));
  expect(found.map((each) => each.problem).join('\n')).toContain(problem);
});
