import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import { CreditDelivery } from '../../src/credit/delivery/credit-delivery.js';
import { CreditEntryRepository } from '../../src/credit/ledger/credit-entry.repository.js';
import { CreditLedger } from '../../src/credit/ledger/credit-ledger.js';
import { CreditService } from '../../src/credit/credit.service.js';
import { LedgerVerifier } from '../../src/credit/ledger/ledger-verifier.js';
import { remainingMs } from '../../src/credit/ledger/intervals.js';
import { replay } from '../../src/credit/ledger/replay.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { createWorld, type World } from '../support/world.js';

const operator = { reason: 'a property', actor: { kind: 'operator' as const } };

/**
 * Random histories through the real service, on a clock that also runs backwards: the ledger always
 * equals its replay.
 */
let world: World;
let people: { id: string }[];
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Step =
  | { do: 'wait'; hours: number }
  | { do: 'mode'; mode: World['config']['creditDelivery'] }
  | { do: 'grant' | 'refund'; who: number; days: number }
  | { do: 'paid'; who: number; hours: number; covers: [number, number] | null }
  | { do: 'defer'; which: number; hours: number }
  | { do: 'undefer'; which: number; hours: number }
  | { do: 'reward'; referrer: number; referred: number }
  | { do: 'merge'; from: number; into: number }
  | { do: 'part'; which: number }
  | { do: 'revoke' | 'reverse' | 'restore'; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: -50, max: 900 }) }),
  fc.record({
    do: fc.constant('mode' as const),
    mode: fc.constantFrom('overlay' as const, 'after_paid_period' as const, 'defer_billing' as const),
  }),
  fc.record({
    do: fc.constantFrom('grant' as const, 'refund' as const),
    who: fc.nat(2),
    days: fc.integer({ min: 1, max: 90 }),
  }),
  fc.record({
    do: fc.constant('paid' as const),
    who: fc.nat(2),
    hours: fc.integer({ min: -300, max: 1_500 }),
    covers: fc.option(fc.tuple(fc.integer({ min: -900, max: 0 }), fc.integer({ min: 1, max: 900 }))),
  }),
  fc.record({
    do: fc.constantFrom('defer' as const, 'undefer' as const),
    which: fc.nat(6),
    hours: fc.integer({ min: 1, max: 1_500 }),
  }),
  fc.record({ do: fc.constant('merge' as const), from: fc.nat(2), into: fc.nat(2) }),
  fc.record({ do: fc.constant('part' as const), which: fc.nat(2) }),
  fc.record({ do: fc.constant('reward' as const), referrer: fc.nat(2), referred: fc.nat(2) }),
  fc.record({
    do: fc.constantFrom('revoke' as const, 'reverse' as const, 'restore' as const),
    which: fc.nat(6),
  }),
);

it('any history of grants, rewards, paid periods and put-off charges, also at once, replays to what is stored', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
      async (rounds) => {
        const ledgerHistory = new LedgerHistory({ merges: rounds.flat().some((one) => one.do === 'merge') });
        people = await newUsers();
        for (const round of rounds) await Promise.all(round.map((one) => ledgerHistory.apply(one)));
        expect(await discrepancies()).toEqual([]);
      },
    ),
    { numRuns: 150, examples: [[everyKindOfEntry.map((one) => [one])], [merges.map((one) => [one])]] },
  );
  for (const kind of ['shift', 'deferral', 'refund_as_credit', 'reversal', 'restoration', 'transfer'])
    expect([kind, await world.see.count(`credit.entry WHERE kind = $1`, [kind])]).not.toEqual([kind, 0]);
  expect(await world.see.count('credit.entry')).toBeGreaterThan(100);
});

/**
 * Three people whom no history has touched yet: replaying long ones is what would cost the time.
 */
async function newUsers(): Promise<{ id: string }[]> {
  const { rows } = await world.sql.query<{ id: string }>(
    `INSERT INTO auth."user" (id, email, created_at)
     SELECT id, id || '@example.org', $1 FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 3)) AS new RETURNING id`,
    [world.clock.now()],
  );
  return rows;
}

/** Every kind of line once, so that none is left to chance. */
const everyKindOfEntry: Step[] = [
  { do: 'mode', mode: 'after_paid_period' },
  { do: 'paid', who: 0, hours: 700, covers: null },
  { do: 'refund', who: 0, days: 10 },
  { do: 'reward', referrer: 0, referred: 1 },
  { do: 'reverse', which: 0 },
  { do: 'restore', which: 0 },
  { do: 'paid', who: 0, hours: 1_400, covers: [-300, 600] },
  { do: 'defer', which: 0, hours: 2_000 },
  { do: 'undefer', which: 0, hours: 100 },
  { do: 'revoke', which: 0 },
];

/**
 * A reward that is moved, taken where it is, put back where it came from and given back there; and
 * grants that go along.
 */
const merges: Step[] = [
  { do: 'mode', mode: 'overlay' },
  { do: 'grant', who: 0, days: 10 },
  { do: 'reward', referrer: 0, referred: 1 },
  { do: 'merge', from: 0, into: 2 },
  { do: 'reverse', which: 0 },
  { do: 'part', which: 0 },
  { do: 'restore', which: 0 },
  { do: 'merge', from: 0, into: 2 },
  { do: 'merge', from: 2, into: 1 },
  { do: 'revoke', which: 0 },
  { do: 'grant', who: 0, days: 10 },
  { do: 'part', which: 2 },
  { do: 'reverse', which: 0 },
  { do: 'restore', which: 0 },
];

/**
 * What the ledger's own audit finds: these conversions and paid periods have nothing else behind
 * them.
 */
async function discrepancies(): Promise<string[]> {
  const found: string[] = [];
  for await (const { problem } of world.app.get(LedgerVerifier, { strict: false }).findDiscrepancies())
    found.push(problem);
  return found;
}

/** One history: what it has granted, rewarded and put off so far. */
class LedgerHistory {
  constructor(private readonly of: { merges: boolean }) {}

  private readonly grants: string[] = [];
  private readonly conversions: string[] = [];
  private readonly deferrals: string[] = [];
  private readonly credit = world.app.get(CreditService, { strict: false });
  private readonly ledger = world.app.get(CreditLedger, { strict: false });
  private readonly delivery = world.app.get(CreditDelivery, { strict: false });

  async apply(one: Step): Promise<void> {
    // what had run out when accounts were merged would else be ahead again in a merged account
    const hours = one.do === 'wait' ? Math.max(one.hours, this.of.merges ? 0 : -Infinity) : 0;
    if (one.do === 'wait') world.clock.advance(hours * 3_600_000);
    else if (one.do === 'mode') world.config.creditDelivery = one.mode;
    else await world.database.transaction((tx) => this.write(tx, one));
  }

  private async write(tx: Tx, one: Exclude<Step, { do: 'wait' | 'mode' }>): Promise<void> {
    const { credit, ledger, delivery, grants, conversions, deferrals } = this;
    switch (one.do) {
      case 'grant':
        grants.push(
          (await credit.grantManually(tx, { userId: personAt(one.who).id, days: one.days }, operator)).id,
        );
        break;
      case 'refund':
        grants.push(
          (
            await credit.grantManually(
              tx,
              { userId: personAt(one.who).id, kind: 'refund_as_credit', days: one.days },
              operator,
            )
          ).id,
        );
        break;
      case 'reward':
        conversions.push(await this.reward(tx, one.referrer, one.referred));
        break;
      case 'paid':
        await this.paid(tx, one);
        break;
      case 'defer': {
        const entryId = oneOf(grants, one.which);
        const from = world.clock.now();
        const line =
          entryId &&
          (await delivery.consumeForDeferral(tx, entryId, { from, until: hoursFrom(from, one.hours) }));
        if (line) deferrals.push(line.id);
        break;
      }
      case 'undefer': {
        const id = oneOf(deferrals, one.which);
        if (id !== undefined) await delivery.returnDeferred(tx, id, one.hours * 3_600_000);
        break;
      }
      case 'revoke': {
        const id = oneOf(grants, one.which);
        if (id !== undefined) await credit.revokeManually(tx, id, operator);
        break;
      }
      case 'merge':
        await merge(tx, personAt(one.from).id, personAt(one.into).id);
        break;
      case 'part':
        await unmerge(tx, personAt(one.which).id);
        break;
      default: {
        const id = oneOf(conversions, one.which);
        if (id === undefined) break;
        await ledger.reverseOrRestoreRewards(tx, id, one.do === 'reverse' ? 'reversal' : 'restoration');
      }
    }
  }

  private async reward(tx: Tx, referrer: number, referred: number): Promise<string> {
    const conversionId = randomUUID();
    const sides = [{ side: 'referred' as const, userId: personAt(referred).id, days: 45 }];
    const both =
      referrer === referred
        ? sides
        : [{ side: 'referrer' as const, userId: personAt(referrer).id, days: 45 }, ...sides];
    await this.ledger.grantRewards(tx, { conversionId, referralId: randomUUID() }, both);
    return conversionId;
  }

  /** A paid period as billing reports it: written, and followed in the same transaction. */
  private async paid(tx: Tx, { who, hours, covers }: Extract<Step, { do: 'paid' }>): Promise<void> {
    const now = world.clock.now();
    const userId = personAt(who).id;
    const through = hoursFrom(now, hours);
    await tx.query(`UPDATE billing.account SET paid_through = $2 WHERE user_id = $1`, [userId, through]);
    const from = hoursFrom(now, covers?.[0] ?? 0);
    const covered = covers === null ? null : { from, until: hoursFrom(from, covers[1]) };
    await this.delivery.alignWithPaidPeriod(tx, userId, { paidThrough: through, reportedPeriod: covered });
  }
}

/**
 * What merging does to the ledger: no account gains or loses a millisecond, and no other person is
 * touched.
 */
async function merge(tx: Tx, fromId: string, intoId: string): Promise<void> {
  await bringHome(tx, async () => {
    const [row] = await tx.query<{ into: string; merged: boolean }[]>(
      `SELECT platform.current_account_of($2) AS into, platform.current_account_of($1) <> $1 AS merged`,
      [fromId, intoId],
    );
    if (row === undefined || row.merged || row.into === fromId) return;
    await tx.query(`UPDATE platform.merged_account SET into_id = $2 WHERE into_id = $1`, [fromId, row.into]);
    await tx.query(`INSERT INTO platform.merged_account (from_id, into_id) VALUES ($1, $2)`, [
      fromId,
      row.into,
    ]);
  });
}

async function unmerge(tx: Tx, userId: string): Promise<void> {
  await bringHome(tx, () => tx.query(`DELETE FROM platform.merged_account WHERE from_id = $1`, [userId]));
}

async function bringHome(tx: Tx, change: () => Promise<unknown>): Promise<void> {
  const credit = world.app.get(CreditService, { strict: false });
  const all = people.map(({ id }) => id);
  await world.app.get(CreditLedger, { strict: false }).lockAccounts(tx, all);
  const before = await totalMsAhead(tx);
  await change();
  await credit.transferToCurrentOwner(tx, all);
  if (world.config.creditDelivery === 'overlay') expect(await totalMsAhead(tx)).toBeCloseTo(before, 0);
  for (const [person, ahead] of await aheadByRoot(tx)) expect([person, ahead]).toEqual([person, 0]);
}

/** Milliseconds ahead in all accounts together. */
async function totalMsAhead(tx: Tx): Promise<number> {
  let sum = 0;
  for (const account of await accountsIn(tx)) sum += remainingMs(account.balance.intervals, account.at);
  return sum;
}

/** Milliseconds ahead in accounts that are merged into another. */
async function aheadByRoot(tx: Tx): Promise<[string, number][]> {
  const merged: { from_id: string }[] = await tx.query(`SELECT from_id FROM platform.merged_account`);
  return (await accountsIn(tx))
    .filter(({ userId }) => merged.some((row) => row.from_id === userId))
    .map(({ userId, balance, at }) => [userId, remainingMs(balance.intervals, at)]);
}

async function accountsIn(tx: Tx) {
  const found = [];
  for (const { id: userId } of people) {
    const history = await world.app.get(CreditEntryRepository, { strict: false }).findByAccount(tx, userId);
    const at = Math.max(world.clock.now().getTime(), history.at(-1)?.at.getTime() ?? 0);
    found.push({ userId, balance: replay(history), at });
  }
  return found;
}

const hoursFrom = (moment: Date, hours: number) => new Date(moment.getTime() + hours * 3_600_000);

it('history cannot be rewritten, not even manually', async () => {
  for (const table of ['credit.entry', 'platform.audit', 'referral.terms'])
    await expect(world.sql.query(`DELETE FROM ${table}`)).rejects.toThrow(/append-only/);
  await expect(world.sql.query(`UPDATE credit.entry SET duration_ms = duration_ms + 1`)).rejects.toThrow(
    /append-only/,
  );
  await expect(world.sql.query(`TRUNCATE credit.entry CASCADE`)).rejects.toThrow(/append-only/);
});

it('an account that was tampered with is found', async () => {
  await world.sql.query(
    `UPDATE credit.account SET until = until + interval '1 day'
     WHERE user_id = (SELECT min(user_id::text)::uuid FROM credit.account WHERE until IS NOT NULL)`,
  );
  expect(await discrepancies()).toEqual([
    expect.stringMatching(/^the account has credit until .*, its ledger gives /),
  ]);
});

/** One of what there is; undefined where there is nothing. */
function oneOf(ids: string[], which: number): string | undefined {
  return ids[which % ids.length];
}

function personAt(index: number): { id: string } {
  return people[index] as { id: string };
}
