import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditActions } from '../../src/platform/audit-actions.js';
import { auditDetails } from '../../src/platform/audit-details.js';
import { translations } from '../../src/platform/i18n/translations.js';
import type { Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

describe('the page of the audit log', () => {
  let world: World;
  let staff: Staff;
  let anna: Person;
  let bert: Person;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
    anna = await world.given.user({ email: 'anna@example.org' });
    bert = await world.given.user({ email: 'bert@example.org' });
    const give = (person: Person, reason: string) =>
      staff.api('POST', `users/${person.id}/credit`, staff.admin, { days: 3, reason });
    await give(anna, 'an outage');
    world.clock.advance(dayMs);
    await give(bert, 'a good question');
    await staff.api('PUT', `users/${bert.id}/role`, staff.admin, { role: 'support' });
  });
  afterAll(() => world.close());

  const show = async (query: string, who = staff.support) => (await staff.page(`audit${query}`, who)).body;
  const rows = (body: string) =>
    [...body.matchAll(/<tr role="row">(?:(?!<\/tr>).)*data-label.*?<\/tr>/gs)].map(([row]) =>
      row
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    );

  it('names who did what to whom, when and why, with links to both', async () => {
    const body = await show('?action=credit.granted');
    expect(rows(body)).toEqual([
      expect.stringMatching(
        /2 Nov 2026.* Credit granted admin .*@.* bert@example\.org Credit until: 5 Nov 2026.* Days: \+3 days a good question/,
      ),
      expect.stringMatching(
        /1 Nov 2026.* Credit granted admin .*@.* anna@example\.org .* Days: \+3 days an outage/,
      ),
    ]);
    for (const person of [staff.admin, anna, bert])
      expect(body).toContain(`href="/admin/users/${person.id}"`);
    expect(body).toContain('Entries are kept for good');
  });

  it.each([
    ['?person=anna@example.org', ['an outage']],
    ['?person=ANNA@example.org&action=credit.granted', ['an outage']],
    ['?action=credit.granted&from=2026-11-02', ['a good question']],
    ['?action=credit.granted&until=2026-11-01', ['an outage']],
    ['?action=credit.granted&from=2026-11-01&until=2026-11-02', ['a good question', 'an outage']],
    ['?action=credit.granted&from=2026-11-03', []],
  ])('keeps its filters in the address: %s', async (query, notes) => {
    const found = rows(await show(query)).join(' ');
    for (const note of ['a good question', 'an outage'])
      expect([note, found.includes(note)]).toEqual([note, notes.includes(note)]);
  });

  it('filters by who did it, by address or id', async () => {
    const byAddress = rows(await show(`?actor=${encodeURIComponent(staff.admin.email)}`));
    expect(byAddress).toEqual(rows(await show(`?actor=${staff.admin.id}`)));
    expect(byAddress.length).toBe(3);
    expect(rows(await show(`?actor=${bert.id}`))).toEqual([]);
  });

  it('says what is wrong with a filter, and keeps what was typed', async () => {
    const unknown = await show('?person=nobody@example.org');
    expect(unknown).toContain('There is no person with this address or id.');
    expect(unknown).toContain('value="nobody@example.org"');
    expect((await staff.page('audit?after=x', staff.support)).statusCode).toBe(422);
  });

  it('pages through many entries, each once, with the filters', async () => {
    await world.sql.query(
      `INSERT INTO platform.audit (id, at, action, actor_kind, subject_id)
       SELECT ('0199a000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, now(), 'credit.rebuilt', 'operator', $1
       FROM generate_series(1, 120) i`,
      [anna.id],
    );
    const seen: string[] = [];
    const link = (body: string, rel: 'next' | 'prev') =>
      new RegExp(`href="/admin/audit([^"]*)" rel="${rel}"`).exec(body)?.[1]?.replaceAll('&amp;', '&');
    let last = '';
    for (let path: string | undefined = '?person=anna@example.org&action=credit.rebuilt'; path;) {
      const body = await show(path);
      seen.push(...rows(body));
      last = path;
      path = link(body, 'next');
    }
    expect(seen.length).toBe(120);
    expect(seen.every((row) => row.includes('Credit rebuilt operator'))).toBe(true);
    const before = link(await show(last), 'prev') ?? '';
    expect(before).toContain('person=anna%40example.org&action=credit.rebuilt&before=');
    expect(rows(await show(before))).toEqual(seen.slice(-45, -20));
    const oldestFirst = rows(await show('?person=anna@example.org&action=credit.rebuilt&sort=recorded'));
    expect(oldestFirst).toEqual(seen.slice(-25).reverse());
  });

  it('finds entries by each filter through an index, however many there are', async () => {
    await world.sql.query(
      `INSERT INTO platform.audit (id, at, action, actor_kind, actor_id, subject_id)
       SELECT ('0199b' || lpad(to_hex(i), 3, '0') || '-0000-7000-8000-000000000000')::uuid, now(),
         'credit.' || i % 7, 'user', gen_random_uuid(), gen_random_uuid()
       FROM generate_series(1, 4000) i`,
    );
    await world.sql.query(
      `INSERT INTO platform.audit (id, at, action, actor_kind, actor_id, subject_id)
       SELECT gen_random_uuid(), now(), 'referral.linked', 'user', gen_random_uuid(), gen_random_uuid()
       FROM generate_series(1, 40000) i`,
    );
    await world.sql.query('ANALYZE platform.audit');
    const indexes = await Promise.all(
      [
        `subject_id = '${anna.id}'`,
        `action = 'terms.published'`,
        `actor_id = '${staff.admin.id}'`,
        `id >= '01930000-0000-0000-0000-000000000000' AND id < '01930000-ffff-0000-0000-000000000000'`,
      ].map(async (condition) => {
        const { rows: plan } = await world.sql.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT * FROM platform.audit a WHERE ${condition} ORDER BY a.id DESC LIMIT 51`,
        );
        return /using (\w+)|Scan on (audit_by_\w+)/.exec(
          plan.map((line) => line['QUERY PLAN']).join('\n'),
        )?.[0];
      }),
    );
    expect(indexes.map((index) => index?.split(' ').at(-1))).toEqual([
      'audit_by_subject',
      'audit_by_action',
      'audit_by_actor',
      'audit_pkey',
    ]);
  });

  it('its days are those of the reader', async () => {
    // noon in UTC is two o'clock of the next day on Kiritimati
    await world.sql.query(`UPDATE auth."user" SET time_zone = 'Pacific/Kiritimati' WHERE id = $1`, [
      staff.support.id,
    ]);
    const at = await world.sql.query<{ at: Date }>(
      `SELECT at FROM platform.audit WHERE action = 'credit.granted' ORDER BY id LIMIT 1`,
    );
    const local = new Date((at.rows[0]?.at.getTime() ?? 0) + 14 * 3_600_000).toISOString().slice(0, 10);
    expect(rows(await show(`?action=credit.granted&from=${local}&until=${local}`)).join()).toContain(
      'an outage',
    );
    expect(local).toBe('2026-11-02');
    await world.sql.query(`UPDATE auth."user" SET time_zone = 'UTC' WHERE id = $1`, [staff.support.id]);
  });

  it('says from what to what, in the language of the reader', async () => {
    const role = `?person=bert@example.org&action=auth.role_changed`;
    expect(rows(await show(role))).toEqual([expect.stringContaining('Changed: user → support')]);
    await world.sql.query(`UPDATE auth."user" SET locale = 'de' WHERE id = $1`, [staff.support.id]);
    expect(rows(await show(role))).toEqual([expect.stringContaining('Geändert: Person → Support')]);
    await world.sql.query(`UPDATE auth."user" SET locale = 'en' WHERE id = $1`, [staff.support.id]);
  });

  it('the API has the same filters, and times', async () => {
    const list = async (query: string) => (await staff.api('GET', `audit?${query}`, staff.support)).json();
    const all = await list(`action=credit.granted&actor=${staff.admin.id}`);
    expect(all.items.map(({ note }: { note: string }) => note)).toEqual(['a good question', 'an outage']);
    const [later, earlier] = all.items as [{ at: string }, { at: string }];
    expect((await list(`action=credit.granted&from=${later.at}`)).items).toEqual([later]);
    expect((await list(`action=credit.granted&until=${later.at}`)).items).toEqual([earlier]);
    const first = await list('action=credit.granted&limit=1');
    expect(first.items).toEqual([later]);
    expect((await list(`action=credit.granted&limit=1&cursor=${first.nextCursor}`)).items).toEqual([earlier]);
    expect((await staff.api('GET', 'audit?from=x', staff.support)).statusCode).toBe(422);
  });

  it('is a file with the same filters, with the details as they were recorded', async () => {
    const { body, statusCode } = await staff.page(
      `audit.csv?person=anna@example.org&action=credit.granted`,
      staff.support,
    );
    expect(statusCode).toBe(200);
    const [head, ...lines] = body.trim().split(/\r?\n/);
    expect(head).toContain('id,at,action,actor_kind,actor_id,actor,subject_id,subject_email,details,note');
    expect(lines).toEqual([
      expect.stringMatching(/credit\.granted,admin,.*,anna@example\.org,.*durationMs.*,an outage$/),
    ]);
  });

  it('has words for every detail in every language', () => {
    for (const locale of translations.locales)
      for (const name of auditDetails) {
        const key = `console.audit.detail.${name}`;
        expect([locale, translations.forLocale(locale)(key)]).not.toEqual([locale, key]);
      }
  });

  it('has words for every action in every language', () => {
    for (const locale of translations.locales)
      for (const action of auditActions) {
        const key = `console.audit.action.${action}`;
        expect([locale, translations.forLocale(locale)(key)]).not.toEqual([locale, key]);
      }
  });
});
