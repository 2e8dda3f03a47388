import { afterAll, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Merge } from '../../src/accounts/merge/merges.repository.js';
import { accountOperations, type AccountOperations } from '../accounts/account-operations.js';
import { refundEvents, subscriptionEndedEvent } from '../accounts/refund-events.js';
import type { Person } from '../support/given.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/**
 * Random lives: people invite, pay, get their money back, turn out to be one another, turn out not
 * to be, and leave. The ledger stay whole, merging and parting neither make nor lose a millisecond,
 * and no other person's credit moves by them.
 */
let world: World;
let operations: AccountOperations;
beforeAll(async () => {
  world = await createWorld();
  operations = accountOperations(world);
});
afterAll(() => world.close());

type Step =
  | { do: 'invite'; by: number }
  | { do: 'pay' | 'refund' | 'unrefund' | 'end' | 'erase'; who: number }
  | { do: 'merge'; from: number; into: number }
  | { do: 'undo'; which: number }
  | { do: 'wait'; days: number };

const who = fc.nat(11);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('invite' as const), by: who }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'pay' as const,
        'pay' as const,
        'refund' as const,
        'unrefund' as const,
        'end' as const,
      ),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('merge' as const), from: who, into: who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('undo' as const), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 25 }) }),
  },
);

it('any order of merges, their undoing, payments, refunds and leaving keeps the ledger whole', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 22 }), async (steps) => {
      const accountHistory = new AccountHistory(seen);
      await accountHistory.begin();
      for (const one of steps) await accountHistory.apply(one);
      expect(await world.see.discrepancies()).toEqual([]);
      expect(await rewardsBeyondOnePerPerson()).toBe(0);
    }),
    { numRuns: 30 },
  );
  for (const deed of ['merge', 'undo', 'erase', 'refund'])
    expect([deed, seen.get(deed) ?? 0]).not.toEqual([deed, 0]);
});

/**
 * Newcomers' rewards that were made after their person had one: the only ones that may double are
 * those that both had before a merge.
 */
async function rewardsBeyondOnePerPerson(): Promise<number> {
  return world.see.count(
    `referral.conversion late JOIN referral.conversion early
       ON platform.current_account_of(early.referred_id) = platform.current_account_of(late.referred_id) AND early.id < late.id
     JOIN accounts.merge m ON m.undone_at IS NULL AND m.merged_at < late.converted_at
       AND ((m.from_user_id, m.into_user_id) = (early.referred_id, late.referred_id)
         OR (m.into_user_id, m.from_user_id) = (early.referred_id, late.referred_id))`,
  );
}

class AccountHistory {
  private readonly people: Person[] = [];
  private readonly paid = new Map<string, StripeEvent>();
  private readonly refunds = new Map<string, ReturnType<typeof refundEvents>>();
  private readonly merges: Merge[] = [];

  constructor(private readonly seen: Map<string, number>) {}

  async begin(): Promise<void> {
    for (let index = 0; index < 3; index++) this.people.push(await world.given.user());
  }

  async apply(one: Step): Promise<void> {
    const before = await this.credit();
    const conversions = await world.see.count('referral.conversion');
    const isDone = await this.tryStep(one);
    if (!isDone) return;
    this.seen.set(one.do, (this.seen.get(one.do) ?? 0) + 1);
    // apart again, a payment that was made meanwhile may be the first of the account that had been
    // invited
    if ((await world.see.count('referral.conversion')) > conversions) return;
    const after = await this.credit();
    if (one.do === 'merge' || one.do === 'undo') expect(sumOf(after)).toBe(sumOf(before));
    const touched = this.touchedBy(one);
    if (touched !== null)
      for (const [id, days] of before)
        if (!touched.includes(id)) expect([id, after.get(id)]).toEqual([id, days]);
  }

  /** False where it was refused by our own rules. */
  private async tryStep(one: Step): Promise<boolean> {
    try {
      return await this.runStep(one);
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(
        /^(accounts\.|auth\.still_charged|request\.not_found)/,
      );
      return false;
    }
  }

  private async runStep(one: Step): Promise<boolean> {
    const { when } = world;
    switch (one.do) {
      case 'invite':
        return this.invite(this.at(one.by));
      case 'pay': {
        const paid = when.invoicePaid(this.at(one.who));
        await when.stripeSends(paid);
        if (!this.paid.has(this.at(one.who).id)) this.paid.set(this.at(one.who).id, paid);
        world.clock.advance(1_000);
        return true;
      }
      case 'refund':
      case 'unrefund':
        return this.refund(this.at(one.who), one.do);
      case 'end':
        await when.stripeSends(subscriptionEndedEvent(this.at(one.who), when.seconds));
        return true;
      case 'erase':
        await operations.erase(this.at(one.who));
        return true;
      case 'merge':
        this.merges.push(await operations.merge(this.at(one.from), this.at(one.into)));
        return true;
      case 'undo': {
        const merge = this.merges[one.which % Math.max(1, this.merges.length)];
        if (merge !== undefined) await operations.undo(merge);
        return merge !== undefined;
      }
      default:
        world.clock.advance(one.days * 86_400_000);
        return true;
    }
  }

  private async invite(by: Person): Promise<boolean> {
    const { rows } = await world.sql.query<{ code: string }>(
      `SELECT code FROM referral.code WHERE user_id = $1 AND retired_at IS NULL`,
      [by.id],
    );
    const { rows: alive } = await world.sql.query(`SELECT 1 FROM auth.session WHERE user_id = $1`, [by.id]);
    const ref = rows[0]?.code ?? (alive.length > 0 ? await world.given.referralCodeOf(by) : undefined);
    this.people.push(await world.given.user(ref === undefined ? {} : { ref }));
    return true;
  }

  private async refund({ id }: Person, deed: 'refund' | 'unrefund'): Promise<boolean> {
    const paid = this.paid.get(id);
    if (paid === undefined) return false;
    const back = this.refunds.get(id) ?? refundEvents(paid, world.when.seconds);
    this.refunds.set(id, back);
    for (const sent of deed === 'refund' ? back.refunded : [back.failed]) await world.when.stripeSends(sent);
    return true;
  }

  private at(index: number): Person {
    return this.people[index % this.people.length] as Person;
  }

  /** Whose credit a step may move; null: anybody's. */
  private touchedBy(one: Step): string[] | null {
    if (one.do === 'merge') return [this.at(one.from).id, this.at(one.into).id];
    if (one.do === 'erase') return [];
    if (one.do !== 'undo') return null;
    const merge = this.merges[one.which % this.merges.length];
    return merge === undefined ? [] : [merge.fromUserId, merge.intoUserId];
  }

  /** Milliseconds ahead, by account. */
  private async credit(): Promise<Map<string, number>> {
    const now = world.clock.now().getTime();
    const { rows } = await world.sql.query<{ user_id: string; until: Date | null }>(
      `SELECT user_id, until FROM credit.account`,
    );
    return new Map(rows.map(({ user_id, until }) => [user_id, Math.max(0, (until?.getTime() ?? 0) - now)]));
  }
}

function sumOf(credit: Map<string, number>): number {
  return [...credit.values()].reduce((sum, ms) => sum + ms, 0);
}
