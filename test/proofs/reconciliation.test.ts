import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from 'vitest';
import { ReconciliationService } from '../../src/billing/index.js';
import { dayMs, minuteMs } from '../../src/platform/durations.js';
import { Log } from '../../src/platform/observability/logging/log.js';
import { RebuildService } from '../../src/integrity/rebuild.service.js';
import type { Person } from '../support/given.js';
import { listFindings, createLostWebhooksWorld, type LostWebhooksWorld } from '../support/lost-webhooks.js';

/** Every webhook is lost: what then brings people what they paid for. */
let world: LostWebhooksWorld;
let reconciliationService: ReconciliationService;
let anna: Person;
let bert: Person;
beforeAll(async () => {
  world = await createLostWebhooksWorld();
  reconciliationService = world.app.get(ReconciliationService, { strict: false });
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
});
beforeEach(async () => {
  world.clock.set(new Date());
  await world.sql.query(`DELETE FROM billing.reconcile_cursor`);
  anna = await world.given.user();
  bert = await world.given.userInvitedBy(anna);
  await world.buySubscription(bert);
  expect(await world.see.tierOf(bert)).toBe('free');
});

const days = async () => [await world.see.creditDaysOf(anna), await world.see.creditDaysOf(bert)];

describe('the events that Stripe lists', () => {
  it('bring tier and credit, and nothing a second time', async () => {
    const found = await listFindings((options) => reconciliationService.reconcileEvents(options));
    expect(found.filter((words) => words.endsWith('applied: converted'))).toHaveLength(1);
    await world.runHandlers();
    expect([await world.see.tierOf(bert), ...(await days())]).toEqual(['paid', 45, 45]);
    const before = await world.financialState();
    expect(await listFindings((options) => reconciliationService.reconcileEvents(options))).toEqual([]);
    await world.runHandlers();
    expect(await world.financialState()).toEqual(before);
  });

  it('are written as they would arrive, so a late delivery is a duplicate', async () => {
    await reconciliationService.reconcileEvents();
    await world.runHandlers();
    const { data } = await world.sandbox.stripe.events.list({ type: 'invoice.paid', limit: 1 });
    const late = JSON.parse(JSON.stringify(data[0])) as Parameters<typeof world.when.stripeSends>[0];
    expect(await world.when.stripeSends(late)).toMatchObject({ outcome: 'duplicate', detail: 'applied' });
  });

  it('taken by two at once credit once', async () => {
    const [one, other] = await Promise.all([
      reconciliationService.reconcileEvents(),
      reconciliationService.reconcileEvents(),
    ]);
    await world.runHandlers();
    expect(one.missing + other.missing).toBeGreaterThan(0);
    expect(one.failed + other.failed).toBe(0);
    expect(await days()).toEqual([45, 45]);
  });

  it('are only named in a dry run', async () => {
    const before = await world.financialState();
    const found = await listFindings((options) => reconciliationService.reconcileEvents(options), {
      dryRun: true,
    });
    expect(found).toContain('event invoice.paid not taken: dry run');
    await world.runHandlers();
    expect(await world.financialState()).toEqual(before);
  });

  it('undo what was paid back, in whatever order they happened', async () => {
    const { paymentIntent } = await world.chargeOf(bert);
    await world.sandbox.stripe.refunds.create({ payment_intent: paymentIntent });
    await reconciliationService.reconcileEvents();
    await world.runHandlers();
    expect(await days()).toEqual([0, 0]);
  });

  it('are all taken, the oldest first, when they are too many for a page and for a second', async () => {
    const { stripe } = world.sandbox;
    const { paymentIntent } = await world.chargeOf(bert);
    const refund = await stripe.refunds.create({ payment_intent: paymentIntent, amount: 1 });
    for (let n = 0; n < 15; n++)
      await Promise.all(
        Array.from({ length: 8 }, (_, m) =>
          stripe.refunds.update(refund.id, { metadata: { n: `${n}-${m}` } }),
        ),
      );
    const told: string[] = [];
    await reconciliationService.reconcileEvents({ onFinding: ({ id }) => told.push(id) });
    const made = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
    const secondOf = new Map(made.map(({ id, created }) => [id, created]));
    const seconds = told.map((id) => secondOf.get(id) ?? NaN);
    expect(told.length).toBeGreaterThan(240);
    expect(new Set(told).size).toBe(told.length);
    expect(seconds).toEqual(seconds.toSorted((one, other) => one - other));
    expect(await listFindings((options) => reconciliationService.reconcileEvents(options))).toEqual([]);
  });
});

/** Stripe may fail to make an event at all: nothing here is ever listed as one. */
describe('the objects that Stripe lists', () => {
  const objects = (options = {}) =>
    listFindings((all) => reconciliationService.reconcileObjects(all), options);

  it('bring tier and credit without any event, and nothing a second time', async () => {
    const found = await objects();
    expect(found).toEqual(['subscription active applied: written', 'invoice paid applied: converted']);
    await world.runHandlers();
    expect([await world.see.tierOf(bert), ...(await days())]).toEqual(['paid', 45, 45]);
    const before = await world.financialState();
    expect(await objects()).toEqual([]);
    await world.runHandlers();
    expect(await world.financialState()).toEqual(before);
  });

  it('and its events, in either order, end the same', async () => {
    await reconciliationService.reconcileObjects();
    const { failed } = await reconciliationService.reconcileEvents();
    await world.runHandlers();
    expect([failed, await world.see.tierOf(bert), ...(await days())]).toEqual([0, 'paid', 45, 45]);
    expect(await objects()).toEqual([]);
  });

  it('never show a credit that was paid back before we heard of the payment', async () => {
    const { paymentIntent } = await world.chargeOf(bert);
    await world.sandbox.stripe.refunds.create({ payment_intent: paymentIntent });
    await objects();
    await world.runHandlers();
    expect(await days()).toEqual([0, 0]);
    expect(await world.see.count(`credit.account WHERE until IS NOT NULL AND user_id = $1`, [bert.id])).toBe(
      0,
    );
  });

  it('tell of a dispute, of its end, and of a subscription that was cancelled', async () => {
    const { sandbox, see } = world;
    await objects();
    const { id } = await world.chargeOf(bert);
    await sandbox.runAction(`charges/${id}/dispute`);
    expect(await objects({ dryRun: true })).toEqual(['dispute needs_response not taken: dry run']);
    expect(await days()).toEqual([45, 45]);
    expect(await objects()).toEqual(['dispute needs_response applied: unknown is now needs_response']);
    expect(await days()).toEqual([0, 0]);

    const [dispute] = (await sandbox.stripe.disputes.list({ charge: id })).data;
    await sandbox.runAction(`disputes/${dispute?.id}/won`);
    world.clock.set(new Date());
    world.clock.advance(20 * dayMs);
    expect(await objects()).toEqual(['dispute won applied: needs_response is now won']);
    expect((await days()).every((left) => left > 24)).toBe(true);

    await sandbox.stripe.subscriptions.cancel(await world.subscriptionOf(bert));
    world.clock.advance(20 * dayMs); // its period is over, by what we know
    expect(await objects()).toEqual(['subscription canceled applied: written']);
    expect(await see.tierOf(bert)).toBe('free');
    expect(await objects()).toEqual([]);
  });

  it('compared by two at once credit once', async () => {
    const both = await Promise.all([
      reconciliationService.reconcileObjects(),
      reconciliationService.reconcileObjects(),
      reconciliationService.reconcileEvents(),
    ]);
    await world.runHandlers();
    expect(both.map(({ failed }) => failed)).toEqual([0, 0, 0]);
    expect(await days()).toEqual([45, 45]);
  });
});

/** What 0.5.0 stored by rules of its own, and what no event mends. */
describe('rows of an older release', () => {
  const objects = (options = {}) =>
    listFindings((all) => reconciliationService.reconcileObjects(all), options);
  const store = (values: string) =>
    world.sql.query(`UPDATE billing.subscription SET ${values} WHERE user_id = $1`, [bert.id]);
  const stored = async (columns: string) =>
    (await world.sql.query(`SELECT ${columns} FROM billing.subscription WHERE user_id = $1`, [bert.id])).rows;

  it('a living subscription that was stored as ending with its period, without a date, is read by the next round', async () => {
    await objects();
    world.clock.advance(10 * dayMs);
    await objects();
    world.clock.advance(5 * dayMs); // it was made before the round begins, and its period is not over
    await store(`cancel_at_period_end = true, cancel_at = NULL`);
    expect(await objects()).toEqual(['subscription active applied: written']);
    expect(await stored('cancel_at_period_end')).toEqual([{ cancel_at_period_end: false }]);
    expect(await objects()).toEqual([]);
  });

  it.each([
    'makes_paid = false',
    'collection_voided = true',
    `current_period_end = now() - interval '1 day'`,
  ])('a subscription stored with %s is mended by a round from the first day on', async (values) => {
    const firstDay = world.clock.now();
    await objects();
    const before = await stored('makes_paid, collection_voided, current_period_end');
    await store(values);
    world.clock.advance(15 * dayMs);
    expect(await objects({ since: firstDay })).toEqual(['subscription active applied: written']);
    expect(await stored('makes_paid, collection_voided, current_period_end')).toEqual(before);
    expect(await world.see.tierOf(bert)).toBe('paid');
    expect(await objects({ since: firstDay })).toEqual([]);
  });

  it('a tier that older rules made of a right subscription is written by a rebuild, after which verify finds nothing', async () => {
    await objects();
    await world.sql.query(
      `UPDATE billing.account SET tier = 'free', paid_through = NULL WHERE user_id = $1`,
      [bert.id],
    );
    expect(await objects()).toEqual([]);
    expect(await world.see.discrepancies()).not.toEqual([]);
    const rebuild = world.app
      .get(RebuildService, { strict: false })
      .run({ dryRun: false, onProgress: () => undefined });
    for await (const finding of rebuild) expect(finding).toMatchObject({ userId: bert.id });
    expect(await world.see.tierOf(bert)).toBe('paid');
    expect(await world.see.discrepancies()).toEqual([]);
  });
});

describe('the cursor', () => {
  const reached = async (what: string) => {
    const { rows } = await world.sql.query<{ reached_at: Date }>(
      `SELECT reached_at FROM billing.reconcile_cursor WHERE what = $1`,
      [what],
    );
    return rows[0]?.reached_at;
  };

  it('moves to now, and never over a gap or back', async () => {
    await reconciliationService.reconcileEvents();
    expect(await reached('events')).toEqual(world.clock.now());
    const before = world.clock.now();
    world.clock.advance(3 * dayMs);
    await reconciliationService.reconcileEvents({ since: new Date(before.getTime() + dayMs) });
    expect(await reached('events')).toEqual(before);
    await reconciliationService.reconcileEvents({ since: new Date(before.getTime() - dayMs) });
    expect(await reached('events')).toEqual(world.clock.now());
    const farthest = await reached('events');
    world.clock.set(before);
    await reconciliationService.reconcileEvents();
    expect(await reached('events')).toEqual(farthest);
  });

  it('of the objects stays where it was when one of them failed', async () => {
    await reconciliationService.reconcileObjects();
    const before = await reached('objects');
    world.clock.advance(dayMs);
    const carl = await world.given.userInvitedBy(anna);
    await world.buySubscription(carl);
    await world.sql.query(
      `ALTER TABLE billing.subscription ADD CONSTRAINT refuses CHECK (user_id <> '${carl.id}')`,
    );
    expect((await reconciliationService.reconcileObjects()).failed).toBeGreaterThan(0);
    expect(await reached('objects')).toEqual(before);
    await world.sql.query(`ALTER TABLE billing.subscription DROP CONSTRAINT refuses`);
    expect((await reconciliationService.reconcileObjects()).failed).toBe(0);
    expect(await reached('objects')).toEqual(world.clock.now());
    expect(await world.see.tierOf(carl)).toBe('paid');
  });
});

describe('by the clock', () => {
  it('leaves alone what may still be on its way, then brings it and tells somebody', async () => {
    const alerts = jest.spyOn(world.app.get(Log, { strict: false }), 'alert');
    await reconciliationService.runScheduledEvents();
    await reconciliationService.runScheduledObjects();
    await world.runHandlers();
    expect(await days()).toEqual([0, 0]);
    world.clock.advance(6 * minuteMs);
    alerts.mockClear();
    await reconciliationService.runScheduledEvents();
    await world.runHandlers();
    expect(alerts).toHaveBeenCalledTimes(1);
    expect(alerts).toHaveBeenCalledWith('billing.deliveries_missed', {
      what: 'events',
      missed: expect.any(Number),
      findings: expect.arrayContaining([expect.objectContaining({ status: 'invoice.paid' })]),
    });
    expect(await world.see.tierOf(bert)).toBe('paid');
    alerts.mockRestore();
  });

  it('stops in time, and goes on from there the next time', async () => {
    const stopped = await reconciliationService.reconcileObjects({
      stopAt: new Date(world.clock.now().getTime() - 1),
    });
    expect(stopped.complete).toBe(false);
    expect(await world.see.count(`billing.reconcile_cursor WHERE what = 'objects'`)).toBe(0);
    const { complete, compared } = await reconciliationService.reconcileObjects();
    expect([complete, compared > 0]).toEqual([true, true]);
  });
});

describe('what turns after it seemed decided, without an event', () => {
  const stands = async () => {
    const { rows } = await world.sql.query<{ state: string }>(
      `SELECT state FROM referral.standing s JOIN referral.conversion c ON c.id = s.conversion_id WHERE referred_id = $1`,
      [bert.id],
    );
    return rows[0]?.state;
  };
  const fourRoundsLater = async () => {
    for (let round = 0; round < 4; round++) {
      world.clock.advance(5 * dayMs);
      await reconciliationService.reconcileObjects();
    }
  };

  it('a refund that fails three weeks later gives the credit back', async () => {
    await reconciliationService.reconcileObjects();
    const { paymentIntent } = await world.chargeOf(bert);
    const refund = await world.sandbox.stripe.refunds.create({ payment_intent: paymentIntent });
    await reconciliationService.reconcileObjects();
    expect(await stands()).toBe('reversed');
    await fourRoundsLater();
    await world.sandbox.runAction(`refunds/${refund.id}/fail`);
    await reconciliationService.reconcileObjects();
    expect(await stands()).toBe('good');
  });

  it('a lost dispute that is won on appeal three weeks later gives the credit back', async () => {
    await reconciliationService.reconcileObjects();
    const { id } = await world.chargeOf(bert);
    await world.sandbox.runAction(`charges/${id}/dispute`);
    const [dispute] = (await world.sandbox.stripe.disputes.list({ charge: id })).data;
    await world.sandbox.runAction(`disputes/${dispute?.id}/lost`);
    await reconciliationService.reconcileObjects();
    expect(await stands()).toBe('reversed');
    await fourRoundsLater();
    await world.sandbox.runAction(`disputes/${dispute?.id}/appeal`);
    await world.sandbox.runAction(`disputes/${dispute?.id}/won`);
    await reconciliationService.reconcileObjects();
    expect(await stands()).toBe('good');
  });

  it('a first payment from before the first round is found for who was invited', async () => {
    world.clock.advance(60 * dayMs);
    await reconciliationService.reconcileObjects();
    expect(await stands()).toBe('good');
  });
});
