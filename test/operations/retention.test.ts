import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuthRetention } from '../../src/auth/auth-maintenance.js';
import { EventReplay } from '../../src/billing/webhooks/event-retries.js';
import { InboxRedaction, InboxRetention } from '../../src/billing/webhooks/inbox-redaction.js';
import { EmailRetention } from '../../src/notifications/personal-data.js';
import { EventHandlers } from '../../src/platform/jobs/event-handler-worker.js';
import { ClickCounter } from '../../src/referral/attribution/click-counter.js';
import { LinkClicks } from '../../src/referral/attribution/link-clicks.js';
import { SignalRetention } from '../../src/referral/fraud/signals.repository.js';
import { bearer } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
/** Of the month in which the world starts. */
const monthEnd = new Date('2026-12-01T00:00:00.000Z');

let world: World;
beforeAll(async () => {
  world = await createWorld({ eventRetentionDays: 90 });
});
afterAll(() => world.close());

function service<T>(service: abstract new (...parts: never[]) => T): T {
  return world.app.get(service, { strict: false });
}

async function eventsWithPayload(): Promise<string[]> {
  const { rows } = await world.sql.query<{ event_id: string }>(
    `SELECT event_id FROM billing.received_event WHERE payload IS NOT NULL ORDER BY 1`,
  );
  return rows.map(({ event_id: id }) => id);
}

it('the payload of an event is forgotten when its month ended 90 days ago, its id is not: delivered again it is a duplicate', async () => {
  const bert = await world.given.userInvitedBy(await world.given.user());
  const paid = world.when.invoicePaid(bert);
  await world.when.stripeSends(paid);
  const days = await world.see.creditDaysOf(bert);
  world.clock.set(new Date(monthEnd.getTime() + 90 * dayMs - 1_000));
  await service(InboxRetention).purge();
  expect(await eventsWithPayload()).toEqual([paid.id]);
  world.clock.advance(1_000);
  await service(InboxRetention).purge();
  expect(await eventsWithPayload()).toEqual([]);

  expect(await world.when.stripeSends(paid)).toMatchObject({ status: 200, outcome: 'duplicate' });
  expect(await world.see.creditDaysOf(bert)).toBe(Math.max(0, days - 120));
  expect(await world.see.discrepancies()).toEqual([]);
});

it('such an event says so: on its page, to who replays it, and to an erasure', async () => {
  const root = await world.given.user({ role: 'admin' });
  const [{ event_id: id } = { event_id: '' }] = (
    await world.sql.query<{ event_id: string }>(
      `SELECT event_id FROM billing.received_event WHERE payload IS NULL`,
    )
  ).rows;
  const shown = await world.app.inject({
    url: `/api/v1/admin/stripe/events/${id}`,
    headers: bearer(root),
  });
  expect(shown.json()).toMatchObject({ id, status: 'applied', payload: null });
  const page = await world.app.inject({
    url: `/admin/events/${id}`,
    headers: { ...bearer(root), accept: 'text/html' },
  });
  expect(page.body).toContain('Its content was deleted because of its age');
  await expect(service(EventReplay).replay(id, { kind: 'operator' })).rejects.toThrow(
    /because of its age.*reconcile/,
  );
  const { rows } = await world.sql.query<{ user_id: string }>(`SELECT user_id FROM billing.invoice`);
  await service(InboxRedaction).redact(rows.map((row) => row.user_id));
});

it.each(['parked', 'failed', 'dead'])('what is %s keeps its content, however old', async (status) => {
  await world.sql.query(
    `INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, waiting_key, digest, payload)
     VALUES ('evt_old_' || $1, 'x', $2, $2, $1, CASE WHEN $1 = 'parked' THEN 'cus_x' END, '', '{}')`,
    [status, new Date(0)],
  );
  await service(InboxRetention).purge();
  expect(await eventsWithPayload()).toContain(`evt_old_${status}`);
  await expect(
    world.sql.query(`UPDATE billing.inbox SET payload = NULL WHERE event_id = 'evt_old_' || $1`, [status]),
  ).rejects.toThrow('inbox_payload_is_kept_until_processed');
  await world.sql.query(`DELETE FROM billing.inbox WHERE event_id LIKE 'evt_old_%'`);
});

it('many payloads in the default partition are forgotten in small transactions, and one that is locked is left for the next time', async () => {
  await world.sql.query(
    `WITH event AS (
       INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, digest)
       SELECT 'evt_many_' || n, 'x', $1, $1, 'applied', '' FROM generate_series(1, 4201) n RETURNING received_at, event_id)
     INSERT INTO billing.inbox_payload SELECT received_at, event_id, '{}' FROM event`,
    [new Date(0)],
  );
  await world.sql.query(
    `CREATE TABLE public.deletion AS SELECT pg_current_xact_id()::text AS transaction WHERE false;
     CREATE FUNCTION public.note_deletion() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO public.deletion VALUES (pg_current_xact_id()::text); RETURN NULL; END $$;
     CREATE TRIGGER note_deletion AFTER DELETE ON billing.inbox_payload FOR EACH ROW EXECUTE FUNCTION public.note_deletion()`,
  );
  const holder = await world.sql.connect();
  await holder.query(`BEGIN; SELECT 1 FROM billing.inbox_payload WHERE event_id = 'evt_many_7' FOR UPDATE`);
  await service(InboxRetention).purge();
  await holder.query('COMMIT');
  holder.release();
  const { rows } = await world.sql.query(
    `SELECT count(*)::int AS deleted, count(DISTINCT transaction)::int AS transactions FROM public.deletion`,
  );
  expect(rows).toEqual([{ deleted: 4200, transactions: 3 }]);
  await world.sql.query(`DROP FUNCTION public.note_deletion() CASCADE; DROP TABLE public.deletion`);
  expect(await eventsWithPayload()).toEqual(['evt_many_7']);
  await service(InboxRetention).purge();
  expect(await eventsWithPayload()).toEqual([]);
});

it('kept emails go after a month, and the note that one was sent when no fact is reported again', async () => {
  const emails = () =>
    Promise.all([
      world.see.count('notifications.captured_email'),
      world.see.count('notifications.email_delivery'),
    ]);
  await world.given.user();
  await world.sql.query(
    `INSERT INTO notifications.email_delivery (id, claimed_at, sent_at) VALUES ('a:fact', $1, $1)`,
    [world.clock.now()],
  );
  const [kept, noted] = await emails();
  expect(kept).toBeGreaterThan(0);
  await service(EmailRetention).purge();
  const [stillKept] = await emails();
  expect(stillKept).toBeGreaterThan(0);
  world.clock.advance(30 * dayMs);
  await service(EmailRetention).purge();
  expect(await emails()).toEqual([0, noted]);
  world.clock.advance(370 * dayMs);
  await service(EmailRetention).purge();
  expect(await emails()).toEqual([0, 0]);
});

it('link clicks go after more than a year', async () => {
  const code = await world.given.referralCodeOf(await world.given.user());
  service(ClickCounter).record(code, 'copy');
  await service(ClickCounter).settle();
  world.clock.advance(400 * dayMs);
  await service(LinkClicks).prune();
  expect(await world.see.count('referral.link_click')).toBe(1);
  expect(await world.see.count('referral.channel_click')).toBe(1);
  world.clock.advance(31 * dayMs);
  await service(LinkClicks).prune();
  expect(await world.see.count('referral.link_click')).toBe(0);
  expect(await world.see.count('referral.channel_click')).toBe(0);
});

it('networks and devices of sign-ups go after more than a year; what makes a reward come once stays', async () => {
  await world.sql.query(`DELETE FROM referral.signal`);
  const anna = await world.given.user();
  const kinds = ['mailbox', 'customer', 'card', 'network', 'device'];
  await world.sql.query(
    `INSERT INTO referral.signal (user_id, kind, hash, seen_at)
     SELECT $1, kind, '\\x00', $3 FROM unnest($2::text[]) AS kind`,
    [anna.id, kinds, world.clock.now()],
  );
  const kept = async () =>
    (
      await world.sql.query<{ kind: string }>(
        `SELECT kind FROM referral.signal WHERE user_id = $1 AND hash = '\\x00' ORDER BY 1`,
        [anna.id],
      )
    ).rows.map(({ kind }) => kind);
  world.clock.advance(399 * dayMs);
  await service(SignalRetention).prune();
  expect(await kept()).toEqual([...kinds].sort());
  world.clock.advance(dayMs);
  await service(SignalRetention).prune();
  expect(await kept()).toEqual(['card', 'customer', 'mailbox']);
});

it('a device is known for longer than a session can last', async () => {
  await world.sql.query(`DELETE FROM auth.known_device`);
  await world.given.user();
  world.clock.advance(499 * dayMs);
  await service(AuthRetention).purge();
  expect(await world.see.count('auth.known_device')).toBe(1);
  world.clock.advance(2 * dayMs);
  await service(AuthRetention).purge();
  expect(await world.see.count('auth.known_device')).toBe(0);
});

it('sessions, codes, limits and answers to keys go by the hour; and every kind of forgetting comes round', async () => {
  await world.given.user();
  world.clock.advance(40 * dayMs);
  await service(AuthRetention).purge();
  for (const table of ['auth.session', 'auth.challenge', 'platform.rate_limit', 'platform.idempotency'])
    expect({ table, rows: await world.see.count(table) }).toEqual({ table, rows: 0 });
  const { tasks } = service(EventHandlers);
  for (const name of [
    'purge-expired',
    'create-month-partitions',
    'purge-event-payloads',
    'purge-emails',
    'purge-link-clicks',
    'purge-fraud-signals',
    'verify-ledger',
  ])
    await tasks[name]?.run();
  expect(await world.see.count('platform.verification')).toBe(1);
});

it.each([
  ['sessions', 'session_by_expires_at', `DELETE FROM auth.session WHERE expires_at <= now()`],
  ['codes', 'challenge_by_expires_at', `DELETE FROM auth.challenge WHERE expires_at <= now()`],
  ['limits', 'rate_limit_by_expires_at', `DELETE FROM platform.rate_limit WHERE expires_at <= now()`],
  ['answers', 'idempotency_by_created_at', `DELETE FROM platform.idempotency WHERE created_at <= now()`],
  [
    'emails',
    'captured_email_by_created_at',
    `DELETE FROM notifications.captured_email WHERE created_at <= now()`,
  ],
  [
    'records of sent emails',
    'email_delivery_by_claimed_at',
    `DELETE FROM notifications.email_delivery WHERE claimed_at <= now()`,
  ],
  ['link clicks', 'link_click_default_by_day', `DELETE FROM referral.link_click WHERE day < now()`],
  [
    'clicks by channel',
    'channel_click_default_day_idx',
    `DELETE FROM referral.channel_click WHERE day < now()`,
  ],
  ['payloads', 'inbox_payload_default_pkey', `DELETE FROM billing.inbox_payload WHERE received_at < now()`],
  [
    'devices',
    'known_device_by_last_sign_in_at',
    `DELETE FROM auth.known_device WHERE last_sign_in_at <= now()`,
  ],
])('old %s are found by the index %s', async (_what, index, sql) => {
  const client = await world.sql.connect();
  await client.query(`BEGIN; SET LOCAL enable_seqscan = off`);
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`);
  await client.query('ROLLBACK');
  client.release();
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
});

it('old signals are found by their age and not among all networks and devices', async () => {
  const client = await world.sql.connect();
  const { id } = await world.given.user();
  await client.query(
    `INSERT INTO referral.signal (user_id, kind, hash, seen_at)
     SELECT $1, 'network', decode(md5(n::text), 'hex'), now() - (20000 - n) * interval '1 hour' FROM generate_series(1, 20000) n`,
    [id],
  );
  await client.query('VACUUM ANALYZE referral.signal');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN DELETE FROM referral.signal WHERE seen_at <= now() - interval '830 days' AND kind IN ('network', 'device')`,
  );
  client.release();
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('signal_by_seen_at');
});
