import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accountOperations } from '../accounts/account-operations.js';
import { bearer, type Person } from '../support/given.js';
import type { ProxiedRequest } from '../support/stripe-proxy.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import { daySeconds, subscriptionSteps } from '../support/subscription-steps.js';

let stand: SandboxWorld;
const { subscriber, chargeOf, give, revoke, deferrals } = subscriptionSteps(() => stand);
beforeAll(async () => {
  stand = await createSandboxWorld({ creditDelivery: 'defer_billing' });
});
afterEach(async () => {
  stand.proxy.stub = () => undefined;
  stand.proxy.fault = () => null;
  stand.proxy.beforeRequest = stand.proxy.beforeResponse = () => Promise.resolve();
  stand.proxy.requests.length = 0;
  expect(await stand.world.see.discrepancies()).toEqual([]);
});
afterAll(() => stand.close());

const preview = (dueAt: number) => ({
  status: 200,
  body: { object: 'invoice', amount_due: 900, next_payment_attempt: dueAt },
});
const isDeferralRequest = ({ method, body }: ProxiedRequest) => method === 'POST' && body.has('trial_end');

const deferralKeys = () =>
  stand.proxy.requests.flatMap((asked) => (isDeferralRequest(asked) ? (asked.key ?? '') : []));

interface Statement {
  usefulDays: number;
  until: string | null;
  entries: { id: string; kind: string; days: number }[];
}

async function creditOf(person: Person): Promise<Statement> {
  const answer = await stand.world.app.inject({ url: '/api/v1/credit', headers: bearer(person) });
  return answer.json<Statement>();
}

const kindsOf = async (person: Person) =>
  (await creditOf(person)).entries.map(({ kind, days }) => [kind, Math.round(days * 100) / 100]);

interface Row {
  entry_id: string;
  state: string;
  detail: string | null;
  attempt: number;
}

async function deferralsOf(person: Person): Promise<Row[]> {
  const { rows } = await stand.world.sql.query<Row>(
    `SELECT entry_id, state, detail, attempt FROM billing.deferral WHERE user_id = $1 ORDER BY planned_at, entry_id`,
    [person.id],
  );
  return rows;
}

/** Lets `happen` happen at another time of our clock; the sandbox stays in its own. */
async function atUnix(seconds: number, happen: () => Promise<void>): Promise<void> {
  const { clock } = stand.world;
  const now = clock.now();
  clock.set(new Date(seconds * 1_000));
  try {
    await happen();
  } finally {
    clock.set(now);
  }
}

/**
 * Lets `happen` happen after Stripe has reported where a subscription stands, and before its caller
 * has the answer.
 */
function duringRead(id: string, happen: () => Promise<void>): void {
  stand.proxy.beforeResponse = async ({ method, path }) => {
    if (method !== 'GET' || !path.endsWith(`/subscriptions/${id}`)) return;
    stand.proxy.beforeResponse = () => Promise.resolve();
    await happen();
  };
}

describe('credit of a person who subscribes', () => {
  it('credit of a person who subscribes puts the next charge off by as many days, and is consumed by that', async () => {
    const anna = await stand.world.given.user();
    const bert = await stand.world.given.userInvitedBy(anna);
    const before = await stand.world.app.inject({ url: '/api/v1/referral', headers: bearer(bert) });
    const { reward } = before.json<{ invitation: { reward: { worth: string; usefulDays: object[] } } }>()
      .invitation;
    expect(reward.worth).toContain('Your 45 days delay your next charge');
    expect(reward.usefulDays).toContainEqual({
      ...{ interval: 'month', intervalCount: 1, days: 45 },
      priceIds: ['price_twofold_monthly'],
    });
    const id = await stand.subscribe(bert);
    const paidUntil = await chargeOf(id);
    await stand.deliverEvents();
    await stand.world.runHandlers();
    expect(await chargeOf(id)).toBe(paidUntil + 45 * daySeconds);
    await stand.deliverEvents();
    expect(await kindsOf(bert)).toEqual([
      ['deferral', -45],
      ['referral_referred', 45],
    ]);
    expect(await creditOf(bert)).toMatchObject({ usefulDays: 0 });
    const me = await stand.world.app.inject({ url: '/api/v1/me', headers: bearer(bert) });
    expect(me.json()).toMatchObject({
      tier: 'paid',
      access: {
        source: 'subscription',
        until: new Date((paidUntil + 45 * daySeconds) * 1_000).toISOString(),
      },
    });
    // the referrer pays nothing: there is no charge to put off
    expect(await deferralsOf(anna)).toMatchObject([{ state: 'fallback', detail: 'no_paid_subscription' }]);
    expect(await creditOf(anna)).toMatchObject({ usefulDays: 45 });
  });

  it('credit of a person who subscribes given twice moves the charge twice, the second time from where the first left it', async () => {
    const { person, id, paidUntil } = await subscriber();
    for (const days of [10, 5]) {
      await give(person, days);
      await stand.world.runHandlers();
    }
    expect(stand.proxy.requestedTrialEnds).toEqual([
      paidUntil + 10 * daySeconds,
      paidUntil + 15 * daySeconds,
    ]);
    expect(await chargeOf(id)).toBe(paidUntil + 15 * daySeconds);
    expect((await creditOf(person)).usefulDays).toBe(0);
  });

  it('credit of a person who subscribes given twice at once moves the charge by the sum', async () => {
    const { person, id, paidUntil } = await subscriber();
    const entries = [await give(person, 10), await give(person, 5)];
    await Promise.allSettled(entries.map((entryId) => deferrals().deferNextCharge(entryId, person.id)));
    for (const entryId of entries) await deferrals().deferNextCharge(entryId, person.id);
    expect(await chargeOf(id)).toBe(paidUntil + 15 * daySeconds);
    await stand.world.runHandlers();
    expect(await chargeOf(id)).toBe(paidUntil + 15 * daySeconds);
    expect((await deferralsOf(person)).map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
  });

  it('credit of a person who subscribes never moves a charge from where it stood before another moved it', async () => {
    const { person, id, paidUntil } = await subscriber();
    const [first, second] = [await give(person, 10), await give(person, 5)];
    duringRead(id, () => deferrals().deferNextCharge(first, person.id));
    await expect(deferrals().deferNextCharge(second, person.id)).rejects.toMatchObject({
      code: 'billing.busy',
    });
    expect(await chargeOf(id)).toBe(paidUntil + 10 * daySeconds);
    await stand.world.runHandlers();
    expect(stand.proxy.requestedTrialEnds).toEqual([
      paidUntil + 10 * daySeconds,
      paidUntil + 15 * daySeconds,
    ]);
    expect((await deferralsOf(person)).map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
  });

  it('credit of a person who subscribes is never brought back from where the charge stood before another moved it', async () => {
    const { person, id, paidUntil } = await subscriber();
    const first = await give(person, 10);
    await stand.world.runHandlers();
    const second = await give(person, 5);
    await revoke(first);
    duringRead(id, () => deferrals().deferNextCharge(second, person.id));
    await expect(deferrals().revertDeferrals([first])).rejects.toMatchObject({ code: 'billing.busy' });
    expect(await chargeOf(id)).toBe(paidUntil + 15 * daySeconds);
    await stand.world.runHandlers();
    expect(await chargeOf(id)).toBe(paidUntil + 5 * daySeconds);
  });

  it('credit of a person who subscribes moves nothing for days that are taken back while the charge is checked', async () => {
    const { person, id, paidUntil } = await subscriber();
    const entryId = await give(person, 10);
    duringRead(id, () => revoke(entryId));
    await expect(deferrals().deferNextCharge(entryId, person.id)).rejects.toMatchObject({
      code: 'billing.busy',
    });
    await stand.world.runHandlers();
    expect(stand.proxy.requestedTrialEnds).toEqual([]);
    expect([await chargeOf(id), (await creditOf(person)).usefulDays]).toEqual([paidUntil, 0]);
  });

  it('credit of a person who subscribes puts a charge off once when a merge takes it to another account meanwhile', async () => {
    const { person, id, paidUntil } = await subscriber();
    const twin = await stand.world.given.user();
    const entryId = await give(person, 10);
    duringRead(id, async () => void (await accountOperations(stand.world).merge(person, twin)));
    await expect(deferrals().deferNextCharge(entryId, person.id)).rejects.toMatchObject({
      code: 'billing.busy',
    });
    await stand.world.runHandlers();
    const putOffDays = ((await chargeOf(id)) - paidUntil) / daySeconds;
    expect([putOffDays, (await creditOf(twin)).usefulDays]).toEqual([10, 0]);
  });

  it('credit of a person who subscribes waits behind the paid period where the subscription ends by itself', async () => {
    const { person, id, paidUntil } = await subscriber();
    await stand.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await give(person, 10);
    await stand.world.runHandlers();
    expect(await deferralsOf(person)).toMatchObject([{ state: 'fallback', detail: 'planned_to_end' }]);
    expect(stand.proxy.requestedTrialEnds).toEqual([]);
    expect(await creditOf(person)).toMatchObject({
      usefulDays: 10,
      until: new Date((paidUntil + 10 * daySeconds) * 1_000).toISOString(),
    });
  });

  it('credit of a person who subscribes waits behind the paid period where Stripe refuses', async () => {
    const { person, id, paidUntil } = await subscriber();
    stand.proxy.stub = (asked) =>
      isDeferralRequest(asked)
        ? { status: 400, body: { error: { type: 'invalid_request_error', code: 'not_this_one' } } }
        : undefined;
    await give(person, 10);
    await stand.world.runHandlers();
    expect(await deferralsOf(person)).toMatchObject([{ state: 'fallback', detail: 'not_this_one' }]);
    expect([await chargeOf(id), (await creditOf(person)).usefulDays]).toEqual([paidUntil, 10]);
  });

  it('credit of a person who subscribes waits behind the paid period where a bank suspects the payment that it rewards', async () => {
    const anna = await stand.world.given.user();
    const bert = await stand.world.given.userInvitedBy(anna);
    const id = await stand.subscribe(bert);
    const paidUntil = await chargeOf(id);
    await stand.deliverEvents();
    await stand.world.sql.query(`UPDATE referral.reward_status SET flags = '{early_fraud_warning}'`);
    await stand.world.runHandlers();
    await stand.world.sql.query(`UPDATE referral.reward_status SET flags = '{}'`);
    expect(await deferralsOf(bert)).toMatchObject([{ state: 'fallback', detail: 'early_fraud_warning' }]);
    expect([await chargeOf(id), (await creditOf(bert)).usefulDays]).toEqual([paidUntil, 45]);
  });

  it('credit of a person who subscribes moves nothing where that would charge something now', async () => {
    const { person, id, paidUntil } = await subscriber();
    stand.proxy.stub = ({ path }) =>
      path === '/v1/invoices/create_preview' ? preview(stand.world.when.seconds) : undefined;
    await give(person, 10);
    await stand.world.runHandlers();
    expect(await deferralsOf(person)).toMatchObject([{ state: 'fallback', detail: 'would_charge_now' }]);
    expect(await chargeOf(id)).toBe(paidUntil);
  });
});

describe('an interrupted deferral', () => {
  it('a lost response moves the charge once', async () => {
    const { person, id, paidUntil } = await subscriber();
    stand.proxy.fault = (asked) => (isDeferralRequest(asked) ? 'answer lost' : null);
    const entryId = await give(person, 10);
    await expect(deferrals().deferNextCharge(entryId, person.id)).rejects.toThrow(
      'Stripe did not complete the request',
    );
    expect(await deferralsOf(person)).toMatchObject([{ state: 'requested' }]);
    stand.proxy.fault = () => null;
    const before = stand.proxy.requestedTrialEnds.length;
    await deferrals().deferNextCharge(entryId, person.id);
    expect(stand.proxy.requestedTrialEnds.length).toBe(before);
    expect(await chargeOf(id)).toBe(paidUntil + 10 * daySeconds);
    expect((await creditOf(person)).usefulDays).toBe(0);
  });

  it('a lost request is repeated under the same key', async () => {
    const { person, id, paidUntil } = await subscriber();
    stand.proxy.fault = (asked) => (isDeferralRequest(asked) ? 'question lost' : null);
    const entryId = await give(person, 10);
    await expect(deferrals().deferNextCharge(entryId, person.id)).rejects.toThrow();
    stand.proxy.fault = () => null;
    await deferrals().deferNextCharge(entryId, person.id);
    expect(new Set(deferralKeys())).toEqual(new Set([`referral-defer:${entryId}:1`]));
    expect(new Set(stand.proxy.requestedTrialEnds)).toEqual(new Set([paidUntil + 10 * daySeconds]));
    expect(await chargeOf(id)).toBe(paidUntil + 10 * daySeconds);
  });

  it('a late request, after the charge has moved on, moves nothing', async () => {
    const { person, id, paidUntil } = await subscriber();
    const [first, second] = [await give(person, 10), await give(person, 5)];
    // the first caller is overtaken by one that completes both
    stand.proxy.beforeRequest = async (asked) => {
      if (!isDeferralRequest(asked)) return;
      stand.proxy.beforeRequest = () => Promise.resolve();
      await deferrals().deferNextCharge(second, person.id);
    };
    await deferrals().deferNextCharge(first, person.id);
    expect(stand.proxy.requestedTrialEnds.length).toBe(3);
    expect(await chargeOf(id)).toBe(paidUntil + 15 * daySeconds);
  });

  it('a late request to move a charge back moves nothing', async () => {
    const { person, id, paidUntil } = await subscriber();
    const first = await give(person, 10);
    await stand.world.runHandlers();
    const second = await give(person, 5);
    await revoke(first);
    stand.proxy.beforeRequest = async (asked) => {
      if (!isDeferralRequest(asked)) return;
      stand.proxy.beforeRequest = () => Promise.resolve();
      await deferrals().deferNextCharge(second, person.id);
    };
    await deferrals().revertDeferrals([first]);
    expect(await chargeOf(id)).toBe(paidUntil + 5 * daySeconds);
  });

  it('a request in progress is completed even when its credit is taken back', async () => {
    const { person, id, paidUntil } = await subscriber();
    const entryId = await give(person, 10);
    stand.proxy.beforeRequest = async (asked) => {
      if (!isDeferralRequest(asked)) return;
      stand.proxy.beforeRequest = () => Promise.resolve();
      await revoke(entryId);
      await deferrals().deferNextCharge(entryId, person.id);
      await deferrals().revertDeferrals([entryId]);
    };
    await deferrals().deferNextCharge(entryId, person.id);
    expect([await chargeOf(id), (await creditOf(person)).usefulDays]).toEqual([paidUntil, 0]);
    expect(await deferralsOf(person)).toMatchObject([{ state: 'reverted' }]);
  });

  it('a request that failed at Stripe is repeated under another key, because Stripe would repeat the failure', async () => {
    const { person, id, paidUntil } = await subscriber();
    stand.proxy.stub = (asked) =>
      isDeferralRequest(asked) ? { status: 500, body: { error: { type: 'api_error' } } } : undefined;
    const entryId = await give(person, 10);
    await expect(deferrals().deferNextCharge(entryId, person.id)).rejects.toMatchObject({
      code: 'billing.stripe_unreachable',
    });
    stand.proxy.stub = () => undefined;
    await deferrals().deferNextCharge(entryId, person.id);
    expect(new Set(deferralKeys())).toEqual(new Set([1, 2].map((n) => `referral-defer:${entryId}:${n}`)));
    expect(await chargeOf(id)).toBe(paidUntil + 10 * daySeconds);
  });

  it('the next entry completes the one before it, and starts from there', async () => {
    const { person, id, paidUntil } = await subscriber();
    const [first, second] = [await give(person, 10), await give(person, 5)];
    stand.proxy.fault = (asked) => (isDeferralRequest(asked) ? 'answer lost' : null);
    await expect(deferrals().deferNextCharge(first, person.id)).rejects.toThrow();
    stand.proxy.fault = () => null;
    await deferrals().deferNextCharge(second, person.id);
    expect((await deferralsOf(person)).map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
    expect(await chargeOf(id)).toBe(paidUntil + 15 * daySeconds);
  });

  it('a process that dies between the call to Stripe and the commit moves the charge once', async () => {
    const { person, id, paidUntil } = await subscriber();
    const entryId = await give(person, 10);
    await stand.world.sql.query(`
      CREATE FUNCTION pg_temp_stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'gone'; END $$;
      CREATE TRIGGER stumbles BEFORE UPDATE ON billing.deferral FOR EACH ROW WHEN (NEW.state = 'confirmed')
        EXECUTE FUNCTION pg_temp_stumble()`);
    await expect(deferrals().deferNextCharge(entryId, person.id)).rejects.toThrow('gone');
    await stand.world.sql.query(`DROP TRIGGER stumbles ON billing.deferral; DROP FUNCTION pg_temp_stumble()`);
    expect((await creditOf(person)).usefulDays).toBe(10);
    // what Stripe reports it meanwhile pays no one twice
    await stand.deliverEvents();
    await deferrals().deferNextCharge(entryId, person.id);
    expect(stand.proxy.requestedTrialEnds).toEqual([paidUntil + 10 * daySeconds]);
    expect(await chargeOf(id)).toBe(paidUntil + 10 * daySeconds);
    expect((await creditOf(person)).usefulDays).toBe(0);
    await stand.world.runHandlers();
    expect(stand.proxy.requestedTrialEnds.length).toBe(1);
  });
});

describe('what is taken back', () => {
  it('a reversal before the charge was moved leaves the charge', async () => {
    const { person, id, paidUntil } = await subscriber();
    await revoke(await give(person, 10));
    await stand.world.runHandlers();
    expect(await deferralsOf(person)).toMatchObject([{ state: 'cancelled', detail: 'no_credit_left' }]);
    expect([await chargeOf(id), stand.proxy.requestedTrialEnds]).toEqual([paidUntil, []]);
  });

  it('a reversal moves the charge back, and takes the days', async () => {
    const { person, id, paidUntil } = await subscriber();
    const entryId = await give(person, 10);
    await stand.world.runHandlers();
    await stand.deliverEvents();
    await revoke(entryId);
    await stand.world.runHandlers();
    await stand.deliverEvents();
    expect(await chargeOf(id)).toBe(paidUntil);
    expect(await kindsOf(person)).toEqual([
      ['admin_revoke', -10],
      ['deferral', 10],
      ['admin_revoke', 0],
      ['deferral', -10],
      ['admin_grant', 10],
    ]);
    expect((await creditOf(person)).usefulDays).toBe(0);
    expect(await deferralsOf(person)).toMatchObject([{ state: 'reverted' }]);
    const { metadata } = await stand.stripe.subscriptions.retrieve(id);
    expect(Object.keys(metadata)).not.toContain(`ref_${entryId}`);
  });

  it('a reversal leaves the days of the next 72 hours and used days', async () => {
    const { person, id, paidUntil } = await subscriber();
    const entryId = await give(person, 10);
    await stand.world.runHandlers();
    await atUnix(paidUntil + 2 * daySeconds, async () => {
      await revoke(entryId);
      await stand.world.runHandlers();
    });
    expect(await chargeOf(id)).toBe(paidUntil + 5 * daySeconds);
    expect((await kindsOf(person)).slice(0, 2)).toEqual([
      ['admin_revoke', -5],
      ['deferral', 5],
    ]);
  });

  it('a reversal keeps the deferral of another entry', async () => {
    const { person, id, paidUntil } = await subscriber();
    const first = await give(person, 10);
    const second = await give(person, 20);
    await stand.world.runHandlers();
    await revoke(first);
    await stand.world.runHandlers();
    expect(await chargeOf(id)).toBe(paidUntil + 20 * daySeconds);
    await atUnix(paidUntil + 2 * daySeconds, async () => {
      await revoke(second);
      await stand.world.runHandlers();
    });
    // the second took the place of the first: two of its days are used, three are too near
    expect(await chargeOf(id)).toBe(paidUntil + 5 * daySeconds);
    expect((await creditOf(person)).usefulDays).toBe(0);
  });

  it('a reversal during the call to Stripe moves the charge and then moves it back', async () => {
    const { person, id, paidUntil } = await subscriber();
    stand.proxy.fault = (asked) => (isDeferralRequest(asked) ? 'answer lost' : null);
    const entryId = await give(person, 10);
    await expect(deferrals().deferNextCharge(entryId, person.id)).rejects.toThrow();
    stand.proxy.fault = () => null;
    await revoke(entryId);
    await stand.world.runHandlers();
    expect(await chargeOf(id)).toBe(paidUntil);
    expect((await creditOf(person)).usefulDays).toBe(0);
    expect(await deferralsOf(person)).toMatchObject([{ state: 'reverted' }]);
  });

  it('an interrupted rollback resumes from the state at Stripe', async () => {
    const { person, id, paidUntil } = await subscriber();
    const entryId = await give(person, 10);
    await stand.world.runHandlers();
    await revoke(entryId);
    stand.proxy.fault = (asked) => (isDeferralRequest(asked) ? 'answer lost' : null);
    await expect(deferrals().revertDeferrals([entryId])).rejects.toThrow();
    stand.proxy.fault = () => null;
    const before = stand.proxy.requestedTrialEnds.length;
    await stand.world.runHandlers();
    expect(stand.proxy.requestedTrialEnds.length).toBe(before);
    expect([await chargeOf(id), (await creditOf(person)).usefulDays]).toEqual([paidUntil, 0]);
  });
});

describe('a subscription that ends', () => {
  it('a subscription that ends gives back what it did not live to use up', async () => {
    const { person, id } = await subscriber();
    await give(person, 10);
    await stand.world.runHandlers();
    await stand.deliverEvents();
    await stand.stripe.subscriptions.cancel(id);
    await stand.deliverEvents();
    expect(await creditOf(person)).toMatchObject({ usefulDays: 10 });
    expect(await deferralsOf(person)).toMatchObject([{ state: 'reverted', detail: 'subscription_ended' }]);
    await stand.deliverEvents();
    expect(await creditOf(person)).toMatchObject({ usefulDays: 10 });
  });
});
