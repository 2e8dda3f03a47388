import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { ProgrammeTerms } from '../../src/referral/terms/programme-terms.js';
import { bearer, type Person } from '../support/given.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

/**
 * A limit, and whether what is tried counts one step before it, exactly at it, and one step after
 * it.
 */
interface Limit {
  /** The field of the terms, and where it bites. */
  name: string;
  terms?: Record<string, unknown>;
  counts: [before: boolean, at: boolean, after: boolean];
  /** Tries it `offset` steps from the limit, by people of its own. Answers whether it counted. */
  tried(offset: number): Promise<boolean>;
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
});

const at = () => world.when.seconds;
/** Moves to `offsetMs` from a moment. */
const moveClock = (moment: number, offsetMs: number) => world.clock.set(new Date(moment + offsetMs));
const now = () => world.clock.now().getTime();

async function pays(person: Person, more: Record<string, unknown> = {}, paidAt = at()) {
  const paid = invoice(person.payer, paidAt, more);
  const { detail } = await world.when.stripeSends(event('invoice.paid', paid, at()));
  return { detail, payment: paymentFor(String(paid.id)) };
}

/**
 * A referrer of whom `count` friends pay, one after the other. Answers the days that the last
 * brought.
 */
async function rewardOfLastFriend(count: number): Promise<number> {
  const referrer = await world.given.user();
  let before = 0;
  for (let n = 0; n < count; n++) {
    before = await world.see.creditDaysOf(referrer);
    await pays(await world.given.userInvitedBy(referrer));
  }
  return (await world.see.creditDaysOf(referrer)) - before;
}

async function creditDays(): Promise<number> {
  return (await world.app.get(ProgrammeTerms, { strict: false }).current()).referrerDays;
}

/** How many payments a preview of the last 30 days plays. */
async function countSimulatedPayments(): Promise<number> {
  const answer = await world.app.inject({
    method: 'POST',
    url: '/api/v1/admin/programme/terms/preview',
    headers: bearer(await world.given.user({ role: 'admin' })), // sessions end as time passes
    payload: { referredDays: 10, days: 30 },
  });
  return answer.json<{ replay: { payments: number } }>().replay.payments;
}

const limits: Limit[] = [
  {
    name: 'holdDays: a reward is released',
    terms: { hold_days: 14 },
    counts: [false, true, true],
    tried: async (offset) => {
      const bert = await world.given.userInvitedBy(await world.given.user());
      const paidAt = at();
      await pays(bert);
      moveClock(paidAt * 1000 + 14 * dayMs, offset);
      await world.app.get(RewardRelease, { strict: false }).releaseDue();
      return (await world.see.creditDaysOf(bert)) > 0;
    },
  },
  {
    name: 'minimumAmounts: a payment converts, by its smallest unit',
    terms: { minimum_amounts: JSON.stringify({ usd: 500 }) },
    counts: [false, true, true],
    tried: async (offset) => {
      const bert = await world.given.userInvitedBy(await world.given.user());
      return (await pays(bert, { amount_paid: 500 + offset })).detail === 'converted';
    },
  },
  {
    name: 'refundPercent: a refund takes the reward back, by its smallest unit',
    terms: { refund_percent: 50 },
    counts: [false, true, true],
    tried: async (offset) => {
      const bert = await world.given.userInvitedBy(await world.given.user());
      const { payment } = await pays(bert);
      await world.when.stripeSends(event('invoice_payment.paid', invoicePayment(payment, at()), at()));
      const back = refund(payment, at(), { amount: 500 + offset });
      await world.when.stripeSends(event('refund.created', back, at()));
      return (await world.see.creditDaysOf(bert)) === 0;
    },
  },
  {
    name: 'attributionDays: a link that was followed is an invitation',
    terms: { attribution_days: 30 },
    counts: [true, false, false],
    tried: async (offset) => {
      const code = await world.given.referralCodeOf(await world.given.user());
      const page = await world.app.inject({ url: `/login?ref=${code}`, headers: { accept: 'text/html' } });
      const followed = now();
      const { value = '' } = page.cookies.find(({ name }) => name === 'tf_ref') ?? {};
      moveClock(followed + 30 * dayMs, offset);
      const answer = await world.app.inject({
        method: 'POST',
        url: '/api/v1/auth/challenges',
        payload: { email: `${crypto.randomUUID()}@example.org` },
        cookies: { tf_ref: value },
        headers: { origin: 'http://twofold.test' },
      });
      return answer.json<{ invitedBy: unknown }>().invitedBy !== null;
    },
  },
  {
    name: 'lateClaimDays: an invitation can be claimed after sign-up',
    terms: { late_claim_days: 14 },
    counts: [true, true, false],
    tried: async (offset) => {
      const code = await world.given.referralCodeOf(await world.given.user());
      const bert = await world.given.user();
      moveClock(now() + 14 * dayMs, offset);
      const claim = { method: 'POST' as const, url: '/api/v1/referral/claim', payload: { code } };
      return (await world.app.inject({ ...claim, headers: bearer(bert) })).statusCode === 201;
    },
  },
  {
    name: 'cap.conversions: an invitation rewards its referrer, by one invitation',
    terms: { cap_conversions: 2 },
    counts: [true, true, false],
    tried: async (offset) => (await rewardOfLastFriend(2 + offset)) > 0,
  },
  {
    name: 'cap.windowDays: a place in the cap is free again',
    terms: { cap_conversions: 1, cap_window_days: 30 },
    counts: [false, true, true],
    tried: async (offset) => {
      const referrer = await world.given.user();
      const [first, second] = [
        await world.given.userInvitedBy(referrer),
        await world.given.userInvitedBy(referrer),
      ];
      await pays(first);
      moveClock(now() + 30 * dayMs, offset);
      const before = await world.see.creditDaysOf(referrer);
      await pays(second);
      return (await world.see.creditDaysOf(referrer)) > before;
    },
  },
  {
    name: 'milestone.every: a milestone is reached, by one invitation',
    terms: { milestone_every: 3, milestone_days: 7 },
    counts: [false, true, false],
    tried: async (offset) => (await rewardOfLastFriend(3 + offset)) > 45,
  },
  {
    name: 'validFrom: a version is in force',
    counts: [false, true, true],
    tried: async (offset) => {
      const begins = now() + dayMs;
      await world.given.terms({ referrer_days: 77, valid_from: new Date(begins) });
      moveClock(begins, offset);
      const isInForce = (await creditDays()) === 77;
      moveClock(begins, 10); // let it begin for good before the next one
      await world.given.terms({});
      return isInForce;
    },
  },
  {
    name: 'validUntil: a version is in force',
    counts: [true, false, false],
    tried: async (offset) => {
      const ends = now() + dayMs;
      await world.given.terms({ referrer_days: 66, valid_until: new Date(ends) });
      moveClock(ends, offset);
      return (await creditDays()) === 66;
    },
  },
  {
    name: 'five minutes of tolerance: an invitation came before the payment, by one second',
    counts: [false, true, true],
    tried: async (offset) => {
      const bert = await world.given.userInvitedBy(await world.given.user());
      return (await pays(bert, {}, at() - 300 + offset)).detail === 'converted';
    },
  },
  {
    name: 'the window of a preview: a conversion is played, at its beginning',
    counts: [false, true, true],
    tried: async (offset) => {
      moveClock(now(), 40 * dayMs); // away from what others converted
      await pays(await world.given.userInvitedBy(await world.given.user()));
      const converted = now();
      moveClock(converted + 30 * dayMs, -offset);
      return (await countSimulatedPayments()) === 1;
    },
  },
  {
    name: 'the window of a preview: a conversion is played, at its end',
    counts: [true, false, false],
    tried: async (offset) => {
      moveClock(now(), 40 * dayMs);
      await pays(await world.given.userInvitedBy(await world.given.user()));
      moveClock(now(), -offset);
      const isPlayed = (await countSimulatedPayments()) === 1;
      moveClock(now(), dayMs);
      return isPlayed;
    },
  },
];

/** What the terms say beside limits, and a limit that is tried by days in the test below. */
const others = ['version', 'referrerDays', 'referredDays', 'qualifyingPrices', 'attribution', 'budgetDays'];

describe('a limit', () => {
  it('a limit is tried for every field of the terms that is one', async () => {
    const terms = await world.app.get(ProgrammeTerms, { strict: false }).current();
    const tried = new Set(limits.map(({ name }) => name.split(/[.:]/)[0] ?? ''));
    expect(Object.keys(terms).filter((field) => !tried.has(field) && !others.includes(field))).toEqual([]);
  });

  it.each(limits)('just before, exactly at, just after: $name', async ({ terms, counts, tried }) => {
    // whole seconds, as Stripe reports them, and no other limit in the way
    moveClock(Math.ceil(now() / 1000) * 1000, dayMs);
    await world.given.terms(terms ?? {});
    const told: boolean[] = [];
    for (const offset of [-1, 0, 1]) {
      moveClock(Math.ceil(now() / 1000) * 1000, 0);
      told.push(await tried(offset));
    }
    expect(told).toEqual(counts);
  });

  it('just before, exactly at, just after: budgetDays: a reward fits, by one day', async () => {
    for (const [budget, fits] of [
      [179, false],
      [180, true],
      [181, true],
    ] as const) {
      await world.given.terms({ budget_days: budget });
      expect([budget, (await rewardOfLastFriend(2)) > 0]).toEqual([budget, fits]);
    }
  });
});
