import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { stripeId } from '../support/stripe-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

/**
 * The lists of the console: what they are filtered and sorted by, page by page, and their files.
 */
let world: World;
let staff: Staff;
let invited: Person[];
beforeAll(async () => {
  world = await createWorld({ recentSignInHours: 12 });
  staff = await createStaff(world);
  const anna = await world.given.user({ email: 'anna@lists.example' });
  invited = [];
  for (let count = 0; count < 60; count++) {
    world.clock.advance(60_000);
    const friend = await world.given.userInvitedBy(anna);
    const email = `friend${count}@lists.example`;
    await world.sql.query(`UPDATE auth."user" SET email = $2 WHERE id = $1`, [friend.id, email]);
    invited.push({ ...friend, email });
  }
  for (const payer of invited.slice(0, 3)) {
    world.clock.advance(60_000);
    await world.when.pays(payer);
  }
  await world.runHandlers();
});
afterAll(() => world.close());

/** The links of a page, by their text. */
function linksOf(body: string): Map<string, string> {
  const links = body.matchAll(/<a[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs);
  return new Map(
    [...links].map(([, href = '', text = '']) => [text.trim(), href.replaceAll('&amp;', '&').slice(7)]),
  );
}

/** The addresses of people on a page, in their order. */
const emailsOf = (body: string) =>
  [...body.matchAll(/>(friend\d+|anna)@lists\.example</g)].map(([, name]) => name);

async function open(path: string): Promise<string> {
  const answer = await staff.page(path, staff.support);
  expect([path, answer.statusCode]).toEqual([path, 200]);
  return answer.body;
}

/** Follows the links of this text until there is none, and answers all people. */
async function follow(path: string, text: string): Promise<{ names: (string | undefined)[]; last: string }> {
  const names: (string | undefined)[] = [];
  for (let next: string | undefined = path, last = path; ; last = next) {
    const body = await open(next);
    const found = emailsOf(body);
    names.push(...(text === 'Next page' ? found : found.toReversed()));
    next = linksOf(body).get(text);
    if (next === undefined) return { names, last };
  }
}

const names = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => `friend${from - index}`);

describe('pages', () => {
  it.each(['users?query=lists.example&tier=free', 'users?query=friend&sort=-joined', 'users?tier=free'])(
    '%s is read to its end and back, each row once',
    async (path) => {
      const { names: down, last } = await follow(path, 'Next page');
      const friends = down.filter((name) => name !== 'anna');
      const expected = path.includes('tier=free') ? names(59, 3) : names(59, 0);
      expect(friends).toEqual(expected);
      const { names: up } = await follow(last, 'Previous page');
      expect(up.filter((name) => name !== 'anna').toReversed()).toEqual(expected);
    },
  );

  it('the order and the filters stay while one pages, and can be read in the address', async () => {
    const next = linksOf(await open('referrals?status=pending&sort=linked')).get('Next page') ?? '';
    expect(next).toMatch(/^referrals\?status=pending&sort=linked&after=[\w-]+$/);
    expect(emailsOf(await open(next)).filter((name) => name !== 'anna')[0]).toBe('friend28');
  });

  it('a page ends where rows have one time: none is left out, none comes twice', async () => {
    await world.sql.query(
      `UPDATE referral.referral SET linked_at = '2024-02-29T12:00:00.123456Z' WHERE referred_id = ANY($1)`,
      [invited.slice(10, 50).map(({ id }) => id)],
    );
    const { names: down, last } = await follow('referrals', 'Next page');
    const friends = down.filter((name) => name !== 'anna');
    expect([friends.length, new Set(friends).size]).toEqual([60, 60]);
    const { names: up } = await follow(last, 'Previous page');
    expect(up.filter((name) => name !== 'anna').toReversed()).toEqual(friends);
  });

  it('a cursor of elsewhere is refused', async () => {
    for (const cursor of ['x', Buffer.from('5 nothing').toString('base64url')])
      for (const list of ['users', 'referrals'])
        expect((await staff.page(`${list}?after=${cursor}`, staff.support)).statusCode).toBe(422);
    const far = Buffer.from(`99999999999999999 ${invited[0]?.id}`).toString('base64url');
    expect((await staff.page(`users?before=${far}`, staff.support)).statusCode).toBe(200);
  });
});

describe('filters', () => {
  it.each([
    ['users?tier=paid', ['friend2', 'friend1', 'friend0']],
    ['users?credit=yes', ['friend2', 'friend1', 'friend0', 'anna']],
    ['users?credit=yes&tier=free', ['anna']],
    ['users?sort=-credit', ['anna', 'friend2', 'friend1', 'friend0']],
    ['users?sort=credit&tier=paid', ['friend0', 'friend1', 'friend2']],
    ['users?query=friend1&sort=credit', ['friend1']],
    ['users?query=nobody', []],
    ['users?from=2999-01-01', []],
    ['users?until=2001-01-01', []],
  ])('%s', async (path, expected) => {
    expect(emailsOf(await open(path))).toEqual(expected);
  });

  it('a day is the whole day of the time zone of the reader, on the page and in the file', async () => {
    const [person] = [await world.given.user({ email: 'friend777@lists.example' })];
    await world.sql.query(`UPDATE auth."user" SET created_at = '2023-05-31T23:59:59.999Z' WHERE id = $1`, [
      person.id,
    ]);
    const may = 'from=2023-05-31&until=2023-05-31';
    const june = 'from=2023-06-01&until=2023-06-01';
    expect(emailsOf(await open(`users?${may}`))).toEqual(['friend777']);
    expect(emailsOf(await open(`users?${june}`))).toEqual([]);
    const moveTo = (zone: string) =>
      world.sql.query(`UPDATE auth."user" SET time_zone = $2 WHERE id = $1`, [staff.support.id, zone]);
    await moveTo('Pacific/Auckland');
    const shown = await open(`users?${june}`);
    expect(emailsOf(shown)).toEqual(['friend777']);
    expect(shown).toContain('Days and times are those of your time zone, Pacific/Auckland.');
    expect(linksOf(shown).get('Joined from: 2023-06-01')).toBe('users?until=2023-06-01');
    expect(emailsOf(await open(`users?${may}`))).toEqual([]);
    expect((await staff.page(`users.csv?${june}`, staff.support)).body).toContain('friend777@');
    expect((await staff.page(`users.csv?${may}`, staff.support)).body).not.toContain('friend777@');
    await moveTo('UTC');
    const { rows } = await world.sql.query(
      `SELECT details FROM platform.audit WHERE action = 'console.list_exported'
         AND details->'filters'->>'from' = '2023-06-01'`,
    );
    expect(rows).toEqual([
      {
        details: {
          list: 'users',
          filters: { from: '2023-06-01', until: '2023-06-01', timeZone: 'Pacific/Auckland' },
        },
      },
    ]);
  });

  it('referrals that were paid for can be listed by when, and one that is held is found', async () => {
    const shown = async (path: string) => emailsOf(await open(path)).filter((name) => name !== 'anna');
    expect(await shown('referrals?sort=-paid')).toEqual(['friend2', 'friend1', 'friend0']);
    expect(await shown('referrals?sort=paid')).toEqual(['friend0', 'friend1', 'friend2']);
    expect(await shown('referrals?status=converted')).toHaveLength(3);
    expect(await shown('referrals?status=held')).toEqual([]);
    expect(await shown('referrals?from=2024-02-29&until=2024-02-29')).toHaveLength(25);
  });

  it('events are found by status, type and day', async () => {
    const stranger = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
    const { payer: _, ...person } = invited[0] as Person;
    await world.when.stripeSends(world.when.invoicePaid({ ...person, payer: stranger }));
    for (const path of ['events?status=parked', 'events?status=parked&type=invoice.paid&sort=received'])
      expect((await open(path)).match(/unknown_user/g)).toHaveLength(1);
    expect(await open('events?type=invoice.unknown')).toContain('No event');
    expect(await open('events?until=2001-01-01')).toContain('No event');
  });

  it('a filter in force can be removed alone, and one that nothing matches can be cleared', async () => {
    const body = await open('users?query=nobody&tier=paid&sort=credit');
    const links = linksOf(body);
    expect(links.get('Tier: Paid')).toBe('users?query=nobody&credit=yes&sort=credit');
    // the order needs the filter
    expect(links.get('Credit: Has credit')).toBe('users?query=nobody&tier=paid');
    expect(links.get('Clear all filters')).toBe('users');
  });

  it('what names nothing is left out of the request', async () => {
    const all = 'tier=king&credit=much&from=2026-99-99&until=x&sort=shoe-size';
    expect(emailsOf(await open(`users?${all}`))[0]).toBe('friend59');
  });

  it('the rows are counted', async () => {
    expect(await open('users?tier=paid')).toContain('3 users');
    expect(await open('referrals')).toContain('60 referrals');
    expect(await open('users?query=friend')).toContain('25 found on this page');
  });
});

describe('files', () => {
  const csvOf = async (path: string, person = staff.support) => {
    const answer = await staff.page(path, person);
    return { ...answer, records: parse(answer.body, { columns: true }) as Record<string, string>[] };
  };

  it('a file holds all rows that the page was filtered to, in its order', async () => {
    const href = linksOf(await open('users?query=friend&tier=free&sort=joined')).get('Download as CSV') ?? '';
    expect(href).toBe('users.csv?query=friend&tier=free&sort=joined');
    const { records, headers } = await csvOf(href);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="twofold-users-\d{4}-\d\d-\d\d\.csv"$/,
      ),
    });
    expect(records.map(({ email }) => email)).toEqual([
      'friend777@lists.example',
      ...names(59, 3)
        .toReversed()
        .map((name) => `${name}@lists.example`),
    ]);
    expect(records[1]).toMatchObject({ tier: 'free', role: 'user', credit_until: '' });
    expect(records[1]?.['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('referrals and events have files, too', async () => {
    const referrals = (await csvOf('referrals.csv?sort=-paid')).records;
    expect(referrals.map(({ referred_email }) => referred_email)).toEqual(
      names(2, 0).map((name) => `${name}@lists.example`),
    );
    const events = (await csvOf('events.csv?status=parked')).records;
    expect(events).toMatchObject([{ type: 'invoice.paid', detail: 'unknown_user' }]);
  });

  it('merges are filtered, paged and have a file', async () => {
    const merged: Person[] = [];
    for (let count = 0; count < 27; count++) {
      const [from, into] = [await world.given.user(), await world.given.user()];
      world.clock.advance(1000);
      const merge = { fromUserId: from.id, intoUserId: into.id, reason: `reason ${count}` };
      expect((await staff.api('POST', 'merges', staff.admin, merge)).statusCode).toBe(201);
      merged.push(from);
    }
    const first = linksOf(await open('merges')).get('Next page') ?? '';
    const second = await open(first);
    expect([second.includes('reason 1<'), second.includes('reason 2<')]).toEqual([true, false]);
    expect(linksOf(second).has('Previous page')).toBe(true);
    expect(await open('merges?state=undone')).toContain('Nothing matches these filters.');
    expect(await open('merges?mergedFrom=2020-01-01&sort=merged')).toContain('27 merges');
    const { records } = await csvOf('merges.csv?state=standing&sort=merged');
    expect(records.map(({ from_id }) => from_id)).toEqual(merged.map(({ id }) => id));
    expect(records[3]).toMatchObject({ from_email: merged[3]?.email, reason: 'reason 3', by: 'admin' });
  });

  it('API keys are filtered and have a file, without their secrets', async () => {
    const token = await world.given.apiKey('events:read');
    const [, id = ''] = /^tfk_([0-9a-f]{32})_/.exec(token) ?? [];
    await world.given.apiKey('people:read');
    expect(await open('api-keys?scope=events:read')).toContain('1 key');
    expect(await open('api-keys?state=revoked')).toContain('Nothing matches these filters.');
    const { records, body } = await csvOf('api-keys.csv?scope=events:read&state=active');
    expect(records.map((record) => record['id']?.replaceAll('-', ''))).toEqual([id]);
    expect(records).toMatchObject([{ state: 'active', scopes: 'events:read' }]);
    expect(body).not.toContain(token.slice(-43));
  });

  it('no cell is taken for a formula, whatever a name is', async () => {
    const name = '=HYPERLINK("http://evil.example","näher")\n+1';
    const { id } = await world.given.user();
    await world.sql.query(`UPDATE auth."user" SET display_name = $2 WHERE id = $1`, [id, name]);
    const found = (await csvOf('users.csv')).records.find((record) => record['id'] === id);
    expect(found?.['display_name']).toBe(`'${name}`);
  });

  it('who exported what is in the audit log, without the words that were looked for', async () => {
    await csvOf('users.csv?query=friend1&tier=paid');
    const { rows } = await world.sql.query(
      `SELECT actor_id, details FROM platform.audit WHERE action = 'console.list_exported'`,
    );
    expect(rows).toContainEqual({
      actor_id: staff.support.id,
      details: { list: 'users', filters: { query: true, tier: 'paid' } },
    });
  });

  it('a file needs a recent sign-in, also of support, and no user gets it', async () => {
    expect((await staff.page('users.csv', invited[0] as Person)).statusCode).toBe(403);
    const late = await createStaff(world);
    world.clock.advance(13 * 3_600_000);
    const answer = await staff.page('users.csv?tier=paid', late.support);
    expect([answer.statusCode, answer.body.includes('value="/admin/users.csv?tier=paid"')]).toEqual([
      403,
      true,
    ]);
    expect((await staff.page('users', late.support)).statusCode).toBe(200);
  });

  it('a large file is read in batches, and only as fast as it is taken', async () => {
    await world.sql.query(
      `INSERT INTO auth."user" (id, email, created_at)
       SELECT gen_random_uuid(), 'many' || n || '@lists.example', $1::timestamptz - n * interval '1 second' FROM generate_series(1, 2500) n`,
      [new Date(world.clock.now().getTime() - 400 * dayMs)],
    );
    const { records } = await csvOf('users.csv', (await createStaff(world)).support);
    const ids = records.map(({ id }) => id);
    expect([new Set(ids).size, records.filter(({ email }) => email?.startsWith('many')).length]).toEqual([
      ids.length,
      2500,
    ]);
  });
});
