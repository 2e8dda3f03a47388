import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

/** What failed for good, and what waits for a person: lists, page by page, and their files. */
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
});
afterAll(() => world.close());

async function open(path: string): Promise<string> {
  const answer = await staff.page(path, staff.support);
  expect([path, answer.statusCode]).toEqual([path, 200]);
  return answer.body;
}

/** Where a link of this text leads, without the path of the console. */
function linkOf(body: string, text: string): string | undefined {
  for (const [, href = '', own = ''] of body.matchAll(/<a[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs))
    if (own.trim() === text) return href.replaceAll('&amp;', '&').slice('/admin/'.length);
  return undefined;
}

/** What each page on the way to the end shows that matches. */
async function follow(path: string, pattern: RegExp): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const body = await open(next);
    pages.push([...body.matchAll(pattern)].map(([, found = '']) => found));
    next = linkOf(body, 'Next page');
  }
  return pages;
}

async function fileOf(path: string): Promise<Record<string, string>[]> {
  return parse(await open(path), { columns: true });
}

describe('failed work', () => {
  beforeAll(async () => {
    // two at each time, so that a page ends between equal ones
    await world.sql.query(
      `INSERT INTO pgboss.job (name, state, data, output, start_after, completed_on)
       SELECT CASE WHEN n % 3 = 0 THEN 'email' ELSE 'payments' END, 'failed',
         jsonb_build_object('handler', 'work' || n, 'event', jsonb_build_object('name', 'referral.credited')),
         jsonb_build_object('message', '=error ' || n), $1::timestamptz - (n / 2) * interval '1 hour', now()
       FROM generate_series(1, 90) n`,
      [new Date('2026-10-31T12:00:00Z')],
    );
    await world.sql.query(
      `INSERT INTO pgboss.job (name, state, data) VALUES ('email', 'completed', '{"handler": "work999"}')`,
    );
  });

  const handlers = />work(\d+)</g;

  it('is read to its end, each once, newest first', async () => {
    const pages = await follow('failures', handlers);
    expect(pages.map(({ length }) => length)).toEqual([25, 25, 25, 15]);
    const numbers = pages.flat().map(Number);
    expect(new Set(numbers).size).toBe(90);
    expect(numbers.map((n) => Math.floor(n / 2))).toEqual(
      numbers.map((n) => Math.floor(n / 2)).toSorted((a, b) => a - b),
    );
  });

  it('is filtered by kind and day, which stay in the address', async () => {
    const body = await open('failures?kind=email');
    expect(body).toContain('30 failures');
    expect(linkOf(body, 'Next page')).toMatch(/^failures\?kind=email&after=/);
    const emails = (await follow('failures?kind=email', handlers)).flat().map(Number);
    expect(emails.every((n) => n % 3 === 0)).toBe(true);
    expect(await open('failures?kind=work&sort=tried')).toContain('60 failures');
    const day = (await follow('failures?from=2026-10-30&until=2026-10-30', handlers)).flat().map(Number);
    expect(day.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, index) => 26 + index));
    expect((await staff.page('failures?after=x', staff.support)).statusCode).toBe(422);
  });

  it('has a file with what the page is filtered to', async () => {
    const href = linkOf(await open('failures?kind=email&sort=tried'), 'Download as CSV') ?? '';
    expect(href).toBe('failures.csv?kind=email&sort=tried');
    const records = await fileOf(href);
    expect(records).toHaveLength(30);
    expect(records[0]).toMatchObject({
      ...{ lane: 'email', handler: 'work90', event: 'referral.credited', error: "'=error 90" },
      last_attempt_at: '2026-10-29T15:00:00.000Z',
    });
  });
});

describe('deliveries', () => {
  const endpoints = ['1', '2', '3'].map((n) => `0190000${n}-0000-7000-8000-000000000000`);
  beforeAll(async () => {
    const now = world.clock.now();
    await world.sql.query(
      `INSERT INTO webhooks.endpoint (id, url, secret, created_at, deleted_at)
       SELECT id, 'https://hooks.example/' || n, 'x', $2, CASE WHEN n = 3 THEN $2::timestamptz END FROM unnest($1::uuid[]) WITH ORDINALITY AS own (id, n)`,
      [endpoints, now],
    );
    await world.sql.query(
      `INSERT INTO webhooks.event (id, position, type, at, data)
       SELECT 'evt_' || lpad(n::text, 32, '0'), 1000000 + n, 'webhook.test', $1, '{}' FROM generate_series(1, 60) n`,
      [now],
    );
    await world.sql.query(
      `INSERT INTO webhooks.delivery (id, event_id, endpoint_id, status, created_at, delivered_at, last_error)
       SELECT ('01800000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'evt_' || lpad(n::text, 32, '0'), ($1::uuid[])[1 + n % 3],
         CASE WHEN n % 2 = 0 THEN 'dead' ELSE 'delivered' END, $2, CASE WHEN n % 2 = 1 THEN $2::timestamptz END, CASE WHEN n % 2 = 0 THEN 'TIMEOUT' END
       FROM generate_series(1, 60) n`,
      [endpoints, now],
    );
  });

  const events = />evt_0*(\d+)</g;
  const numbers = (matches: (n: number) => boolean) =>
    Array.from({ length: 60 }, (_, index) => 60 - index).filter(matches);

  it('of all endpoints are one list, newest first, without those of an endpoint that was deleted', async () => {
    const pages = await follow('webhooks/deliveries', events);
    expect(pages.map(({ length }) => length)).toEqual([25, 15]);
    expect(pages.flat().map(Number)).toEqual(numbers((n) => n % 3 !== 2));
    const dead = await follow('webhooks/deliveries?status=dead', events);
    expect(dead.flat().map(Number)).toEqual(numbers((n) => n % 3 !== 2 && n % 2 === 0));
    expect(await open('webhooks/deliveries?status=failed')).toContain('Nothing matches these filters.');
  });

  it('of one endpoint are on its page, and both have a file', async () => {
    const [id = ''] = endpoints;
    const body = await open(`webhooks/${id}?status=dead`);
    const own = numbers((n) => n % 3 === 0 && n % 2 === 0);
    expect([...body.matchAll(events)].map(([, n]) => Number(n))).toEqual(own);
    expect(body).toContain('10 deliveries');
    const href = linkOf(body, 'Download as CSV') ?? '';
    expect(href).toBe(`webhooks/${id}/deliveries.csv?status=dead`);
    const records = await fileOf(href);
    expect(records.map(({ event_id = '' }) => Number(event_id.slice(4)))).toEqual(own);
    expect(records[0]).toMatchObject({
      url: 'https://hooks.example/1',
      status: 'dead',
      last_error: 'TIMEOUT',
    });
    expect(await fileOf('webhooks/deliveries.csv')).toHaveLength(40);
    const gone = await staff.page(`webhooks/${endpoints[2]}/deliveries.csv`, staff.support);
    expect(gone.statusCode).toBe(404);
    const { rows } = await world.sql.query(
      `SELECT details FROM platform.audit WHERE action = 'console.list_exported' AND details ? 'endpointId'`,
    );
    expect(rows).toEqual([{ details: { list: 'deliveries', endpointId: id, filters: { status: 'dead' } } }]);
  });
});

describe('reviews and rules', () => {
  beforeAll(async () => {
    const anna = await world.given.user({ email: 'anna@reviews.example' });
    for (const [index, rule] of ['disposable_domain', 'disposable_domain', 'loop'].entries()) {
      world.clock.advance(60_000);
      const friend = await world.given.userInvitedBy(anna);
      await world.sql.query(`UPDATE auth."user" SET email = $2 WHERE id = $1`, [
        friend.id,
        `friend${index}@reviews.example`,
      ]);
      const { rows } = await world.sql.query<{ id: string }>(
        `SELECT id FROM referral.referral WHERE referred_id = $1`,
        [friend.id],
      );
      await world.sql.query(
        `INSERT INTO referral.review (referral_id, outcome, opened_at) VALUES ($1, 'review', $2)
         ON CONFLICT (referral_id) DO UPDATE SET outcome = 'review', decision = NULL, opened_at = $2`,
        [rows[0]?.id, world.clock.now()],
      );
      await world.sql.query(
        `INSERT INTO referral.fraud_rule_hit (id, referral_id, rule, version, mode, weight, evidence, at)
         VALUES (gen_random_uuid(), $1, $2, 1, 'live', 60, '{}', $3)`,
        [rows[0]?.id, rule, world.clock.now()],
      );
    }
  });

  it('the queue has a file, the oldest first, with the rules that hit; also those of one reason', async () => {
    expect(linkOf(await open('review'), 'Download as CSV')).toBe('review.csv');
    const records = await fileOf('review.csv');
    expect(records.map(({ referred_email }) => referred_email)).toEqual(
      [0, 1, 2].map((n) => `friend${n}@reviews.example`),
    );
    expect(records[2]).toMatchObject({
      rules: 'loop',
      referrer_email: 'anna@reviews.example',
      referrer_days: '45',
    });
    const href = linkOf(await open('review/bulk?rule=loop'), 'Download as CSV') ?? '';
    expect(href).toBe('review.csv?rule=loop');
    expect(await fileOf(href)).toMatchObject([{ referred_email: 'friend2@reviews.example' }]);
    expect(await fileOf('review.csv?rule=none')).toEqual([]);
  });

  it('what other settings of a rule would have done has a file', async () => {
    const body = await open('fraud/rules/disposable_domain?mode=off&weight=60');
    const href = linkOf(body, 'Download as CSV') ?? '';
    expect(href).toBe('fraud/rules/disposable_domain/cases.csv?mode=off&weight=60');
    const records = await fileOf(href);
    expect(
      records.map(({ referred_email, outcome, would_be }) => [referred_email, outcome, would_be]),
    ).toEqual([
      ['friend1@reviews.example', 'review', 'allow'],
      ['friend0@reviews.example', 'review', 'allow'],
    ]);
    expect(await fileOf('fraud/rules/disposable_domain/cases.csv')).toEqual([]);
    expect((await staff.page('fraud/rules/none/cases.csv', staff.support)).statusCode).toBe(404);
  });
});
