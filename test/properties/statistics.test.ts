import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TotalsStore } from '../../src/admin/index.js';
import { ProgrammeStats } from '../../src/admin/stats/programme-stats.js';
import type { StatsDto } from '../../src/admin/stats/stats.dto.js';
import { createWorld, type World } from '../support/world.js';
import { forecastWorth, recount, type Rows } from './model/statistics-recount.js';

const dayMs = 86_400_000;
const start = Date.parse('2026-07-20T00:00:00Z');
const span = 104 * dayMs;

/**
 * Statistics add up rows in SQL, by quarters of an hour that may have been stored. Here the same
 * rows are counted one by one, without SQL, by the clocks of other time zones, which change in
 * between.
 */
describe('statistics', () => {
  let world: World;
  let stats: ProgrammeStats;
  beforeAll(async () => {
    world = await createWorld();
    stats = world.app.get(ProgrammeStats, { strict: false });
    await world.given.terms({ referrer_days: 60, referred_days: 30 });
  });
  afterAll(() => world.close());

  const periods = [
    { timeZone: 'Europe/Berlin', from: '2026-10-20', to: '2026-10-28', bucket: 'day' },
    { timeZone: 'America/St_Johns', from: '2026-09-20', to: '2026-11-02', bucket: 'week' },
    { timeZone: 'Pacific/Auckland', from: '2026-09-25', to: '2026-11-01', bucket: 'month' },
    { timeZone: 'UTC', from: '2026-09-18T06:15:00Z', to: '2026-10-30T11:45:00+02:00', bucket: 'day' },
  ] as const;

  async function compare(): Promise<void> {
    const rows = await readRows();
    for (const asked of periods) {
      const shown = await stats.forPeriod(asked);
      const counted = recount(rows, asked, world.clock.now());
      expect([asked, comparable(shown)]).toEqual([asked, closeTo(comparable(counted))]);
      const [amounts, ownAmounts] = [amountsOf(shown), amountsOf(counted)];
      // half a cent may be rounded up or down
      for (const [index, amount] of amounts.entries())
        expect(Math.abs(amount - (ownAmounts[index] ?? NaN))).toBeLessThanOrEqual(1);
      compareForecast(shown, forecastWorth(rows, shown, world.clock.now()));
    }
  }

  it(
    'statistics equal a count of every row, added up for the reader or stored',
    { timeout: 300_000 },
    async () => {
      const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
      for (const [index, people] of fc.sample(peopleArbitrary, { numRuns: 3, seed }).entries()) {
        await insert(people).catch((error: unknown) => expect.fail(`seed ${seed}: ${String(error)}`));
        await compare().catch((error: unknown) => {
          throw new Error(`seed ${seed}, sample ${index}`, { cause: error });
        });
      }
      // so many people that their totals are stored
      await world.sql.query(
        `INSERT INTO auth."user" (id, email, created_at)
       SELECT gen_random_uuid(), 'old' || n || '@example.org', '2020-01-01' FROM generate_series(1, 1001) n`,
      );
      const store = world.app.get(TotalsStore, { strict: false });
      await store.refresh('statistics');
      await store.refresh('liability');
      expect((await store.open('statistics')).isStored).toBe(true);
      await compare();
      // stored again beside what is stored
      await insert(fc.sample(peopleArbitrary, { numRuns: 1, seed: seed + 1 })[0] ?? []);
      await store.refresh('statistics');
      await store.refresh('liability');
      await compare();
    },
  );

  async function readRows(): Promise<Rows> {
    const all = async (table: string) => (await world.sql.query(`SELECT * FROM ${table}`)).rows;
    return {
      users: await all('auth."user"'),
      merged: await all('platform.merged_account'),
      accounts: await all('billing.account'),
      invoices: await all('billing.invoice'),
      referrals: await all('referral.referral'),
      reviews: await all('referral.review'),
      conversions: await all('referral.conversion'),
      statuses: await all('referral.reward_status'),
      terms: await all('referral.terms'),
      clicks: (await world.sql.query(`SELECT day::text, clicks FROM referral.link_click`)).rows as never,
      channelClicks: (await world.sql.query(`SELECT day::text, channel, clicks FROM referral.channel_click`))
        .rows as never,
      entries: await all('credit.entry'),
      credit: await all('credit.account'),
    } as unknown as Rows;
  }

  /** Inserts people as they come: what the application would never write together counts too. */
  async function insert(people: RandomPerson[]): Promise<void> {
    const run = (sql: string, values: unknown[]) => world.sql.query(sql, values);
    const ids: string[] = [];
    for (const person of people) {
      const id = randomUUID();
      const joinedAt = new Date(start + person.joined * span);
      await run(`INSERT INTO auth."user" (id, email, created_at) VALUES ($1, $2, $3)`, [
        ...[id, `${id}@example.org`, joinedAt],
      ]);
      const code = [...id.replaceAll('-', '').slice(0, 8)]
        .map((digit) => 'ABCDEFGHJKMNPQRS'[parseInt(digit, 16)])
        .join('');
      await run(`INSERT INTO referral.code (code, user_id, created_at) VALUES ($1, $2, $3)`, [
        code,
        id,
        joinedAt,
      ]);
      const day = new Date(start + person.clickedAt * span).toISOString().slice(0, 10);
      if (person.clicks > 0)
        await run(`INSERT INTO referral.link_click (code, day, clicks) VALUES ($1, $2, $3)`, [
          ...[code, day, person.clicks],
        ]);
      if (person.clicks > 0 && person.clickedBy !== null)
        await run(`INSERT INTO referral.channel_click (code, day, channel, clicks) VALUES ($1, $2, $3, 1)`, [
          ...[code, day, person.clickedBy],
        ]);
      await insertPayments(id, person);
      const inviter = ids[Math.floor(person.inviter * ids.length)];
      if (person.isInvited && inviter !== undefined) await insertReferral(id, { inviter, joinedAt, person });
      await insertCredit(id, person);
      ids.push(id);
    }
    const [from, into] = ids;
    if (from !== undefined && into !== undefined)
      await run(`INSERT INTO platform.merged_account (from_id, into_id) VALUES ($1, $2)`, [from, into]);
  }

  async function insertPayments(id: string, person: RandomPerson): Promise<void> {
    for (const [index, at] of person.payments.entries()) {
      const paidAt = new Date(Math.floor((start + at * span) / 1000) * 1000);
      await world.sql.query(
        `INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at, recorded_at, period_start, period_end)
         VALUES ($1, $2, '', '', $3, $4, $5, $5, $6, $7)`,
        [
          ...[`in_${id}_${index}`, id, person.amount, person.currency, paidAt],
          ...(person.hasPeriod ? [paidAt, new Date(paidAt.getTime() + 30 * dayMs)] : [null, null]),
        ],
      );
      await world.sql.query(
        `UPDATE billing.account SET first_paid_at = $2, tier = 'paid', tier_expires_at = $3 WHERE user_id = $1`,
        [id, paidAt, person.tierEnds === null ? null : new Date(start + 2 * person.tierEnds * span)],
      );
    }
  }

  async function insertReferral(
    id: string,
    { inviter, joinedAt, person }: { inviter: string; joinedAt: Date; person: RandomPerson },
  ): Promise<void> {
    const run = (sql: string, values: unknown[]) => world.sql.query(sql, values);
    const referralId = randomUUID();
    await run(
      `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at, campaign)
       VALUES ($1, $2, $3, 'ABCDEFGH', $4, 'sign_up', 'x', $5, $6)`,
      [referralId, inviter, id, person.terms, joinedAt, person.campaign],
    );
    if (person.review !== null)
      await run(`INSERT INTO referral.review (referral_id, outcome, opened_at) VALUES ($1, $2, $3)`, [
        ...[referralId, person.review, joinedAt],
      ]);
    if (person.payments.length === 0) return;
    const conversionId = randomUUID();
    const convertedAt = new Date(start + (person.payments[0] ?? 0) * span + 5000);
    await run(
      `INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at) VALUES ($1, $2, $3, $4, $5)`,
      [conversionId, referralId, id, `in_${id}_0`, convertedAt],
    );
    const isCredited = person.state === 'granted' || person.wasCredited;
    await run(
      `INSERT INTO referral.reward_status (conversion_id, state, reasons, holds, invoice_id, credited_at, changed_at, capped)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[
          conversionId,
          person.state,
          { granted: [], held: [], suspended: ['dispute_open'], reversed: ['fraud'] }[person.state],
        ],
        ...[
          person.state === 'held' ? ['review'] : [],
          `in_${id}_0`,
          isCredited ? convertedAt : null,
          convertedAt,
          person.isCapped,
        ],
      ],
    );
    if (!isCredited) return;
    await insertEntry(inviter, {
      at: convertedAt,
      kind: 'referral_referrer',
      days: 60,
      reward: { conversionId, referralId, side: 'referrer' },
    });
    await insertEntry(id, {
      at: convertedAt,
      kind: 'referral_referred',
      days: 30,
      reward: { conversionId, referralId, side: 'referred' },
    });
  }

  async function insertCredit(id: string, person: RandomPerson): Promise<void> {
    for (const { at, kind, days } of person.entries)
      await insertEntry(id, { at: new Date(start + at * span), kind, days, reward: null });
  }

  /** Not a ledger that could be verified: only what each entry says is counted. */
  async function insertEntry(
    userId: string,
    entry: {
      at: Date;
      kind: string;
      days: number;
      reward: { conversionId: string; referralId: string; side: string } | null;
    },
  ): Promise<void> {
    const { rows } = await world.sql.query<{ id: string; seq: string; at: Date }>(
      `SELECT id, seq, at FROM credit.entry WHERE user_id = $1 ORDER BY seq DESC LIMIT 1`,
      [userId],
    );
    const last = rows[0];
    const at = new Date(Math.max(entry.at.getTime(), last?.at.getTime() ?? 0));
    const isTaken = entry.kind === 'admin_revoke';
    if (isTaken && last === undefined) return;
    const { rows: revoked } = await world.sql.query(`SELECT FROM credit.entry WHERE reverses_entry_id = $1`, [
      last?.id ?? null,
    ]);
    if (isTaken && revoked.length > 0) return;
    await world.sql.query(
      `INSERT INTO credit.entry (id, user_id, seq, at, kind, duration_ms, until_after, conversion_id, referral_id, side, revision, reverses_entry_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        ...[
          randomUUID(),
          userId,
          Number(last?.seq ?? 0) + 1,
          at,
          entry.kind,
          (isTaken ? -1 : 1) * entry.days * dayMs,
        ],
        ...[
          new Date(at.getTime() + entry.days * dayMs),
          entry.reward?.conversionId ?? null,
          entry.reward?.referralId ?? null,
        ],
        ...[entry.reward?.side ?? null, entry.reward === null ? null : 0, isTaken ? last?.id : null],
      ],
    );
  }
});

/** From 0 to below 1, all equally likely: fast-check prefers the ends. */
const share = fc.noBias(fc.integer({ min: 0, max: 999_999 })).map((parts) => parts / 1_000_000);
const peopleArbitrary = fc.array(
  fc.record({
    joined: share,
    clicks: fc.nat(3),
    clickedAt: share,
    clickedBy: fc.constantFrom(null, 'qr', 'email', 'other'),
    isInvited: fc.boolean(),
    inviter: share,
    terms: fc.constantFrom(1, 2),
    campaign: fc.constantFrom(
      null,
      { source: 'blog' },
      { source: 'blog', campaign: 'summer', channel: 'qr' },
      { campaign: 'x' },
    ),
    review: fc.constantFrom(null, null, 'allow', 'review', 'reject'),
    payments: fc.array(share, { maxLength: 3 }),
    amount: fc.integer({ min: 1, max: 5000 }),
    currency: fc.constantFrom('usd', 'eur', 'gbp'),
    hasPeriod: fc.boolean(),
    tierEnds: fc.option(share),
    state: fc.constantFrom('granted', 'held', 'suspended', 'reversed'),
    wasCredited: fc.boolean(),
    isCapped: fc.boolean(),
    entries: fc.array(
      fc.record({
        at: share,
        kind: fc.constantFrom('admin_grant', 'admin_revoke', 'refund_as_credit', 'milestone'),
        days: fc.integer({ min: 1, max: 90 }),
      }),
      { maxLength: 3 },
    ),
  }),
  { minLength: 25, maxLength: 40 },
);
type RandomPerson = typeof peopleArbitrary extends fc.Arbitrary<(infer Person)[]> ? Person : never;

/**
 * All but the amounts of money. Of the forecast only the weeks that it knows: what follows from
 * them is tested beside it.
 */
function comparable({ liability, ...stats }: StatsDto): unknown {
  const past = liability.forecast?.past;
  return JSON.parse(
    JSON.stringify({ ...stats, liability: { ...liability, forecast: past } }, (key, value: unknown) =>
      key === 'amount' ? 'compared below' : value,
    ),
  ) as unknown;
}

/** What each week of the forecast is worth, at its days and at both ends of its band. */
function compareForecast(
  { liability }: StatsDto,
  worthOf: (days: number) => { money: { amount: number }[] },
): void {
  for (const week of liability.forecast?.weeks ?? [])
    for (const name of ['days', 'low', 'high'] as const) {
      const [shown, counted] = [week.worth[name], worthOf(week[name])];
      expect(shown).toEqual({
        ...(closeTo(counted) as typeof counted),
        money: counted.money.map((own) => ({ ...own, amount: expect.closeTo(own.amount, -0.5) as number })),
      });
    }
}

/** A matcher of the same values; fractions may differ by what floating-point sums differ. */
function closeTo(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 5) as unknown;
  if (Array.isArray(value)) return value.map(closeTo);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, closeTo(child)]));
}

/** Every amount of money, in order. */
function amountsOf(stats: StatsDto): number[] {
  const amounts: number[] = [];
  // the forecast is compared by itself
  JSON.stringify({ ...stats, liability: { ...stats.liability, forecast: null } }, (key, value: unknown) => {
    if (key === 'amount') amounts.push(value as number);
    return value;
  });
  return amounts;
}
