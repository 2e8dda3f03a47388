import { afterAll, beforeAll, beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import { Log } from '../../src/platform/observability/logging/log.js';
import { EventHandlers } from '../../src/platform/jobs/event-handler-worker.js';
import { countUnprocessed } from '../../src/billing/webhooks/inbox-queries.repository.js';
import { checkInbox } from '../../src/billing/webhooks/inbox-monitoring.js';
import { inEnglish } from '../support/in-english.js';
import { dispute, paymentFor, refund } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice, stripeId, type StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let staff: Staff;
let alert: MockInstance<Log['alert']>;
beforeAll(async () => {
  world = await createWorld(); // its Stripe is down
  staff = await createStaff(world);
  alert = vi.spyOn(world.app.get(Log, { strict: false }), 'alert');
});
afterAll(() => world.close());
beforeEach(() => void alert.mockClear());

async function retryParkedEvents(times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    world.clock.advance(86_400_000);
    await world.app.get(EventHandlers, { strict: false }).tasks['retry-parked-events']?.run();
    await world.runHandlers();
  }
}

async function deliver(sent: StripeEvent): Promise<void> {
  await world.when.stripeSends(sent);
  await world.runHandlers();
}

const raised = (name: string) =>
  alert.mock.calls.filter(([own]) => own === name).map(([, facts]) => facts.eventId);

it('an alert about an event is raised once, with its id, however often the event is checked and delivered', async () => {
  const { given, when } = world;
  const bert = await given.user();
  await given.linkCustomer(bert);
  const odd = when.invoicePaid(bert, { parent: undefined });
  const word = event(
    'charge.dispute.updated',
    dispute(paymentFor(stripeId('in')), when.seconds, { status: 'arbitrated' }),
    when.seconds,
  );
  await deliver(odd);
  await deliver(word);
  await retryParkedEvents(3);
  for (const one of [odd, word]) await deliver(one);
  expect(raised('billing.unknown_shape')).toEqual([odd.id]);
  expect(raised('billing.unknown_status')).toEqual([word.id]);
});

it('another event, and another reason of the same event, are alerts of their own', async () => {
  const { given, when } = world;
  const bert = await given.user();
  await given.linkCustomer(bert);
  const [one, other] = [1, 2].map(() => when.invoicePaid(bert, { parent: undefined })) as [
    StripeEvent,
    StripeEvent,
  ];
  await deliver(one);
  await deliver(other);
  const changed = { ...one, data: { object: { ...one.data.object, amount_paid: 5 } } };
  await deliver(changed);
  await deliver(one);
  expect(raised('billing.unknown_shape')).toEqual([one.id, other.id]);
  expect(raised('billing.event_content_changed')).toEqual([one.id]);
});

it('an alert of a transaction that rolled back is not raised', async () => {
  const { given, sql, when } = world;
  const [anna, bert] = [await given.user(), await given.user()];
  await given.linkCustomer(bert);
  await sql.query(`ALTER TABLE billing.invoice ADD CONSTRAINT refuses CHECK (user_id <> '${bert.id}')`);
  const paid = event('invoice.paid', invoice({ ...bert.payer, userId: anna.id }, when.seconds), when.seconds);
  expect((await when.stripeSends(paid)).status).toBe(500);
  expect(raised('billing.customer_mismatch')).toEqual([]);
  await sql.query(`ALTER TABLE billing.invoice DROP CONSTRAINT refuses`);
  for (let n = 0; n < 2; n++) await deliver(paid);
  expect(raised('billing.customer_mismatch')).toEqual([paid.id]);
});

it('doctor counts parked events whatever their age, and says why each waits and what frees it', async () => {
  const { database, sql, when } = world;
  await sql.query(
    `UPDATE billing.inbox SET status = 'ignored', waiting_key = NULL, payload = NULL WHERE status <> 'applied'`,
  );
  for (let n = 0; n < 3; n++) {
    const stranger = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
    await when.stripeSends(event('invoice.paid', invoice(stranger, when.seconds), when.seconds));
  }
  await when.stripeSends(
    event('refund.created', refund(paymentFor(stripeId('in')), when.seconds), when.seconds),
  );
  const findings = (await checkInbox(database, world.clock.now())).map(inEnglish);
  expect(findings.filter(({ check }) => check === 'events')).toEqual([
    {
      check: 'events',
      level: 'warning',
      seen: expect.stringMatching(/^3 wait: its customer or external id does not belong to a known user/),
      advice: expect.stringMatching(
        /^Resolved by a checkout, an import, metadata or PUT \/people with it.*--status parked$/,
      ),
    },
    {
      check: 'events',
      level: 'warning',
      seen: expect.stringMatching(/^1 waits: the invoice of this payment is not known/),
      advice: expect.stringMatching(/^Resolved by a lookup at Stripe/),
    },
  ]);
  expect((await countUnprocessed(database)).map(({ detail, events }) => [detail, events])).toEqual([
    ['unknown_user', 3],
    ['unknown_payment', 1],
  ]);
});

it('staff see why an event waits, what frees it, and when it is checked next', async () => {
  const { rows } = await world.sql.query<{ event_id: string }>(
    `SELECT event_id FROM billing.inbox WHERE status = 'parked' AND detail = 'unknown_user' LIMIT 1`,
  );
  const id = rows[0]?.event_id;
  const { json } = await staff.api('GET', `stripe/events/${id}`, staff.support);
  expect(json()).toMatchObject({
    waiting: {
      why: 'its customer or external id does not belong to a known user',
      freedBy: expect.stringContaining('ignored after 30 days'),
    },
    lastTriedAt: world.clock.now().toISOString(),
    nextRetryAt: new Date(world.clock.now().getTime() + 3_600_000).toISOString(),
  });
  for (const path of [`events/${id}`, 'events?status=parked'])
    expect((await staff.page(path, staff.support)).body).toContain('does not belong to a known user');
});
