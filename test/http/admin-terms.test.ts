import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { TermsPreviewService } from '../../src/admin/terms/terms-preview.service.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
type Json = Record<string, unknown>;

/** Terms are data: staff publish the next version, and a published version never changes. */
describe('the terms of the programme', () => {
  let world: World;
  let staff: Staff;
  beforeEach(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterEach(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const publish = (payload: object, headers?: Record<string, string>, person = staff.admin) =>
    staff.api('POST', 'programme/terms', person, { reason: 'spring', ...payload }, headers);
  const preview = (payload: object, person: Person = staff.support) =>
    staff.api('POST', 'programme/terms/preview', person, payload);
  const get = async (path = ''): Promise<Json> =>
    (await staff.api('GET', `programme/terms${path}`, staff.support)).json();
  const list = async () => ((await get()) as { items: (Json & { version: number })[] }).items;

  it('the terms of the programme begin with the first version, which no one published and which has no end', async () => {
    expect(await list()).toEqual([
      expect.objectContaining({
        ...{ version: 1, status: 'in_force', referrerDays: 45, referredDays: 45, cap: null, budget: null },
        ...{ publishedBy: null, reason: null, inForce: [{ from: null, until: null }] },
        usage: {
          asOf: expect.any(String) as string,
          referrals: 0,
          conversions: { granted: 0, held: 0, suspended: 0, reversed: 0 },
        },
      }),
    ]);
  });

  it('the terms of the programme are superseded by the next version, with who did it and why', async () => {
    const answer = await publish({ referredDays: 60, budgetDays: 1000, holdDays: 7 });
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      expect.objectContaining({ version: 2, referrerDays: 45, referredDays: 60, holdDays: 7 }),
    ]);
    await world.given.userInvitedBy(await world.given.user());
    const [second, first] = await list();
    expect(second).toMatchObject({
      ...{ version: 2, status: 'in_force', reason: 'spring', usage: { referrals: 1 } },
      publishedBy: { userId: staff.admin.id, email: staff.admin.email },
      budget: { days: 1000, takenDays: 0, leftDays: 1000 },
    });
    expect(first).toMatchObject({ version: 1, status: 'superseded' });
    expect(await get('/2')).toEqual(second);
    expect((await get('/1/diff/2')).changes).toEqual([
      expect.objectContaining({ field: 'referredDays', before: 45, after: 60 }),
      expect.objectContaining({
        field: 'holdDays',
        text: 'Hold before the reward: none, the reward arrives at once → 7 days',
      }),
      expect.objectContaining({ field: 'budgetDays', before: null, after: 1000 }),
    ]);
    expect(
      await world.see.count(
        `platform.audit WHERE action = 'terms.published' AND details @> '{"version": 2}'`,
      ),
    ).toBe(1);
  });

  it('the terms of the programme can be planned, and give way again when a campaign ends', async () => {
    const now = world.clock.now().getTime();
    const moment = (days: number) => new Date(now + days * dayMs).toISOString();
    await publish({ referredDays: 90, validFrom: moment(10), validUntil: moment(20) });
    expect((await list()).map(({ status }) => status)).toEqual(['scheduled', 'in_force']);
    world.clock.advance(10 * dayMs);
    expect((await list()).map(({ status }) => status)).toEqual(['in_force', 'scheduled']);
    world.clock.advance(10 * dayMs);
    expect((await list()).map(({ status }) => status)).toEqual(['ended', 'in_force']);
  });

  it('the terms of the programme that are planned are taken back by a newer version, not by a change', async () => {
    await publish({
      referredDays: 90,
      validFrom: new Date(world.clock.now().getTime() + dayMs).toISOString(),
    });
    await publish({});
    expect((await list()).map(({ status }) => status)).toEqual(['in_force', 'superseded', 'superseded']);
    await expect(world.sql.query(`DELETE FROM referral.terms WHERE version = 2`)).rejects.toThrow(
      'append-only',
    );
  });

  it('the terms of the programme are numbered without gaps, however many publish at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => publish({ referredDays: index + 1 })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(12).fill(201));
    const numbers = answers.map((answer) => answer.json<{ version: number }>().version);
    expect(numbers.sort((one, other) => one - other)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 2),
    );
    expect(await list()).toHaveLength(13);
  });

  it('the terms of the programme of one who has not seen the newest are refused: of many at once, one succeeds', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        index % 2 === 0 ? publish({ basedOn: 1 }) : publish({}, { 'if-match': '"1"' }),
      ),
    );
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.sort()).toEqual([201, ...Array(7).fill(409)]);
    expect(answers.find(({ statusCode }) => statusCode === 409)?.json()).toMatchObject({
      code: 'terms.published_meanwhile',
      newest: 2,
    });
    expect(await list()).toHaveLength(2);
    const seen = await staff.api('GET', 'programme/terms', staff.admin);
    expect((await publish({}, { 'if-match': String(seen.headers.etag) })).statusCode).toBe(201);
  });

  it('the terms of the programme are published once for a key', async () => {
    const key = { 'idempotency-key': 'spring' };
    const answers = await Promise.all(Array.from({ length: 4 }, () => publish({ referredDays: 7 }, key)));
    expect(answers.map((answer) => answer.json<Json>().version)).toEqual([2, 2, 2, 2]);
    expect((await publish({ referredDays: 8 }, key)).statusCode).toBe(409);
    expect(await list()).toHaveLength(2);
  });

  it('the terms of the programme that are not right are refused with every field and nothing written, and to support', async () => {
    const answer = await publish({
      referrerDays: 0,
      referredDays: 0,
      cap: { conversions: 0 },
      holdDays: 'x',
    });
    expect([answer.statusCode, answer.json<Json>().errors]).toEqual([
      422,
      [
        { path: 'cap.conversions', message: 'Enter a whole number from 1 to 1,000,000.' },
        { path: 'holdDays', message: 'Enter a whole number from 0 to 90.' },
        { path: 'referredDays', message: expect.stringContaining('Give days to at least one side') },
      ],
    ]);
    for (const payload of [
      ...[{ more: 1 }, { reason: ' ' }, { reason: 'x'.repeat(501) }, { reason: undefined }, { basedOn: 0 }],
      ...[{ validFrom: '2020-01-01' }, { version: 9 }, { cap: { conversions: 1, windowDays: 1, more: 1 } }],
    ])
      expect([payload, (await publish(payload)).statusCode]).toEqual([payload, 422]);
    expect((await publish({}, { 'if-match': 'x' })).statusCode).toBe(422);
    expect((await publish({}, {}, staff.support)).statusCode).toBe(403);
    expect((await preview({ holdDays: 91 })).statusCode).toBe(422);
    expect((await preview({ days: 366 })).statusCode).toBe(422);
    expect((await preview({}, await world.given.user())).statusCode).toBe(403);
    for (const path of ['/0', '/x', '/99', '/1/diff/99', '/999999999999'])
      expect([path, (await staff.api('GET', `programme/terms${path}`, staff.admin)).statusCode]).toEqual([
        path,
        404,
      ]);
    expect(await list()).toHaveLength(1);
  });

  it('the terms of the programme show what they would have cost before they are published', async () => {
    const anna = await world.given.user();
    for (const amount of [900, 400, 900]) {
      const friend = await world.given.userInvitedBy(anna);
      await world.when.stripeSends(world.when.invoicePaid(friend, { amount_paid: amount }));
      world.clock.advance(dayMs);
    }
    const answer = await preview({
      referredDays: 10,
      minimumAmounts: { usd: 500 },
      cap: { conversions: 1, windowDays: 30 },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      ...{ basedOn: 1, inForce: 1, draft: { referrerDays: 45, referredDays: 10 } },
      changes: [
        { field: 'referredDays' },
        { field: 'minimumAmounts' },
        { field: 'cap' },
        { field: 'validFrom' },
      ],
      replay: {
        payments: 3,
        actual: { rewarded: 3, days: { referrer: 135, referred: 135, milestones: 0, total: 270 } },
        draft: {
          ...{ rewarded: 2, capped: 1, unmet: { amount: 1, currency: 0, price: 0 } },
          days: { referrer: 45, referred: 20, total: 65 },
        },
      },
    });
    expect(await list()).toHaveLength(1);
    expect((await preview({ days: 1 })).json()).toMatchObject({ replay: { payments: 1 } });
  });

  it('the page about terms covers the longest period with few enough conversions', async () => {
    const previews = world.app.get(TermsPreviewService, { strict: false });
    const anna = await world.given.user();
    for (let day = 0; day < 3; day++) {
      await world.when.pays(await world.given.userInvitedBy(anna));
      world.clock.advance(10 * dayMs);
    }
    const covered = [4, 3, 2, 1, 0].map((count) => previews.longestPeriod([90, 25, 15, 7], count));
    expect(await Promise.all(covered)).toEqual([90, 90, 25, 15, 7]);
  });

  it('terms under which no payment counted may have cost more', async () => {
    await publish({ minimumAmounts: { usd: 5000 } });
    const friend = await world.given.userInvitedBy(await world.given.user());
    for (let payment = 0; payment < 2; payment++) {
      await world.when.pays(friend);
      world.clock.advance(dayMs);
    }
    expect((await preview({ minimumAmounts: {} })).json()).toMatchObject({
      replay: { payments: 1, actual: { rewarded: 0 }, draft: { rewarded: 1, days: { total: 90 } } },
    });
    expect((await preview({})).json()).toMatchObject({ replay: { payments: 0 } });
  });
});
