import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { explainUser } from '../../src/cli/explain.js';
import { CreditService } from '../../src/credit/credit.service.js';
import { seededRandom, type SeededRandom } from '../proofs/harness/seeded-random.js';
import { FakeStripe } from '../support/fake-stripe.js';
import { bearer, type Person } from '../support/given.js';
import { event, invoice, monthSeconds, priceMonthly, subscription } from '../support/stripe-payloads.js';
import { price, product } from '../support/stripe-responses.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
const seed = Number(process.env.SEED ?? 1811);
const stories = Number(process.env.STORIES ?? 8);
const operator = { reason: 'a test', actor: { kind: 'operator' as const } };

interface Plan {
  id: string;
  interval: 'week' | 'month' | 'year';
  count: number;
}

const plans: Plan[] = [
  { id: priceMonthly, interval: 'month', count: 1 },
  { id: 'price_two_months', interval: 'month', count: 2 },
  { id: 'price_weekly', interval: 'week', count: 1 },
  { id: 'price_yearly', interval: 'year', count: 1 },
];

interface Reward {
  status: string;
  days: number;
  text: string;
  worth: string | null;
  usefulDays: { priceIds: string[]; days: number }[];
}

interface Overview {
  creditDays: number;
  usefulCreditDays: number;
  creditWorth: string | null;
  invitation: { reward: Reward } | null;
}

/** A payment: who pays now, for how long, and when their days come. */
interface Payment {
  person: Person;
  plan: Plan;
  until: Date;
  arrivesAt: Date;
}

/** As Stripe counts on days that every month has. */
function endOf({ interval, count }: Plan, from: Date): Date {
  const end = new Date(from);
  if (interval === 'week') end.setUTCDate(end.getUTCDate() + 7 * count);
  else end.setUTCMonth(end.getUTCMonth() + count * (interval === 'year' ? 12 : 1));
  return end;
}

function pick(dice: SeededRandom, from: readonly Plan[]): Plan {
  const [first] = dice.shuffle(from);
  if (first === undefined) throw new Error('There is no plan');
  return first;
}

const deliveries = ['overlay', 'after_paid_period', 'defer_billing'] as const;

/**
 * What people read before a payment of how many days are useful is the access that they then have
 * more than a person who paid the same without an invitation. No one pays a second time.
 */
describe.each(deliveries)('useful days under CREDIT_DELIVERY=%s', (creditDelivery) => {
  let world: World;
  const stripe = new FakeStripe();
  beforeAll(async () => {
    stripe.put(
      ...plans.map(({ id, interval, count }) => ({
        ...price({ id, unit_amount: 1_000, currency: 'usd' }),
        product: product({ id: 'prod_twofold' }),
        recurring: { interval, interval_count: count, usage_type: 'licensed', meter: null },
      })),
    );
    const stripePaidPrices = plans.map(({ id }) => id);
    world = await createWorld({ creditDelivery, stripePaidPrices, stripeApiBase: await stripe.open() });
  });
  afterAll(async () => {
    await world.close();
    await stripe.close();
  });

  async function get<T>(person: Person, path: string): Promise<T> {
    const answer = await world.app.inject({ url: `/api/v1/${path}`, headers: bearer(person) });
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.body}`);
    return answer.json<T>();
  }

  async function page(person: Person, path: string): Promise<string> {
    const headers = { accept: 'text/html', cookie: `tf_session=${person.token}` };
    return (await world.app.inject({ url: path, headers })).body;
  }

  async function give(person: Person, days: number): Promise<void> {
    const credit = world.app.get(CreditService, { strict: false });
    if (days > 0)
      await world.database.transaction((tx) =>
        credit.grantManually(tx, { userId: person.id, days }, operator),
      );
  }

  /** Pays now for a subscription that does not renew. */
  async function pay({ person, plan, until }: Payment): Promise<void> {
    const { seconds } = world.when;
    const end = until.getTime() / 1_000;
    const onPlan = (object: Record<string, unknown>) =>
      JSON.parse(
        JSON.stringify(object)
          .replaceAll(priceMonthly, plan.id)
          .replaceAll(String(seconds + monthSeconds), String(end)),
      ) as Record<string, unknown>;
    const paid = onPlan(invoice(person.payer, seconds));
    const current = onPlan(subscription(person.payer, seconds, { cancel_at_period_end: true }));
    stripe.put(current);
    for (const sent of [
      event('invoice.paid', paid, seconds),
      event('customer.subscription.updated', current, seconds),
    ])
      expect((await world.when.stripeSends(sent)).status).toBe(200);
  }

  async function end({ person, until }: Payment): Promise<void> {
    const seconds = until.getTime() / 1_000;
    const more = { status: 'canceled', ended_at: seconds };
    const ended = subscription(person.payer, seconds, more);
    stripe.put(ended);
    await world.when.stripeSends(event('customer.subscription.deleted', ended, seconds));
  }

  /** Days of access that each of them has from now on, when there are no more payments. */
  async function daysOfAccess(payments: Payment[]): Promise<number[]> {
    const times = [...new Set(payments.flatMap(({ until, arrivesAt }) => [+until, +arrivesAt]))].sort(
      (one, other) => one - other,
    );
    const days = payments.map(() => 0);
    for (const [index, from] of [+world.clock.now(), ...times].entries()) {
      world.clock.set(new Date(from));
      await world.sql.query(`UPDATE auth.session SET expires_at = $1`, [new Date(from + dayMs)]);
      await world.app.get(RewardRelease, { strict: false }).releaseDue();
      for (const payment of payments) if (+payment.until === from) await end(payment);
      await world.runHandlers();
      const next = times[index] ?? Infinity;
      for (const [who, { person }] of payments.entries()) {
        const { access } = await get<{ access: { active: boolean; until: string | null } }>(person, 'me');
        const until = access.until === null ? next : Math.min(Date.parse(access.until), next);
        if (access.active) days[who] = (days[who] ?? 0) + (until - from) / dayMs;
      }
    }
    return days;
  }

  async function expectOnEverySurface(friend: Person, { text, worth, usefulDays }: Reward): Promise<void> {
    const { lines } = await explainUser(
      (token) => world.app.get(token as never, { strict: false }),
      friend.email,
    );
    const why = await get<{ rules: { explanation: string }[] }>(friend, 'referral/invitation/explain');
    const surfaces = {
      settings: await page(friend, '/settings'),
      explain: lines.join('\n'),
      why: why.rules.map(({ explanation }) => explanation).join('\n'),
    };
    for (const [name, shown] of Object.entries(surfaces))
      for (const sentence of [text, worth ?? '-'])
        expect([name, sentence, shown.includes(sentence)]).toEqual([name, sentence, true]);
    const pricing = await page(friend, '/pricing');
    if (creditDelivery !== 'overlay') expect(pricing).toContain(worth);
    else
      for (const { days } of usefulDays)
        expect(pricing).toContain(`renewal, ${days === 0 ? 'none of it is' : `${days} day`}`);
  }

  /** Friend, an uninvited twin, an inviter who has paid time, and an uninvited twin of that one. */
  async function story(dice: SeededRandom): Promise<void> {
    const now = world.clock.now();
    world.clock.set(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 3, 12)));
    const holdDays = dice.integerBelow(2) * (1 + dice.integerBelow(40));
    const terms = { hold_days: holdDays, referrer_days: 20 + dice.integerBelow(60) };
    await world.given.terms({ ...terms, referred_days: 1 + dice.integerBelow(70) });
    const inviter = await world.given.user();
    const inviterTwin = await world.given.user();
    const friend = await world.given.userInvitedBy(inviter);
    const twin = await world.given.user();
    const everybody = [inviter, inviterTwin, friend, twin];
    for (const person of everybody) await world.given.linkCustomer(person);
    const days = dice.integerBelow(2) * dice.integerBelow(30);
    for (const person of [friend, twin]) await give(person, days);

    const starts = world.clock.now();
    const ofInviter = pick(dice, plans.slice(0, 3));
    const inviters = [inviter, inviterTwin].map((person): Payment => {
      const until = endOf(ofInviter, starts);
      return { person, plan: ofInviter, until, arrivesAt: until };
    });
    for (const payment of inviters) await pay(payment);
    world.clock.advance(dice.integerBelow(7) * dayMs);

    const { invitation } = await get<Overview>(friend, 'referral');
    const mine = await get<Overview>(inviter, 'referral');
    if (invitation === null) throw new Error('The friend has no invitation');
    const { reward } = invitation;
    await expectOnEverySurface(friend, reward);
    expect(reward.usefulDays.flatMap(({ priceIds }) => priceIds).sort()).toEqual(
      plans.map(({ id }) => id).sort(),
    );
    const isCovered = mine.usefulCreditDays < mine.creditDays;
    expect(mine.creditWorth === null).toBe(!isCovered);
    for (const path of ['/invite', '/settings'])
      expect((await page(inviter, path)).includes(mine.creditWorth ?? 'run by the calendar')).toBe(isCovered);

    const plan = pick(dice, plans);
    const paidAt = world.clock.now();
    const arrivesAt = new Date(+paidAt + holdDays * dayMs);
    const friends = [friend, twin].map((person): Payment => {
      return { person, plan, until: endOf(plan, paidAt), arrivesAt };
    });
    for (const payment of friends) await pay(payment);
    const had = await daysOfAccess([...friends, ...inviters]);
    const [ofFriend = 0, ofTwin = 0, ofReferrer = 0, ofReferrerTwin = 0] = had;
    const promised = reward.usefulDays.find(({ priceIds }) => priceIds.includes(plan.id))?.days;
    expect({ plan, days, ...terms, gained: ofFriend - ofTwin }).toEqual({
      ...{ plan, days, ...terms, gained: promised },
    });
    expect({ ofInviter, ...terms, gained: ofReferrer - ofReferrerTwin }).toEqual({
      ...{ ofInviter, ...terms, gained: mine.usefulCreditDays },
    });
    if (creditDelivery !== 'overlay') expect([promised, isCovered]).toEqual([reward.days, false]);
  }

  it(`what is read before a payment is what the payment brings, in ${stories} stories (seed ${seed})`, async () => {
    const dice = seededRandom(seed);
    for (let index = 0; index < stories; index++) await story(dice);
    expect(await world.see.discrepancies()).toEqual([]);
  });
});
