import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { createStaff, formFieldValue, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const minuteMs = 60_000;

/** What happened to a person, on their page: from every module, in one list. */
let world: World;
let staff: Staff;
let anna: Person;
let bert: Person;
beforeAll(async () => {
  world = await createWorld({ recentSignInHours: 12 });
  staff = await createStaff(world);
  anna = await world.given.user({ email: 'anna@timeline.example' });
  const code = await world.given.referralCodeOf(anna);
  await world.sql.query(`INSERT INTO referral.link_click (code, day, clicks) VALUES ($1, '2020-02-03', 3)`, [
    code,
  ]);
  world.clock.advance(minuteMs);
  bert = await world.given.userInvitedBy(anna);
  world.clock.advance(minuteMs);
  await world.when.pays(bert);
  await world.runHandlers();
  const { rows } = await world.sql.query<{ id: string }>(
    `SELECT id FROM billing.invoice WHERE user_id = $1`,
    [bert.id],
  );
  for (const [id, kind, status] of [
    ['re_timeline', 'refund', 'succeeded'],
    ['du_timeline', 'dispute', 'needs_response'],
  ])
    await world.sql.query(
      `INSERT INTO billing.reversal (id, kind, invoice_id, amount, status, snapshot_at, recorded_at) VALUES ($1, $2, $3, 400, $4, $5, $5)`,
      [id, kind, rows[0]?.id, status, world.clock.now()],
    );
  await world.sql.query(
    `INSERT INTO referral.fraud_rule_hit (id, referral_id, rule, version, mode, weight, evidence, at)
     SELECT gen_random_uuid(), id, 'velocity', 1, 'live', 30, '{}', $2 FROM referral.referral WHERE referred_id = $1`,
    [bert.id, world.clock.now()],
  );
  world.clock.advance(minuteMs);
  const grant = { days: 7, reason: 'an outage' };
  await staff.api('POST', `users/${bert.id}/credit`, staff.admin, grant);
  await world.runHandlers();
});
afterAll(() => world.close());

/** The events of a page, as they are read. */
function eventsOf(body: string): string[] {
  const [, list = ''] = body.split('<ol class="timeline">');
  return [...(list.split('</ol>')[0] ?? '').matchAll(/<li>(.*?)<\/li>/gs)].map(([, event = '']) =>
    event
      .replaceAll(/<time.*?<\/time>/gs, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
}

async function open(path: string, person = staff.support): Promise<string> {
  const answer = await staff.page(path, person);
  expect([path, answer.statusCode]).toEqual([path, 200]);
  return answer.body;
}

it.each([
  ['account', ['Account created']],
  ['invitations', ['Invited by anna@timeline.example Signed up with the code']],
  ['payments', ['Dispute: $4.00', 'Refund: $4.00', 'Paid $10.00']],
  [
    'credit',
    ['+7 days · Given by the team an outage', 'Reward for joining by invitation With anna@timeline.example'],
  ],
  ['emails', ['Email sent: days from the team', 'Email sent: reward for joining']],
  [
    'reviews',
    [
      'First payment after the invitation by anna@timeline.example granted',
      'A fraud rule matched: Many sign-ups',
    ],
  ],
  ['staff', ['Credit granted By', 'an outage']],
] as [string, string[]][])('what happened can be filtered: %s', async (kind, expected) => {
  const shown = eventsOf(await open(`users/${bert.id}?kind=${kind}`)).join('\n');
  for (const text of expected) expect(shown).toContain(text);
});

it('all of it is in one list, the newest first, with names instead of ids', async () => {
  const body = await open(`users/${bert.id}`);
  const events = eventsOf(body);
  const places = ['Credit granted', 'Paid $10.00', 'Invited by', 'Account created'].map((text) =>
    events.findIndex((event) => event.includes(text)),
  );
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(events.join(' ')).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
  const times = [...body.matchAll(/datetime="([^"]*)"/g)].map(([, time]) => time);
  expect(times.length).toBeGreaterThan(5);
});

it('the inviter sees whom they invited and that their link was opened', async () => {
  const shown = eventsOf(await open(`users/${anna.id}?kind=invitations`)).join('\n');
  expect(shown).toContain(`Invited ${bert.email}`);
  expect(shown).toContain('was opened 3 times');
  expect(await open(`users/${anna.id}?kind=credit`)).not.toContain('A friend you invited');
});

it('objects of Stripe link to its dashboard, in test mode', async () => {
  const body = await open(`users/${bert.id}?kind=payments`);
  expect(body).toContain('href="https://dashboard.stripe.com/test/refunds/re_timeline"');
  expect(body).toMatch(/href="https:\/\/dashboard\.stripe\.com\/test\/invoices\/in_\w+"/);
});

it('an unknown person has no page, and a foreign cursor is refused', async () => {
  expect((await staff.page('users/01890000-0000-7000-8000-000000000001', staff.support)).statusCode).toBe(
    404,
  );
  expect((await staff.page(`users/${bert.id}?after=x`, staff.support)).statusCode).toBe(422);
  const early = Buffer.from('-99999999999999999 3 x').toString('base64url');
  expect((await staff.page(`users/${bert.id}?after=${early}`, staff.support)).statusCode).toBe(200);
});

it('a long timeline is read to its end, each event once', async () => {
  const carl = await world.given.user();
  const at = world.clock.now();
  await world.sql.query(
    `INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, price_ids, paid_at, recorded_at)
     SELECT 'in_long' || n, $1, 'cus_long', '', 100 + n, 'usd', '{}', $2::timestamptz + (n / 7) * interval '1 hour', $2 FROM generate_series(1, 80) n`,
    [carl.id, at],
  );
  // of equal times, from several sources, and of one millisecond
  await world.sql.query(
    `INSERT INTO platform.audit (id, at, action, actor_kind, subject_id, details)
     SELECT (left($3, 13) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $2, 'person.updated', CASE n % 2 WHEN 0 THEN 'admin' ELSE 'user' END, $1, '{}'
     FROM generate_series(1, 60) n`,
    [carl.id, at, idAt(at)],
  );
  await world.sql.query(
    `INSERT INTO notifications.email_delivery (id, claimed_at, sent_at, user_id, template)
     SELECT 'long:' || n, $2, $2, $1, 'milestone' FROM generate_series(1, 30) n`,
    [carl.id, at],
  );
  const events: string[] = [];
  let pages = 0;
  for (let next: string | undefined = ''; next !== undefined; pages++) {
    const body = await open(`users/${carl.id}${next}`);
    events.push(...eventsOf(body));
    next = /href="\/admin\/users\/[0-9a-f-]+(\?after=[\w-]+)#timeline" rel="next"/.exec(body)?.[1];
  }
  const count = (text: string) => events.filter((event) => event.includes(text)).length;
  expect([count('Paid'), count('Person updated by a product'), count('milestone')]).toEqual([80, 60, 30]);
  expect(new Set(events.filter((event) => event.includes('in_long'))).size).toBe(80);
  expect(pages).toBe(Math.ceil(events.length / 25));
  // each kind has pages of its own
  for (const [kind, text, expected] of [
    ['payments', 'Paid', 55],
    ['emails', 'milestone', 5],
    ['staff', 'updated by', 5],
    ['account', 'updated by', 5],
  ] as const) {
    const first = await open(`users/${carl.id}?kind=${kind}`);
    const second = /href="\/admin\/(users\/[0-9a-f-]+\?kind=\w+&amp;after=[\w-]+)#/.exec(first)?.[1] ?? '';
    const rest = eventsOf(await open(second.replace('&amp;', '&')));
    expect([kind, rest.filter((event) => event.includes(text)).length]).toEqual([
      kind,
      Math.min(expected, 25),
    ]);
  }
});

/** The beginning of a UUIDv7 of a time. */
function idAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

describe('an action', () => {
  it('shows what it does before it is done, and nothing was done', async () => {
    const carl = await world.given.user();
    const before = await world.see.creditDaysOf(carl);
    const body = await open(`users/${carl.id}/credit?days=7`, staff.admin);
    expect(body).toContain('+7 days');
    expect(body).toContain('Give 7 days');
    expect(await world.see.creditDaysOf(carl)).toBe(before);
    const fields = {
      _csrf: formFieldValue(body, '_csrf'),
      idempotencyKey: formFieldValue(body, 'idempotencyKey'),
    };
    const given = await staff.submitForm(`users/${carl.id}/credit`, staff.admin, {
      ...fields,
      days: '7',
      reason: 'sorry',
    });
    expect(given.headers.location).toBe(`/admin/users/${carl.id}?done=granted`);
    expect(await world.see.creditDaysOf(carl)).toBe(7);
    const page = await open(`users/${carl.id}?kind=credit`, staff.admin);
    const revoke = /href="\/admin\/(users\/[0-9a-f-]+\/credit\/[0-9a-f-]+\/revoke)"/.exec(page)?.[1] ?? '';
    expect(await open(revoke, staff.admin)).toContain('−7 days');
    expect(await world.see.creditDaysOf(carl)).toBe(7);
    await staff.submitForm(revoke, staff.admin, { _csrf: fields._csrf, reason: 'a mistake' });
    expect(await world.see.creditDaysOf(carl)).toBe(0);
  });

  it('that cannot be done says why, with what was typed', async () => {
    expect(await open(`users/${bert.id}/credit?days=0`, staff.admin)).toContain(
      'whole number from 1 to 3,650',
    );
    expect((await staff.page(`users/${bert.id}/credit/${bert.id}/revoke`, staff.admin)).body).toContain(
      'no such',
    );
    const body = await open(`users/${bert.id}/credit?days=3`, staff.admin);
    const fields = { _csrf: formFieldValue(body, '_csrf'), days: '9999', reason: 'because' };
    const answer = await staff.submitForm(`users/${bert.id}/credit`, staff.admin, fields);
    expect(answer.statusCode).toBe(422);
  });

  it('is shown to support, who can do none', async () => {
    for (const path of ['credit?days=7', 'role', 'erase'])
      expect(await open(`users/${bert.id}/${path}`)).not.toContain(
        `action="/admin/users/${bert.id}`.concat('" class="form"'),
      );
    for (const path of ['credit', 'role', 'erase'])
      expect((await staff.submitForm(`users/${bert.id}/${path}`, staff.support, {})).statusCode).toBe(403);
    expect(await open(`users/${bert.id}`)).not.toContain('class="menu"');
  });
});

it('an erased person keeps no emails in the timeline', async () => {
  const { id, email } = await world.given.user();
  await world.sql.query(
    `INSERT INTO notifications.email_delivery (id, claimed_at, sent_at, user_id, template) VALUES ('erased', $2, $2, $1, 'milestone')`,
    [id, world.clock.now()],
  );
  expect(eventsOf(await open(`users/${id}?kind=emails`))).toHaveLength(1);
  const page = await open(`users/${id}/erase`, staff.admin);
  await staff.submitForm(`users/${id}/erase`, staff.admin, { _csrf: formFieldValue(page, '_csrf'), email });
  expect(eventsOf(await open(`users/${id}?kind=emails`))).toHaveLength(0);
});
