import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InboxRetention } from '../../src/billing/webhooks/inbox-redaction.js';
import { EventHandlers } from '../../src/platform/jobs/event-handler-worker.js';
import { FakeStripe } from '../support/fake-stripe.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { legacyInvoice } from '../support/legacy-payloads.js';
import { event, invoice, stripeId, subscription } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let world: World;
let stripe: FakeStripe;
beforeAll(async () => {
  stripe = new FakeStripe();
  world = await createWorld({ stripeApiBase: await stripe.open() });
});
afterAll(async () => {
  await world.close();
  await stripe.close();
});
beforeEach(async () => {
  await world.runHandlers();
  stripe.isDown = false;
  await world.sql.query(
    `UPDATE billing.inbox SET status = 'ignored', waiting_key = NULL, payload = NULL WHERE status IN ('parked', 'failed')`,
  );
});

/** One run of the scheduled retry of parked events, and what follows from it. */
async function retryDueEvents(): Promise<void> {
  await world.app.get(EventHandlers, { strict: false }).tasks['retry-parked-events']?.run();
  await world.runHandlers();
}

const unknownPayer = () => ({ customer: stripeId('cus'), subscription: stripeId('sub'), userId: null });

/** A payment of a person who is not a known user. */
function invoiceOfUnknownUser() {
  const at = world.when.seconds;
  return event('invoice.paid', invoice(unknownPayer(), at), at);
}

async function statusOf(eventId: string): Promise<string | undefined> {
  const { rows } = await world.sql.query<{ status: string }>(
    `SELECT status FROM billing.inbox WHERE event_id = $1`,
    [eventId],
  );
  return rows[0]?.status;
}

const waiting = () => world.see.count(`billing.inbox WHERE status = 'parked'`);
const countTriedSince = (since: Date) =>
  world.see.count(`billing.inbox WHERE status = 'parked' AND last_tried_at >= $1`, [since]);

describe('the scheduled retry of parked events', () => {
  it('the scheduled retry of parked events reaches every one of five hundred events of unknown customers, and what waits behind them', async () => {
    const { clock, given, see, when } = world;
    for (let n = 0; n < 10; n++)
      await when.stripeSendsAtOnce(Array.from({ length: 50 }, () => invoiceOfUnknownUser()));
    const bert = await given.user();
    const unmapped = invoice({ ...bert.payer, userId: null }, when.seconds);
    await when.stripeSends(event('invoice.paid', unmapped, when.seconds, { id: 'evt_zzz_the_last_by_id' }));
    await given.linkCustomer(bert); // a mapping that retries nothing
    clock.advance(2 * hourMs);
    const begins = clock.now();
    for (let run = 0; run < 6; run++) await retryDueEvents();
    expect(await see.tierOf(bert)).toBe('paid');
    expect([await waiting(), await countTriedSince(begins)]).toEqual([500, 500]);
  });

  it('the scheduled retry of parked events takes the event first that was checked longest ago', async () => {
    const { clock, sql, when } = world;
    const events = Array.from({ length: 150 }, () => invoiceOfUnknownUser());
    for (let n = 0; n < 3; n++) await when.stripeSendsAtOnce(events.slice(n * 50, n * 50 + 50));
    const longestAgo = events
      .map(({ id }) => id)
      .sort()
      .at(-1);
    clock.advance(40 * dayMs);
    await sql.query(
      `UPDATE billing.inbox SET last_tried_at = $2::timestamptz - CASE WHEN event_id = $1 THEN interval '3 days' ELSE interval '2 days' END`,
      [longestAgo, clock.now()],
    );
    const begins = clock.now();
    await retryDueEvents();
    const { rows } = await sql.query(
      `SELECT last_tried_at >= $2 AS looked FROM billing.inbox WHERE event_id = $1`,
      [longestAgo, begins],
    );
    expect([rows, await countTriedSince(begins)]).toEqual([[{ looked: true }], 100]);
  });

  it('the scheduled retry of parked events records each look, whatever came of it, and lets each pause be longer than the one before', async () => {
    const { clock, sql, when } = world;
    stripe.isDown = true;
    const of = paymentFor(stripeId('in'));
    const events = [
      invoiceOfUnknownUser(), // goes on waiting for its customer
      event('refund.created', refund(of, when.seconds), when.seconds), // Stripe does not answer
    ];
    for (const one of events) await when.stripeSends(one);
    await world.runHandlers();
    const looks = async () => {
      const { rows } = await sql.query<{ last_tried_at: Date; next_retry_at: Date }>(
        `SELECT last_tried_at, next_retry_at FROM billing.inbox WHERE event_id = ANY($1) ORDER BY detail DESC`,
        [events.map(({ id }) => id)],
      );
      return rows.map((row) => ({
        at: row.last_tried_at.getTime(),
        pause: row.next_retry_at.getTime() - row.last_tried_at.getTime(),
      }));
    };
    let before = await looks();
    expect(before.map(({ pause }) => pause)).toEqual([hourMs, 2 * minuteMs]);
    for (let n = 0; n < 5; n++) {
      clock.advance(before[0]?.pause ?? 0);
      await retryDueEvents();
      const now = await looks();
      expect(now.map(({ at }) => at)).toEqual([clock.now().getTime(), clock.now().getTime()]);
      now.forEach(({ pause }, i) => expect(pause).toBe((before[i]?.pause ?? NaN) * 2));
      before = now;
    }
  });

  it('the scheduled retry of parked events leaves an event alone until its pause is over', async () => {
    const { clock, when } = world;
    await when.stripeSends(invoiceOfUnknownUser());
    clock.advance(hourMs - 1);
    const begins = clock.now();
    await retryDueEvents();
    expect(await countTriedSince(begins)).toBe(0);
    clock.advance(1);
    await retryDueEvents();
    expect(await countTriedSince(begins)).toBe(1);
  });

  it('the scheduled retry of parked events asks a Stripe that does not answer once a run, and goes on with what needs no answer', async () => {
    const { clock, when } = world;
    stripe.isDown = true;
    const refunds = Array.from({ length: 20 }, () =>
      event('refund.created', refund(paymentFor(stripeId('in')), when.seconds), when.seconds),
    );
    await when.stripeSendsAtOnce(refunds);
    for (let n = 0; n < 20; n++) await when.stripeSends(invoiceOfUnknownUser());
    await world.runHandlers();
    clock.advance(2 * hourMs);
    const begins = clock.now();
    stripe.requests.length = 0;
    await retryDueEvents();
    expect(await countTriedSince(begins)).toBe(21);
    expect(
      new Set(stripe.requests.map((url) => url.split('=').at(1)?.slice(0, 40))).size,
    ).toBeLessThanOrEqual(3);
    stripe.isDown = false;
    clock.advance(12 * hourMs);
    await retryDueEvents();
    for (const { id } of refunds) expect(await statusOf(id)).not.toBe('parked');
  });

  it('the scheduled retry of parked events reads a bounded part of an index, however many events of unknown customers wait', async () => {
    const { clock, sql } = world;
    await sql.query(
      `INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, detail, waiting_key, next_retry_at, digest, payload)
       SELECT 'evt_many_' || n, 'invoice.paid', $1, $1, 'parked', 'unknown_user', 'cus_' || n, $1::timestamptz + n * interval '1 s', '', '{}'
       FROM generate_series(1, 20000) n`,
      [clock.now()],
    );
    await sql.query('ANALYZE billing.inbox');
    const { rows } = await sql.query<{ 'QUERY PLAN': [{ Plan: object }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) SELECT event_id FROM (
         SELECT event_id, last_tried_at, next_retry_at FROM billing.inbox WHERE status = 'parked' AND detail = 'unknown_user'
         ORDER BY next_retry_at NULLS FIRST LIMIT 1000) soonest
       WHERE next_retry_at IS NULL OR next_retry_at <= now() ORDER BY last_tried_at NULLS FIRST, event_id LIMIT 100`,
    );
    const plan = JSON.stringify(rows[0]?.['QUERY PLAN']);
    expect(plan).toContain('"Index Name":"inbox_retry_for_unknown_user"');
    expect(plan).not.toContain('Seq Scan');
    const read = [...plan.matchAll(/"Actual Rows":([\d.]+)/g)].map(([, figure]) => Number(figure));
    expect(Math.max(...read)).toBeLessThanOrEqual(1000);
    await sql.query(`DELETE FROM billing.inbox WHERE event_id LIKE 'evt_many_%'`);
  });
});

describe('an event whose subject can never be known', () => {
  it('an event whose subject can never be known is ignored, and an invoice behind a hundred of them is applied as soon as it has come', async () => {
    const { given, see, sql, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    for (let n = 0; n < 100; n++) {
      const gone = event(
        'customer.deleted',
        { id: stripeId('cus'), object: 'customer', deleted: true },
        when.seconds,
      );
      expect(await when.stripeSends(gone)).toMatchObject({ outcome: 'ignored', detail: 'unknown_user' });
    }
    const paid = invoice(bert.payer, when.seconds);
    stripe.put(paid);
    const answer = await when.stripeSends(event('invoice.paid', legacyInvoice(paid), when.seconds));
    expect(answer).toMatchObject({ outcome: 'parked', detail: 'unknown_shape' });
    await world.runHandlers();
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([45, 45]);
    expect(await waiting()).toBe(0);
    expect((await sql.query(`SELECT 1 FROM billing.deleted_customer`)).rowCount).toBe(100);
  });

  it('an event whose subject can never be known is ignored when it names no customer and no user of our own', async () => {
    const { when } = world;
    const nobody = { customer: null as unknown as string, subscription: stripeId('sub'), userId: null };
    const at = when.seconds;
    for (const one of [
      event('invoice.paid', invoice(nobody, at), at),
      event('customer.subscription.updated', subscription(nobody, at), at),
    ])
      expect(await when.stripeSends(one)).toMatchObject({ outcome: 'ignored', detail: 'no_customer' });
  });

  it('an event whose subject can never be known is remembered as a deleted customer, should the customer turn out to be one of our own', async () => {
    const { given, sql, when } = world;
    const bert = await given.user();
    const deletedAt = when.seconds;
    await when.stripeSends(
      event('customer.deleted', { id: bert.payer.customer, object: 'customer', deleted: true }, deletedAt),
    );
    await when.pays(bert); // our metadata maps the customer
    const { rows } = await sql.query(
      `SELECT user_id, used_for_checkout, deleted_at FROM billing.customer WHERE id = $1`,
      [bert.payer.customer],
    );
    expect(rows).toEqual([
      { user_id: bert.id, used_for_checkout: false, deleted_at: new Date(deletedAt * 1000) },
    ]);
  });
});

describe('parked events of unknown customers', () => {
  it('parked events of unknown customers are ignored after thirty days and lose their payload, while the id still shows a late delivery', async () => {
    const { app, clock, sql, when } = world;
    const retention = app.get(InboxRetention, { strict: false });
    const sent = invoiceOfUnknownUser();
    await when.stripeSends(sent);
    await when.stripeSends(
      event('customer.deleted', { id: stripeId('cus'), object: 'customer', deleted: true }, when.seconds),
    );
    clock.advance(30 * dayMs - 1_000);
    await retention.purge();
    expect(await statusOf(sent.id)).toBe('parked');
    clock.advance(1_000);
    await retention.purge();
    const { rows } = await sql.query(
      `SELECT status, detail, waiting_key, payload FROM billing.received_event WHERE event_id = $1`,
      [sent.id],
    );
    expect(rows).toEqual([
      { status: 'ignored', detail: 'unknown_user_for_30_days', waiting_key: null, payload: null },
    ]);
    expect((await sql.query(`SELECT 1 FROM billing.deleted_customer`)).rowCount).toBe(0);
    expect(await when.stripeSends(sent)).toMatchObject({ outcome: 'duplicate', detail: 'ignored' });
  });

  it('parked events of unknown customers are kept while the customer is known, and while they wait for anything else', async () => {
    const { app, clock, given, sql, when } = world;
    stripe.isDown = true;
    const bert = await given.user();
    const own = event('invoice.paid', invoice({ ...bert.payer, userId: null }, when.seconds), when.seconds);
    const back = event('refund.created', refund(paymentFor(stripeId('in')), when.seconds), when.seconds);
    for (const one of [own, back]) await when.stripeSends(one);
    await world.runHandlers();
    await given.linkCustomer(bert);
    clock.advance(31 * dayMs);
    await app.get(InboxRetention, { strict: false }).purge();
    const { rows } = await sql.query(
      `SELECT event_id FROM billing.inbox WHERE status = 'parked' AND payload IS NOT NULL ORDER BY 1`,
    );
    expect(rows.map((row: { event_id: string }) => row.event_id)).toEqual([own.id, back.id].sort());
  });
});

it('an event that an older release parked is checked as soon as a new worker runs', async () => {
  const { given, see, sql, when } = world;
  const bert = await given.user();
  const own = event('invoice.paid', invoice({ ...bert.payer, userId: null }, when.seconds), when.seconds);
  await when.stripeSends(own);
  await sql.query(`UPDATE billing.inbox SET last_tried_at = NULL, next_retry_at = NULL WHERE event_id = $1`, [
    own.id,
  ]);
  await given.linkCustomer(bert);
  await retryDueEvents();
  expect(await see.tierOf(bert)).toBe('paid');
});

it('an answer that brings up another question has that question asked at once, too', async () => {
  const { given, see, when } = world;
  const anna = await given.user();
  const bert = await given.userInvitedBy(anna);
  await given.linkCustomer(bert);
  const paid = when.invoicePaid(bert);
  await when.stripeSends(paid);
  const of = paymentFor(String(paid.data.object.id));
  const back = refund(of, when.seconds);
  stripe.put(invoicePayment(of, when.seconds), back);
  // an old shape: its amount is missing, and with it the way to the payment is asked for next
  const { amount: _, ...sparse } = back;
  expect((await when.stripeSends(event('refund.created', sparse, when.seconds))).detail).toBe(
    'unknown_shape',
  );
  await world.runHandlers();
  expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([0, 0]);
  expect(await waiting()).toBe(0);
});
