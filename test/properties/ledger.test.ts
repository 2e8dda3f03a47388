import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CreditService } from '../../src/credit/credit.service.js';
import type { Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

const operator = { reason: 'a property', actor: { kind: 'operator' as const } };

/** Random histories through the real service, on a clock that also runs backwards: the books always equal their replay. */
let world: World;
let people: Person[];
beforeAll(async () => {
  world = await createWorld();
  people = [await world.given.user(), await world.given.user(), await world.given.user()];
});
afterAll(() => world.close());

type Step =
  | { do: 'wait'; hours: number }
  | { do: 'grant'; who: number; days: number }
  | { do: 'reward'; referrer: number; referred: number }
  | { do: 'revoke' | 'reverse' | 'restore'; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: -50, max: 900 }) }),
  fc.record({ do: fc.constant('grant' as const), who: fc.nat(2), days: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ do: fc.constant('reward' as const), referrer: fc.nat(2), referred: fc.nat(2) }),
  fc.record({
    do: fc.constantFrom('revoke' as const, 'reverse' as const, 'restore' as const),
    which: fc.nat(6),
  }),
);

it('any history of grants, rewards, reversals and restorations, also at once, replays to what is stored', async () => {
  const credit = world.app.get(CreditService, { strict: false });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
      async (rounds) => {
        const grants: string[] = [];
        const conversions: string[] = [];
        const take = async (one: Step): Promise<void> => {
          if (one.do === 'wait') return world.clock.advance(one.hours * 3_600_000);
          await world.database.transaction(async (tx) => {
            if (one.do === 'grant') {
              const line = await credit.grantByHand(tx, personAt(one.who).id, one.days, operator);
              grants.push(line.id);
            } else if (one.do === 'reward') {
              const conversionId = randomUUID();
              const sides = [{ side: 'referred' as const, userId: personAt(one.referred).id, days: 45 }];
              const both =
                one.referrer === one.referred
                  ? sides
                  : [{ side: 'referrer' as const, userId: personAt(one.referrer).id, days: 45 }, ...sides];
              await credit.grantRewards(tx, { conversionId, referralId: randomUUID() }, both);
              conversions.push(conversionId);
            } else if (one.do === 'revoke' && grants[one.which] !== undefined)
              await credit.revokeByHand(tx, grants[one.which] as string, operator);
            else if (one.do === 'reverse' && conversions[one.which] !== undefined)
              await credit.reverseRewards(tx, conversions[one.which] as string);
            else if (one.do === 'restore' && conversions[one.which] !== undefined)
              await credit.restoreRewards(tx, conversions[one.which] as string);
          });
        };
        for (const round of rounds) await Promise.all(round.map(take));
        expect(await world.see.discrepancies()).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
  expect(await world.see.count('credit.entry')).toBeGreaterThan(100);
}, 120_000);

it('history cannot be rewritten, not even by hand', async () => {
  for (const table of ['credit.entry', 'platform.audit', 'referral.terms'])
    await expect(world.sql.query(`DELETE FROM ${table}`)).rejects.toThrow(/append-only/);
  await expect(world.sql.query(`UPDATE credit.entry SET length_ms = length_ms + 1`)).rejects.toThrow(
    /append-only/,
  );
  await expect(world.sql.query(`TRUNCATE credit.entry CASCADE`)).rejects.toThrow(/append-only/);
});

it('an account that was tampered with is found', async () => {
  await world.sql.query(`UPDATE credit.account SET until = until + interval '1 day' WHERE user_id = $1`, [
    personAt(0).id,
  ]);
  expect(await world.see.discrepancies()).toEqual([
    expect.stringMatching(/^the account says until .*, its ledger says /),
  ]);
});

function personAt(index: number): Person {
  return people[index] as Person;
}
