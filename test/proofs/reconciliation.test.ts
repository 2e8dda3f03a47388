import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
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
  await world.sql.query(`DELETE FROM billing.reconciliation_cursor`);
  anna = await world.given.user();
  bert = await world.given.userInvitedBy(anna);
  await world.buySubscription(bert);
  expect(await world.see.tierOf(bert)).toBe('free');
});

const days = async () => [await world.see.creditDaysOf(anna), await world.see.creditDaysOf(bert)];

describe('the events that Stripe lists', () => {
  it('the events that Stripe lists bring tier and credit, and nothing a second time', async () => {
    const found = await listFindings((options) => reconciliationService.reconcileEvents(options));
    expect(found.filter((words) => words.endsWith('applied: converted'))).toHaveLength(1);
    await world.runHandlers();
    expect([await world.see.tierOf(bert), ...(await days())]).toEqual(['paid', 45, 45]);
    const before = await world.financialState();
    expect(await listFindings((options) => reconciliationService.reconcileEvents(options))).toEqual([]);
    await world.runHandlers();
    expect(await world.financialState()).toEqual(before);
  });

  it('the events that Stripe lists are written as they would arrive, so a late delivery is a duplicate', async () => {
    await reconciliationService.reconcileEvents();
    await world.runHandlers();
    const { data } = await world.sandbox.stripe.events.list({ type: 'invoice.paid', limit: 1 });
    const late = JSON.parse(JSON.stringify(data[0])) as Parameters<typeof world.when.stripeSends>[0];
    expect(await world.when.stripeSends(late)).toMatchObject({ outcome: 'duplicate', detail: 'applied' });
  });

  it('the events that Stripe lists taken by two at once credit once', async () => {
    const [one, other] = await Promise.all([
      reconciliationService.reconcileEvents(),
      reconciliationService.reconcileEvents(),
    ]);
    await world.runHandlers();
    expect(one.missing + other.missing).toBeGreaterThan(0);
    expect(one.failed + other.failed).toBe(0);
    expect(await days()).toEqual([45, 45]);
  });

  it('the events that Stripe lists are only named in a dry run', async () => {
    const before = await world.financialState();
    const found = await listFindings((options) => reconciliationService.reconcileEvents(options), {
      dryRun: true,
    });
    expect(found).toContain('event invoice.paid not applied: dry run');
    await world.runHandlers();
    expect(await world.financialState()).toEqual(before);
  });

  it('the events that Stripe lists undo what was paid back, in whatever order they happened', async () => {
    const { paymentIntent } = await world.chargeOf(bert);
    await world.sandbox.stripe.refunds.create({ payment_intent: paymentIntent });
    await reconciliationService.reconcileEvents();
    await world.runHandlers();
    expect(await days()).toEqual([0, 0]);
  });

  it('the events that Stripe lists are all taken, the oldest first, when they are too many for a page and for a second', async () => {
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

  it('the objects that Stripe lists bring tier and credit without any event, and nothing a second time', async () => {
    const found = await objects();
    expect(found).toEqual(['subscription active applied: written', 'invoice paid applied: converted']);
    await world.runHandlers();
    expect([await world.see.tierOf(bert), ...(await days())]).toEqual(['paid', 45, 45]);
    const before = await world.financialState();
    expect(await objects()).toEqual([]);
    await world.runHandlers();
    expect(await world.financialState()).toEqual(before);
  });

  it('the objects that Stripe lists and its events, in either order, end the same', async () => {
    await reconciliationService.reconcileObjects();
    const { failed } = await reconciliationService.reconcileEvents();
    await world.runHandlers();
    expect([failed, await world.see.tierOf(bert), ...(await days())]).toEqual([0, 'paid', 45, 45]);
    expect(await objects()).toEqual([]);
  });

  it('the objects that Stripe lists never show a credit that was paid back before we heard of the payment', async () => {
    const { paymentIntent } = await world.chargeOf(bert);
    await world.sandbox.stripe.refunds.create({ payment_intent: paymentIntent });
    await objects();
    await world.runHandlers();
    expect(await days()).toEqual([0, 0]);
    expect(await world.see.count(`credit.account WHERE until IS NOT NULL AND user_id = $1`, [bert.id])).toBe(
      0,
    );
  });

  it('the objects that Stripe lists report a dispute, of its end, and of a subscription that was cancelled', async () => {
    const { sandbox, see } = world;
    await objects();
    const { id } = await world.chargeOf(bert);
    await sandbox.runAction(`charges/${id}/dispute`);
    expect(await objects({ dryRun: true })).toEqual(['dispute needs_response not applied: dry run']);
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

  it('the objects that Stripe lists compared by two at once credit once', async () => {
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

/** What is stored wrong, and what no event mends. */
describe('rows that differ from Stripe', () => {
  const objects = (options = {}) =>
    listFindings((all) => reconciliationService.reconcileObjects(all), options);
  const store = (values: string) =>
    world.sql.query(`UPDATE billing.subscription SET ${values} WHERE user_id = $1`, [bert.id]);
  const stored = async (columns: string) =>
    (await world.sql.query(`SELECT ${columns} FROM billing.subscription WHERE user_id = $1`, [bert.id])).rows;

  it.each([
    'grants_paid_tier = false',
    'collection_voided = true',
    `current_period_end = now() - interval '1 day'`,
  ])('a subscription stored with %s is mended by a round from the first day on', async (values) => {
    const firstDay = world.clock.now();
    await objects();
    const before = await stored('grants_paid_tier, collection_voided, current_period_end');
    await store(values);
    world.clock.advance(15 * dayMs);
    expect(await objects({ since: firstDay })).toEqual(['subscription active applied: written']);
    expect(await stored('grants_paid_tier, collection_voided, current_period_end')).toEqual(before);
    expect(await world.see.tierOf(bert)).toBe('paid');
    expect(await objects({ since: firstDay })).toEqual([]);
  });

  it('a tier that does not follow from a right subscription is written by a rebuild, after which verify finds nothing', async () => {
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
    const { rows } = await world.sql.query<{ compared_until: Date }>(
      `SELECT compared_until FROM billing.reconciliation_cursor WHERE kind = $1`,
      [what],
    );
    return rows[0]?.compared_until;
  };

  it('the cursor moves to now, and never over a gap or back', async () => {
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

  it('the cursor of the objects stays where it was when one of them failed', async () => {
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

describe('scheduled reconciliation', () => {
  it('scheduled reconciliation leaves alone what may still arrive, then fetches it and raises an alert', async () => {
    const alerts = vi.spyOn(world.app.get(Log, { strict: false }), 'alert');
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
      kind: 'events',
      missing: expect.any(Number),
      findings: expect.arrayContaining([expect.objectContaining({ status: 'invoice.paid' })]),
    });
    expect(await world.see.tierOf(bert)).toBe('paid');
    alerts.mockRestore();
  });

  it('scheduled reconciliation stops in time, and resumes the next time', async () => {
    const stopped = await reconciliationService.reconcileObjects({
      stopAt: new Date(world.clock.now().getTime() - 1),
    });
    expect(stopped.complete).toBe(false);
    expect(await world.see.count(`billing.reconciliation_cursor WHERE kind = 'objects'`)).toBe(0);
    const { complete, compared } = await reconciliationService.reconcileObjects();
    expect([complete, compared > 0]).toEqual([true, true]);
  });
});

describe('late changes without an event', () => {
  const stands = async () => {
    const { rows } = await world.sql.query<{ state: string }>(
      `SELECT state FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id WHERE referred_id = $1`,
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
    expect(await stands()).toBe('granted');
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
    expect(await stands()).toBe('granted');
  });

  it('a first payment from before the first run is found for an invited user', async () => {
    world.clock.advance(60 * dayMs);
    await reconciliationService.reconcileObjects();
    expect(await stands()).toBe('granted');
  });
});
