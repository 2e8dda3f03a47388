import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InviteQueries, LinkClicks, type InviteDto } from '../../src/referral/index.js';
import type { Person } from '../support/given.js';
import { countTableReads, createWorldWithoutStatistics } from '../support/table-reads.js';
import { storeTotals } from '../support/totals.js';
import type { World } from '../support/world.js';

const many = 20_000;
const pendingStatuses = ['promised', 'held', 'in_review'];

/** What came of very many invitations of one person is added up by the database. */
describe('a person with 20,000 invites', () => {
  let world: World;
  let anna: Person;
  let bert: Person;
  beforeAll(async () => {
    world = await createWorldWithoutStatistics('auto');
    anna = await world.given.user();
    bert = await world.given.user();
    await world.given.terms({ referrer_days: 30, referred_days: 0, cap_conversions: 50_000 });
    await insertInvites(anna, 1, 240);
    await insertInvites(bert, 241, many);
  });
  afterAll(() => world.close());

  async function open(person: Person) {
    const headers = { accept: 'text/html', cookie: `tf_session=${person.token}` };
    const answer = await world.app.inject({ url: '/invite', headers });
    expect(answer.statusCode).toBe(200);
    return answer;
  }

  it('sees the same totals as a count of each invite', async () => {
    const queries = world.app.get(InviteQueries, { strict: false });
    const invites: InviteDto[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await queries.list(anna.id, { limit: 100, ...(cursor ? { cursor } : {}) });
      invites.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    const { counts, earnedDays, pendingDays, activeCredits } = await queries.summarize(anna.id);
    const countOf = (status: string) => invites.filter((invite) => invite.status === status).length;
    expect(counts).toEqual({
      invited: invites.length,
      ...Object.fromEntries(
        ['pending', 'held', 'converted', 'reversed', 'rejected'].map((status) => [status, countOf(status)]),
      ),
    });
    expect(Object.values(counts).every((count) => count > 0)).toBe(true);
    const pending = invites.filter(({ reward }) => pendingStatuses.includes(reward.status));
    expect(pendingDays).toBe(pending.reduce((sum, { reward }) => sum + reward.days, 0));
    expect(earnedDays).toBe(invites.reduce((sum, invite) => sum + invite.daysEarned, 0));
    const { rows } = await world.sql.query<{ n: number }>(
      `SELECT count(*)::integer AS n FROM credit.entry e JOIN referral.referral r ON r.id = e.referral_id
       JOIN referral.conversion c ON c.referral_id = r.id
       JOIN referral.reward_status s ON s.conversion_id = c.id JOIN referral.terms t ON t.version = r.terms_version
       WHERE r.referrer_id = $1 AND e.revision = 0 AND s.state = 'granted' AND e.at + t.referrer_days * interval '1 day' > $2
         AND NOT EXISTS (SELECT FROM credit.entry x WHERE x.reverses_entry_id = e.id)`,
      [anna.id, world.clock.now()],
    );
    expect(activeCredits).toBe(rows[0]?.n);
    expect(activeCredits).toBeGreaterThan(0);
    expect(await queries.count(anna.id)).toEqual({ counts, activeCredits });
  });

  it('sees what is stored, with few reads, and the same totals as when they are counted', async () => {
    const queries = world.app.get(InviteQueries, { strict: false });
    const counted = await queries.summarize(bert.id);
    expect(counted.storedAt).toBeNull();
    expect((await open(bert)).body).not.toContain('Numbers as of');
    await storeTotals(world);
    expect(await queries.summarize(bert.id)).toEqual({ ...counted, storedAt: world.clock.now() });
    const { counts, activeCredits } = counted;
    expect(await queries.count(bert.id)).toEqual({ counts, activeCredits });
    const reads = await countTableReads(world, () => queries.summarize(bert.id));
    expect(reads.inSequence).toBeLessThan(1_000);
    expect(reads.pages).toBeLessThan(1_000);
    expect((await open(bert)).body).toContain('Numbers as of');
  });

  it('has the sign-ups of the last days counted up to 10,000', async () => {
    const clicks = world.app.get(LinkClicks, { strict: false });
    expect((await clicks.statsForUser(bert.id)).signUps).toBe(10_000);
    const reads = await countTableReads(world, () => clicks.statsForUser(bert.id));
    expect(reads.byIndex).toBeLessThan(25_000);
    expect(reads.inSequence).toBe(0);
    expect((await clicks.statsForUser(anna.id)).signUps).toBe(240);
  });

  /**
   * Invites of every kind: open, closed, refused, paid before, held, granted, revoked, reversed.
   */
  async function insertInvites(person: Person, from: number, to: number): Promise<void> {
    const client = await world.sql.connect();
    const id = (kind: string) => `('${kind}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
    const rows = `FROM generate_series($1::integer, $2::integer) n`;
    const time = `$3::timestamptz - (n % 700) * interval '1 hour'`;
    const isConverted = `n % 3 = 0 AND n % 33 <> 0`;
    const bounds = [from, to];
    const now = world.clock.now();
    try {
      await client.query(`SET session_replication_role = replica`);
      await client.query(
        `INSERT INTO auth."user" (id, email, created_at) SELECT ${id('01800000')}, 'friend' || n || '@example.org', ${time} ${rows}`,
        [...bounds, now],
      );
      await client.query(
        `INSERT INTO billing.account (user_id, first_paid_at, recheck_each_payment)
         SELECT ${id('01800000')}, CASE WHEN n % 5 = 0 THEN ${time} END, n % 10 = 0 ${rows}`,
        [...bounds, now],
      );
      await client.query(
        `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at, closed_at, rewarded_elsewhere_at)
         SELECT ${id('01900000')}, $4, ${id('01800000')}, 'CODE', 1 + n % 2, 'import', 'p', ${time},
           CASE WHEN n % 17 = 1 THEN ${time} END, CASE WHEN n % 33 = 0 THEN ${time} END ${rows}`,
        [...bounds, now, person.id],
      );
      await client.query(
        `INSERT INTO referral.review (referral_id, outcome, decision, decided_at, opened_at)
         SELECT ${id('01900000')}, (ARRAY['allow', 'review', 'reject'])[1 + n % 3], NULL, NULL, ${time} ${rows} WHERE n % 7 = 0`,
        [...bounds, now],
      );
      await client.query(
        `INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at)
         SELECT ${id('01a00000')}, ${id('01900000')}, ${id('01800000')}, 'in_' || n, ${time} ${rows} WHERE ${isConverted}`,
        [...bounds, now],
      );
      await client.query(
        `INSERT INTO referral.reward_status (conversion_id, state, reasons, holds, invoice_id, credited_at, changed_at, capped)
         SELECT ${id('01a00000')}, state, CASE state WHEN 'suspended' THEN ARRAY['dispute_open'] WHEN 'reversed' THEN (ARRAY[ARRAY['fraud'], ARRAY['refunded']])[1 + n % 2 : 1 + n % 2][1:1] ELSE '{}' END,
           CASE WHEN state = 'held' THEN ARRAY['review'] ELSE '{}' END, 'in_' || n, CASE WHEN state = 'granted' OR n % 4 = 0 AND state <> 'held' THEN ${time} END, ${time}, n % 51 = 0
         FROM (SELECT n, (ARRAY['granted', 'granted', 'held', 'suspended', 'reversed'])[1 + n % 5] AS state ${rows} WHERE ${isConverted}) s`,
        [...bounds, now],
      );
      for (const entry of [
        { seq: 'n * 2', kind: 'referral_referrer', days: 30, revision: 0, where: 'true' },
        { seq: 'n * 2 + 1', kind: 'admin_revoke', days: -10, revision: 1, where: 'n % 9 = 0' },
      ])
        await client.query(
          `INSERT INTO credit.entry (id, user_id, seq, at, kind, duration_ms, until_after, conversion_id, referral_id, side, revision, reverses_entry_id)
           SELECT ${id(entry.revision === 0 ? '01b00000' : '01c00000')}, $4, ${entry.seq}, ${time}, '${entry.kind}', ${entry.days} * 86400000::bigint, ${time},
             s.conversion_id, ${id('01900000')}, 'referrer', ${entry.revision}, ${entry.revision === 0 ? 'NULL' : id('01b00000')}
           ${rows} JOIN referral.reward_status s ON s.conversion_id = ${id('01a00000')} WHERE s.credited_at IS NOT NULL AND ${entry.where}`,
          [...bounds, now, person.id],
        );
    } finally {
      await client.query(`SET session_replication_role = DEFAULT`);
      client.release();
    }
  }
});
