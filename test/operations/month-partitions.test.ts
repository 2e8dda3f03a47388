import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReplay } from '../../src/billing/webhooks/event-retries.js';
import { InboxRedaction, InboxRetention } from '../../src/billing/webhooks/inbox-redaction.js';
import { MonthPartitions } from '../../src/platform/database/month-partitions.js';
import { ClickCounter } from '../../src/referral/attribution/click-counter.js';
import { LinkClicks } from '../../src/referral/attribution/link-clicks.js';
import { holdLock } from '../support/held-lock.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await createWorld({ eventRetentionDays: 90 });
});
afterAll(() => world.close());

function service<T>(service: abstract new (...parts: never[]) => T): T {
  return world.app.get(service, { strict: false });
}

async function partitions(): Promise<string[]> {
  const { rows } = await world.sql.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits
     WHERE inhparent IN ('billing.inbox_payload'::regclass, 'referral.link_click'::regclass,
       'referral.channel_click'::regclass) ORDER BY 1`,
  );
  return rows.map(({ name }) => name.replace(/^\w+\./, ''));
}

/** Where an event has its payload: partitions, and `inbox` for that of an event that waits. */
async function placesOf(eventId: string): Promise<string[]> {
  const { rows } = await world.sql.query<{ place: string }>(
    `SELECT tableoid::regclass::text AS place FROM billing.inbox_payload WHERE event_id = $1
     UNION ALL SELECT 'billing.inbox' FROM billing.inbox WHERE event_id = $1 AND payload IS NOT NULL`,
    [eventId],
  );
  return rows.map(({ place }) => place.replace('billing.', ''));
}

async function payloadOf(eventId: string): Promise<unknown> {
  const { rows } = await world.sql.query<{ payload: unknown }>(
    `SELECT payload FROM billing.received_event WHERE event_id = $1`,
    [eventId],
  );
  return rows[0]?.payload;
}

it('partitions are made for this month and the next two, once, also by two processes at once', async () => {
  expect(await partitions()).toEqual([
    'inbox_payload_default',
    'channel_click_default',
    'link_click_default',
  ]);
  const both = await Promise.all([service(MonthPartitions).create(), service(MonthPartitions).create()]);
  expect(both.flat().sort()).toEqual([
    'billing.inbox_payload_2026_11',
    'billing.inbox_payload_2026_12',
    'billing.inbox_payload_2027_01',
    'referral.channel_click_2026_11',
    'referral.channel_click_2026_12',
    'referral.channel_click_2027_01',
    'referral.link_click_2026_11',
    'referral.link_click_2026_12',
    'referral.link_click_2027_01',
  ]);
  expect(await service(MonthPartitions).create()).toEqual([]);
  world.clock.set(new Date('2026-11-30T23:59:59.999Z'));
  expect(await service(MonthPartitions).create()).toEqual([]);
  world.clock.set(new Date('2026-12-01T00:00:00.000Z'));
  expect(await service(MonthPartitions).create()).toEqual([
    'billing.inbox_payload_2027_02',
    'referral.link_click_2027_02',
    'referral.channel_click_2027_02',
  ]);
});

describe('the payload of an event', () => {
  it('lies in the partition of the month in which the event was received', async () => {
    const bert = await world.given.userInvitedBy(await world.given.user());
    world.clock.set(new Date('2026-12-31T23:59:59.999Z'));
    const [first, second] = [world.when.invoicePaid(bert), world.when.invoicePaid(bert)];
    await world.when.stripeSends(first);
    world.clock.set(new Date('2027-01-01T00:00:00.000Z'));
    await world.when.stripeSends(second);
    await world.when.stripeSends(first);
    expect([await placesOf(first.id), await placesOf(second.id)]).toEqual([
      ['inbox_payload_2026_12'],
      ['inbox_payload_2027_01'],
    ]);
    expect(await payloadOf(first.id)).toEqual(first);
  });

  it('stays with an event that waits, and goes to the month in which the event was received once it is applied', async () => {
    const bert = await world.given.user();
    const paid = event(
      'invoice.paid',
      invoice({ ...bert.payer, userId: null }, world.when.seconds),
      world.when.seconds,
    );
    expect(await world.when.stripeSends(paid)).toMatchObject({ outcome: 'parked' });
    expect(await placesOf(paid.id)).toEqual(['inbox']);
    world.clock.set(new Date('2027-02-03T00:00:00.000Z'));
    await world.given.linkCustomer(bert);
    await world.when.stripeSends(paid);
    expect(await placesOf(paid.id)).toEqual(['inbox_payload_2027_01']);
    expect(await payloadOf(paid.id)).toEqual(paid);
  });

  it('is kept once while the event is applied again, also where that fails', async () => {
    const paid = world.when.invoicePaid(await world.given.user());
    await world.when.stripeSends(paid);
    await world.sql.query(
      `ALTER TABLE billing.inbox_payload ADD CONSTRAINT no_more CHECK (event_id <> '${paid.id}') NOT VALID`,
    );
    await expect(service(EventReplay).replay(paid.id, { kind: 'operator' })).rejects.toThrow('failed again');
    expect([await placesOf(paid.id), await payloadOf(paid.id)]).toEqual([['inbox_payload_2027_02'], paid]);
    await world.sql.query(`ALTER TABLE billing.inbox_payload DROP CONSTRAINT no_more`);
    await service(EventReplay).replay(paid.id, { kind: 'operator' });
    expect([await placesOf(paid.id), await payloadOf(paid.id)]).toEqual([['inbox_payload_2027_02'], paid]);
  });

  it('of an event that was ignored is replaced by another content that counts', async () => {
    const bert = await world.given.user();
    const paid = world.when.invoicePaid(bert);
    const unusable = { ...paid, data: { object: { id: stripeId('in'), object: 'unheard-of' } } };
    expect(await world.when.stripeSends(unusable)).toMatchObject({ status: 200 });
    await world.when.stripeSends(paid);
    expect([await placesOf(paid.id), await payloadOf(paid.id)]).toEqual([['inbox_payload_2027_02'], paid]);
  });
});

it('an erasure waits for an event that is being applied, and redacts the payload where that has put it', async () => {
  const bert = await world.given.user();
  const remark = { custom_fields: [{ name: 'for', value: 'Bert Brecht' }] };
  const paid = event('invoice.paid', invoice(bert.payer, world.when.seconds, remark), world.when.seconds);
  await world.when.stripeSends(paid);
  const apply = await holdLock(
    world.sql,
    `WITH claimed AS MATERIALIZED (SELECT event_id FROM billing.inbox WHERE event_id = $1 FOR NO KEY UPDATE)
     DELETE FROM billing.inbox_payload WHERE event_id IN (SELECT event_id FROM claimed)`,
    [paid.id],
  );
  const redacted = service(InboxRedaction).redact([bert.id]);
  await apply.untilBlocked();
  await apply.query(
    `INSERT INTO billing.inbox_payload SELECT received_at, event_id, $2 FROM billing.inbox WHERE event_id = $1`,
    [paid.id, JSON.stringify(paid)],
  );
  await apply.commit();
  await redacted;
  expect(JSON.stringify(await payloadOf(paid.id))).not.toContain('Brecht');
  expect(JSON.stringify(await payloadOf(paid.id))).toContain(bert.payer.customer);
});

it('a month is dropped when it ended before the retention, and leaves nothing behind; younger ones stay', async () => {
  const bert = await world.given.user();
  const [first, second] = [world.when.invoicePaid(bert), world.when.invoicePaid(bert)];
  world.clock.set(new Date('2030-01-31T23:00:00.000Z'));
  await service(MonthPartitions).create();
  await world.when.stripeSends(first);
  world.clock.set(new Date('2030-02-01T00:00:00.000Z'));
  await world.when.stripeSends(second);
  world.clock.advance(90 * dayMs - 1);
  await service(InboxRetention).purge();
  expect(await payloadOf(first.id)).toEqual(first);
  world.clock.advance(1);
  await service(InboxRetention).purge();
  expect([await payloadOf(first.id), await payloadOf(second.id)]).toEqual([null, second]);
  const left = await partitions();
  expect(left).not.toContain('inbox_payload_2030_01');
  expect(left).toEqual(expect.arrayContaining(['inbox_payload_2030_02', 'link_click_2030_01']));
});

it('a month with rows in the default partition stays there until it is old', async () => {
  world.clock.set(new Date('2031-05-10T00:00:00.000Z'));
  const paid = world.when.invoicePaid(await world.given.user());
  await world.when.stripeSends(paid);
  const made = await service(MonthPartitions).create();
  expect(made).toContain('billing.inbox_payload_2031_06');
  expect(made).not.toContain('billing.inbox_payload_2031_05');
  expect(await payloadOf(paid.id)).toEqual(paid);
  world.clock.set(new Date(Date.UTC(2031, 5, 1) + 90 * dayMs));
  await service(InboxRetention).purge();
  expect(await payloadOf(paid.id)).toBeNull();
});

it('link clicks are counted in their month, and dropped with it', async () => {
  const anna = await world.given.user();
  const code = await world.given.referralCodeOf(anna);
  world.clock.set(new Date('2032-07-31T12:00:00.000Z'));
  await service(MonthPartitions).create();
  for (let click = 0; click < 3; click++) service(ClickCounter).record(code, 'qr');
  await service(ClickCounter).settle();
  expect((await world.sql.query(`SELECT clicks FROM referral.link_click_2032_07`)).rows).toEqual([
    { clicks: 3 },
  ]);
  expect((await world.sql.query(`SELECT channel, clicks FROM referral.channel_click_2032_07`)).rows).toEqual([
    { channel: 'qr', clicks: 3 },
  ]);
  expect(await service(LinkClicks).statsForUser(anna.id)).toMatchObject({
    clicks: 3,
    channels: [{ channel: 'qr', clicks: 3, signUps: 0 }],
  });
  world.clock.advance(432 * dayMs);
  await service(LinkClicks).prune();
  expect(await partitions()).not.toContain('link_click_2032_07');
  expect(await world.see.count('referral.link_click')).toBe(0);
});

it('the first day of a month that is kept stays, whatever the time zone of the database', async () => {
  const tokyo = await createWorld({}, async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET timezone = 'Asia/Tokyo'`);
    await client.end();
    return url;
  });
  const code = await tokyo.given.referralCodeOf(await tokyo.given.user());
  const clickCounter = tokyo.app.get(ClickCounter, { strict: false });
  for (const day of ['2032-07-31T23:59:59Z', '2032-08-01T00:00:00Z']) {
    tokyo.clock.set(new Date(day));
    clickCounter.record(code, 'email');
  }
  await clickCounter.settle();
  tokyo.clock.set(new Date(Date.UTC(2032, 7, 1) + 400 * dayMs));
  await tokyo.app.get(LinkClicks, { strict: false }).prune();
  const { rows } = await tokyo.sql.query(`SELECT day::text FROM referral.link_click`);
  expect(rows).toEqual([{ day: '2032-08-01' }]);
  expect((await tokyo.sql.query(`SELECT day::text FROM referral.channel_click`)).rows).toEqual(rows);
  await tokyo.close();
});

it('while a backup reads, nothing is made or dropped, payments go on, and the next attempt does it', async () => {
  world.clock.set(new Date('2034-01-01T00:00:00.000Z'));
  await service(MonthPartitions).create();
  world.clock.set(new Date('2035-01-01T00:00:00.000Z'));
  const backup = await holdLock(
    world.sql,
    `LOCK TABLE billing.inbox_payload, referral.link_click, referral.channel_click IN ACCESS SHARE MODE`,
  );
  const existing = await partitions();
  const attempts = Promise.all([service(MonthPartitions).create(), service(InboxRetention).purge()]);
  const paid = await world.when.stripeSends(world.when.invoicePaid(await world.given.user()));
  expect(await attempts).toEqual([null, undefined]);
  expect(paid).toMatchObject({ status: 200, outcome: 'applied' });
  expect(await partitions()).toEqual(existing);
  await backup.release();
  await service(InboxRetention).purge();
  expect(await service(MonthPartitions).create()).toContain('billing.inbox_payload_2035_02');
  expect(await partitions()).not.toContain('inbox_payload_2034_01');
});

it('no other table has partitions to drop', async () => {
  await expect(
    world.sql.query(`SELECT platform.drop_month_partitions('credit.entry', now())`),
  ).rejects.toThrow('credit.entry has no monthly partitions to drop');
});
