import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreditService } from '../../src/credit/credit.service.js';
import { CreditLedger } from '../../src/credit/ledger/credit-ledger.js';
import { bearer, type Person } from '../support/given.js';
import { event, invoice, monthSeconds, stripeId, subscription } from '../support/stripe-payloads.js';
import { createWorld, worldStart, type World } from '../support/world.js';

const dayMs = 86_400_000;
const operator = { reason: 'a journey', actor: { kind: 'operator' as const } };

interface Statement {
  until: string | null;
  daysLeft: number;
  usefulDays: number;
  entries: { kind: string; days: number; windowFrom: string | null; windowUntil: string | null }[];
}

let world: World;
beforeAll(async () => {
  world = await createWorld({ creditDelivery: 'after_paid_period' });
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
});

/** Days since the beginning of the world. */
const day = (iso: string | Date | null | undefined) =>
  iso == null ? null : (new Date(iso).getTime() - worldStart.getTime()) / dayMs;
const secondsOf = (days: number) => worldStart.getTime() / 1_000 + days * 86_400;
const onDay = (days: number) => world.clock.set(new Date(worldStart.getTime() + days * dayMs));

async function creditOf(person: Person): Promise<Statement> {
  const answer = await world.app.inject({ url: '/api/v1/credit', headers: bearer(person) });
  return answer.json<Statement>();
}

async function newest(person: Person) {
  const { entries } = await creditOf(person);
  const [entry] = entries;
  return {
    kind: entry?.kind,
    days: entry?.days,
    from: day(entry?.windowFrom),
    until: day(entry?.windowUntil),
  };
}

/** A person invited who has paid on day 0 for 30 days, and is credited. */
async function payer(): Promise<Person> {
  onDay(0);
  const person = await world.given.userInvitedBy(await world.given.user());
  await world.given.linkCustomer(person);
  // a story of months; sessions are not what it is about
  await world.sql.query(`UPDATE auth.session SET expires_at = expires_at + interval '1 year'`);
  await world.when.pays(person);
  return person;
}

const renewal = (person: Person, from: number, paidAt = from) =>
  event('invoice.paid', invoice(person.payer, secondsOf(from), paidOn(paidAt)), secondsOf(paidAt));
const paidOn = (paidAt: number) => ({ status_transitions: { paid_at: secondsOf(paidAt) } });
const renewed = (person: Person, from: number, more: Record<string, unknown> = {}) =>
  event('customer.subscription.updated', subscription(person.payer, secondsOf(from), more), secondsOf(from));
const ended = (person: Person, on: number) =>
  event(
    'customer.subscription.deleted',
    subscription(person.payer, secondsOf(0), { status: 'canceled', ended_at: secondsOf(on) }),
    secondsOf(on),
  );

describe('credit behind the paid period', () => {
  it('credit behind the paid period begins when the paid period ends: all of it is useful', async () => {
    const bert = await payer();
    expect(await creditOf(bert)).toMatchObject({ usefulDays: 45, daysLeft: 75 });
    expect(await newest(bert)).toEqual({ kind: 'referral_referred', days: 45, from: 30, until: 75 });
  });

  it('credit behind the paid period begins at once for a person who pays nothing', async () => {
    const carl = await world.given.user();
    onDay(3);
    await world.database.transaction((tx) =>
      world.app
        .get(CreditService, { strict: false })
        .grantManually(tx, { userId: carl.id, kind: 'refund_as_credit', days: 10 }, operator),
    );
    expect(await newest(carl)).toEqual({ kind: 'refund_as_credit', days: 10, from: 3, until: 13 });
    expect(await creditOf(carl)).toMatchObject({ usefulDays: 10, daysLeft: 10 });
  });

  it('credit behind the paid period moves on with each renewal, by one line', async () => {
    const bert = await payer();
    onDay(30);
    await world.when.stripeSends(renewal(bert, 30));
    await world.when.stripeSends(renewed(bert, 30));
    const { entries, until, usefulDays } = await creditOf(bert);
    expect(entries.map(({ kind, days }) => [kind, days])).toEqual([
      ['shift', 0],
      ['referral_referred', 45],
    ]);
    expect([day(until), usefulDays, day(entries[1]?.windowFrom)]).toEqual([105, 45, 60]);
  });

  it('credit behind the paid period comes back to now when the subscription ends early, and goes behind the next one', async () => {
    const bert = await payer();
    await world.when.stripeSends(renewed(bert, 0));
    onDay(10);
    await world.when.stripeSends(ended(bert, 10));
    expect(day((await creditOf(bert)).until)).toBe(55);
    const me = await world.app.inject({ url: '/api/v1/me', headers: bearer(bert) });
    expect(me.json()).toMatchObject({ tier: 'free', access: { active: true, source: 'credit' } });
    onDay(20);
    const again = { ...bert, payer: { ...bert.payer, subscription: stripeId('sub') } };
    await world.when.stripeSends(renewal(again, 20));
    expect(await creditOf(bert)).toMatchObject({ usefulDays: 35 });
    expect(day((await creditOf(bert)).until)).toBe(20 + monthSeconds / 86_400 + 35);
  });

  it('a renewal that is reported three days late costs no day', async () => {
    const bert = await payer();
    await world.when.stripeSends(renewed(bert, 0));
    onDay(33);
    expect((await creditOf(bert)).usefulDays).toBe(42);
    await world.when.stripeSends(renewal(bert, 30));
    expect(await creditOf(bert)).toMatchObject({ usefulDays: 45, until: expect.anything() });
    expect(await newest(bert)).toMatchObject({ kind: 'shift', days: 3 });
    expect(day((await creditOf(bert)).until)).toBe(105);
  });

  it('a reversal takes days that wait', async () => {
    const bert = await payer();
    const ledger = world.app.get(CreditLedger, { strict: false });
    const { rows } = await world.sql.query<{ conversion_id: string }>(
      `SELECT conversion_id FROM credit.entry WHERE user_id = $1`,
      [bert.id],
    );
    const conversionId = rows[0]?.conversion_id ?? '';
    await world.database.transaction((tx) => ledger.reverseOrRestoreRewards(tx, conversionId, 'reversal'));
    expect(await creditOf(bert)).toMatchObject({ usefulDays: 0, daysLeft: 0 });
    await world.database.transaction((tx) => ledger.reverseOrRestoreRewards(tx, conversionId, 'restoration'));
    expect(await newest(bert)).toEqual({ kind: 'restoration', days: 45, from: 30, until: 75 });
  });

  it('credit behind the paid period is reported plainly on the page', async () => {
    const bert = await payer();
    const page = await world.app.inject({
      url: '/settings',
      headers: { cookie: `tf_session=${bert.token}` },
    });
    expect(page.body).toContain('Your days start when your subscription ends');
    expect(page.body).toContain('+45 days on your account');
  });
});

describe('one moment, any order', () => {
  const orders = permutations([0, 1, 2, 3]);

  it('a late renewal, its snapshot, an end and a friend’s payment leave the same days', async () => {
    const found = new Set<string>();
    for (const order of orders) {
      const bert = await payer();
      const friend = await world.given.userInvitedBy(bert);
      await world.given.linkCustomer(friend);
      await world.when.stripeSends(renewed(bert, 0));
      onDay(33);
      const events = [renewal(bert, 30), renewed(bert, 30), ended(bert, 31), world.when.invoicePaid(friend)];
      for (const index of order) await world.when.stripeSends(events[index] as (typeof events)[number]);
      const { until, usefulDays } = await creditOf(bert);
      found.add(`${usefulDays} days until ${day(until)}`);
    }
    expect([...found]).toEqual(['90 days until 123']);
  });
});

describe('another mode', () => {
  it('another delivery mode keeps existing entries, and waiting days keep waiting', async () => {
    const bert = await payer();
    await world.when.stripeSends(renewed(bert, 0));
    world.config.creditDelivery = 'overlay';
    try {
      onDay(10);
      await world.database.transaction((tx) =>
        world.app
          .get(CreditService, { strict: false })
          .grantManually(tx, { userId: bert.id, days: 5 }, operator),
      );
      expect(day((await creditOf(bert)).until)).toBe(80);
      await world.when.stripeSends(ended(bert, 10));
      expect(await creditOf(bert)).toMatchObject({ usefulDays: 50, daysLeft: 50 });
      expect(await world.see.discrepancies()).toEqual([]);
    } finally {
      world.config.creditDelivery = 'after_paid_period';
    }
  });
});

function permutations(of: number[]): number[][] {
  if (of.length < 2) return [of];
  return of.flatMap((first) =>
    permutations(of.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}
