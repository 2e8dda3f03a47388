import { afterAll, beforeAll, expect, it } from 'vitest';
import { stripeId } from '../support/stripe-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

/** The first page of the console: what waits for staff, and where each number leads. */
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
});
afterAll(() => world.close());

/** The links of a section, with their texts. */
async function linksOf(section: string): Promise<Map<string, string>> {
  world.clock.advance(600_000); // beyond what is cached
  const { statusCode, body } = await staff.page('', staff.support);
  expect(statusCode).toBe(200);
  const part = body.split(`id="${section}"`)[1]?.split('</section>')[0] ?? '';
  const links = part.matchAll(/<a[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs);
  return new Map(
    [...links].map(([, href = '', text = '']) => [
      href.replaceAll('&amp;', '&'),
      text
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ]),
  );
}

it('the overview says that nothing waits, and who may not see it', async () => {
  expect(await linksOf('tasks')).toEqual(new Map());
  const user = await world.given.user();
  expect((await staff.page('', user)).statusCode).toBe(403);
  expect((await world.app.inject({ url: '/admin', headers: { accept: 'text/html' } })).statusCode).toBe(303);
});

it('each thing that waits is counted, and its number leads to its list', async () => {
  const { given, when, sql } = world;
  const stranger = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
  const anna = await given.user();
  await when.stripeSends(when.invoicePaid({ ...anna, payer: stranger }));
  const dead = when.invoicePaid({ ...anna, payer: { ...stranger, customer: stripeId('cus') } });
  await when.stripeSends(dead);
  await sql.query(
    `UPDATE billing.inbox SET status = 'dead', failures = 10, waiting_key = NULL WHERE event_id = $1`,
    [dead.id],
  );
  const bert = await given.userInvitedBy(anna);
  await sql.query(
    `INSERT INTO referral.review (referral_id, outcome, opened_at)
     SELECT id, 'review', $2 FROM referral.referral WHERE referred_id = $1
     ON CONFLICT (referral_id) DO UPDATE SET outcome = 'review', decision = NULL`,
    [bert.id, world.clock.now()],
  );
  await sql.query(
    `INSERT INTO webhooks.endpoint (id, url, secret, created_at, disabled_at, disabled_reason)
     VALUES (gen_random_uuid(), 'https://hooks.example/in', 'x', $1, $1, 'failing')`,
    [world.clock.now()],
  );
  await sql.query(
    `INSERT INTO webhooks.event (id, position, type, at, data) VALUES ('evt_' || repeat('a', 32), 1000000, 'webhook.test', $1, '{}')`,
    [world.clock.now()],
  );
  await sql.query(
    `INSERT INTO webhooks.delivery (id, event_id, endpoint_id, status, created_at, last_error)
     SELECT gen_random_uuid(), 'evt_' || repeat('a', 32), id, 'dead', $1, 'connect ECONNREFUSED' FROM webhooks.endpoint`,
    [world.clock.now()],
  );
  await sql.query(
    `INSERT INTO pgboss.job (name, state, data, output, completed_on)
     VALUES ('email', 'failed', '{"handler": "sendCredited", "event": {"name": "referral.credited"}}', '{"message": "550 refused"}', now())`,
  );
  const tasks = await linksOf('tasks');
  expect(tasks).toEqual(
    new Map([
      ['/admin/events?status=dead', '1 payment event failed ten times'],
      ['/admin/failures?kind=email', '1 email failed for good'],
      ['/admin/failures#endpoints', '1 webhook endpoint is disabled'],
      ['/admin/webhooks/deliveries?status=dead', '1 outgoing webhook was not delivered'],
      ['/admin/review', '1 reward waits for your review'],
      ['/admin/events?status=parked', '1 payment event is parked'],
    ]),
  );
  for (const href of tasks.keys())
    expect((await staff.page(href.replace('/admin/', ''), staff.support)).statusCode).toBe(200);
  const { body } = await staff.page('failures', staff.support);
  for (const shown of ['sendCredited', '550 refused', 'https://hooks.example/in', 'deliveries?status=dead'])
    expect(body).toContain(shown);
  const deliveries = (await staff.page('webhooks/deliveries?status=dead', staff.support)).body;
  for (const shown of ['https://hooks.example/in', 'ECONNREFUSED']) expect(deliveries).toContain(shown);
});

it('the last seven days stand beside the seven before', async () => {
  const carl = await world.given.user();
  const dora = await world.given.userInvitedBy(carl);
  await world.when.pays(dora);
  await world.runHandlers();
  const before = await linksOf('week');
  expect(before.get('/admin/referrals?status=converted')).toBe('1');
  expect(before.get('/admin/stats')).toBe('90');
  // 90 days less the minutes that have passed, at $10.00 for 30 days
  expect((await staff.page('', staff.admin)).body).toMatch(/>\$(29\.9\d|30\.00)</);
  world.clock.advance(7 * 86_400_000);
  const after = await linksOf('week');
  expect([after.get('/admin/referrals?status=converted'), after.get('/admin/users')]).toEqual(['0', '0']);
  const { body } = await staff.page('', staff.admin);
  expect(body).toContain('1 in the 7 days before');
});

it('the steps to the first payment go away once all are done', async () => {
  // only now: where a mail server is named, tests cannot read their codes
  world.config.smtpUrl = 'smtp://mail.example';
  const beforeAnyEmail = (await staff.page('', staff.admin)).body;
  expect(beforeAnyEmail).toContain('id="set-up"');
  for (const choice of ['overlay', 'after_paid_period', 'defer_billing'])
    expect(beforeAnyEmail).toContain(`CREDIT_DELIVERY=${choice}`);
  expect(beforeAnyEmail).toContain('href="/admin/installation/stripe-endpoint"');
  await world.sql.query(
    `INSERT INTO notifications.email_delivery (id, claimed_at, sent_at) VALUES ('one', $1, $1)`,
    [world.clock.now()],
  );
  expect((await staff.page('', staff.admin)).body).not.toContain('id="set-up"');
});
