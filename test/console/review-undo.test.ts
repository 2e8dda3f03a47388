import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScheduledReviews } from '../../src/referral/index.js';
import type { Person } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const minuteMs = 60_000;

/** A decision of the review queue takes effect after some minutes, and can be undone until then. */
describe('a decision of the review queue', () => {
  let world: World;
  let staff: Staff;
  let second: Person;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
    second = await world.given.user({ role: 'admin' });
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  /** Bert came with Anna's code from an address to throw away, and paid: his reward waits. */
  async function suspicious({ hasPaid = true } = {}): Promise<{ anna: Person; bert: Person; id: string }> {
    const anna = await world.given.user();
    const email = `${Math.random().toString(36).slice(2)}@mailinator.com`;
    const bert = await world.given.user({ email, ref: await world.given.referralCodeOf(anna) });
    if (hasPaid) await world.when.pays(bert);
    await world.runHandlers();
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    return { anna, bert, id: rows[0]?.id ?? '' };
  }

  const decide = (id: string, action: string, who = staff.admin) =>
    staff.submitForm(`review/${id}/${action}`, who, { reason: `${action}, as a test`, handled: '0' });
  const undo = (id: string, who = staff.admin) => staff.submitForm('review/undo', who, { referral: id });
  const applyDue = () => world.app.get(ScheduledReviews, { strict: false }).applyDue();
  const days = (person: Person) => world.see.creditDaysOf(person);
  const mails = (person: Person) =>
    world.see.count(`notifications.captured_email WHERE recipient = $1`, [person.email]);
  const audits = async (id: string): Promise<string[]> => {
    const { rows } = await world.sql.query<{ action: string }>(
      `SELECT action FROM platform.audit WHERE details @> $1 ORDER BY id`,
      [{ referralId: id }],
    );
    return rows.map(({ action }) => action).filter((action) => action.startsWith('referral.review'));
  };
  const review = async (id: string): Promise<unknown> =>
    (await staff.api('GET', `referrals/${id}`, staff.support)).json<{ referral: { review: unknown } }>()
      .referral.review;

  it('changes nothing and sends no email until its delay is over, then both sides are credited and emailed', async () => {
    const { anna, bert, id } = await suspicious();
    const before = [await mails(anna), await mails(bert)];
    const answer = await decide(id, 'approve');
    expect([answer.statusCode, answer.headers.location]).toEqual([
      303,
      `/admin/review?after=&handled=1&decided=${id}`,
    ]);
    world.clock.advance(9 * minuteMs);
    expect(await applyDue()).toBe(0);
    await world.runHandlers();
    expect([await days(anna), await days(bert), await mails(anna), await mails(bert)]).toEqual([
      0,
      0,
      ...before,
    ]);
    expect(await review(id)).toMatchObject({
      decision: null,
      scheduled: {
        decision: 'approved',
        decidedBy: staff.admin.id,
        takesEffectAt: '2026-11-01T12:10:00.000Z',
      },
    });
    world.clock.advance(minuteMs);
    expect(await applyDue()).toBe(1);
    await world.runHandlers();
    expect([await days(anna), await days(bert)]).toEqual([45, 45]);
    expect([await mails(anna), await mails(bert)]).toEqual(before.map((count) => count + 1));
    expect(await review(id)).toEqual({ outcome: 'review', decision: 'approved', scheduled: null });
    expect(await audits(id)).toEqual(['referral.review_scheduled', 'referral.reviewed']);
    expect(await applyDue()).toBe(0);
  });

  it.each(['approve', 'reject'])('can be undone, as if it had not been made (%s)', async (action) => {
    const { anna, bert, id } = await suspicious();
    const before = [await mails(anna), await mails(bert)];
    await decide(id, action);
    expect((await staff.page('review', staff.support)).body).not.toContain(`review/${id}/`);
    world.clock.advance(10 * minuteMs - 1);
    expect((await undo(id, second)).headers.location).toBe(`/admin/review?referral=${id}&done=undo`);
    expect((await undo(id)).statusCode).toBe(303); // twice
    world.clock.advance(minuteMs);
    expect(await applyDue()).toBe(0);
    await world.runHandlers();
    expect([await days(anna), await days(bert), await mails(anna), await mails(bert)]).toEqual([
      0,
      0,
      ...before,
    ]);
    expect(await review(id)).toEqual({ outcome: 'review', decision: null, scheduled: null });
    expect(await audits(id)).toEqual(['referral.review_scheduled', 'referral.review_undone']);
    await decide(id, 'reject');
    world.clock.advance(10 * minuteMs);
    expect(await applyDue()).toBe(1);
    expect(await review(id)).toMatchObject({ decision: 'rejected' });
  });

  it('cannot be undone once it takes effect, whether or not it is carried out yet', async () => {
    const { id } = await suspicious();
    await decide(id, 'approve');
    world.clock.advance(10 * minuteMs);
    for (const isCarriedOut of [false, true]) {
      if (isCarriedOut) await applyDue();
      const refused = await undo(id);
      expect(refused.statusCode).toBe(409);
      expect(refused.body).toContain('It is too late to undo this decision');
    }
    expect(await review(id)).toMatchObject({ decision: 'approved', scheduled: null });
  });

  it('is made by one of several people at once, and the others are refused', async () => {
    const { id } = await suspicious();
    const people = [
      staff.admin,
      second,
      ...(await Promise.all([1, 2].map(() => world.given.user({ role: 'admin' })))),
    ];
    const answers = await Promise.all(
      people.map((person, index) => decide(id, index % 2 === 0 ? 'approve' : 'reject', person)),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 409, 409, 409]);
    for (const { statusCode, body } of answers)
      if (statusCode === 409)
        expect(body).toMatch(/Another person has already (approved|rejected) this referral/);
    expect(await audits(id)).toEqual(['referral.review_scheduled']);
    await undo(id);
  });

  it('sent twice by the same person is one decision, at its first time', async () => {
    const { id } = await suspicious();
    await decide(id, 'reject');
    const first = await review(id);
    world.clock.advance(minuteMs);
    expect((await decide(id, 'reject')).statusCode).toBe(303);
    expect(await review(id)).toEqual(first);
    expect(await audits(id)).toEqual(['referral.review_scheduled']);
    await undo(id);
  });

  it('is undone or carried out, never both, however many ask at once', async () => {
    for (let round = 0; round < 6; round++) {
      const { anna, id } = await suspicious();
      await decide(id, 'approve');
      world.clock.advance(10 * minuteMs - (round % 2));
      const [undone] = await Promise.all([
        Promise.all([undo(id), undo(id, second)]),
        Promise.all([applyDue(), applyDue()]),
      ]);
      world.clock.advance(minuteMs);
      await applyDue();
      const isUndone = round % 2 === 1;
      expect(undone.map(({ statusCode }) => statusCode)).toEqual(isUndone ? [303, 303] : [409, 409]);
      expect(Math.round(await days(anna))).toBe(isUndone ? 0 : 45);
      expect(await audits(id)).toEqual([
        'referral.review_scheduled',
        isUndone ? 'referral.review_undone' : 'referral.reviewed',
      ]);
    }
  });

  it('is carried out once when the process that carries it out is killed half-way', async () => {
    const { anna, id } = await suspicious();
    await decide(id, 'approve');
    world.clock.advance(10 * minuteMs);
    // the credit accounts come last: what came before is written, and not committed
    const lock = await holdLock(world.sql, `SELECT 1 FROM credit.account WHERE user_id = $1 FOR UPDATE`, [
      anna.id,
    ]);
    const killed = applyDue();
    await lock.untilBlocked();
    await world.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    await killed.catch(() => undefined);
    await lock.release();
    await applyDue();
    expect(await days(anna)).toBe(45);
    expect(await audits(id)).toEqual(['referral.review_scheduled', 'referral.reviewed']);
  });

  it('gives way to a call of the API: the same takes effect at once, the opposite is refused, a reopening undoes it', async () => {
    const { anna, id } = await suspicious();
    const call = (action: string) =>
      staff.api('POST', `referrals/${id}/${action}`, staff.admin, { reason: 'by the API' });
    await decide(id, 'approve');
    expect((await call('reject')).json()).toMatchObject({ code: 'referral.decided', decision: 'approved' });
    expect((await call('reopen')).json()).toMatchObject({ review: { decision: null, scheduled: null } });
    await decide(id, 'approve');
    expect((await call('approve')).json()).toMatchObject({
      status: 'converted',
      review: { decision: 'approved', scheduled: null },
    });
    world.clock.advance(10 * minuteMs);
    expect([await applyDue(), Math.round(await days(anna))]).toEqual([0, 45]);
  });

  it('is dropped when a merge of both accounts closes the referral meanwhile', async () => {
    const { anna, bert, id } = await suspicious({ hasPaid: false });
    await decide(id, 'approve');
    const merged = await staff.api('POST', 'merges', staff.admin, {
      fromUserId: bert.id,
      intoUserId: anna.id,
      reason: 'one person',
    });
    expect(merged.statusCode).toBeLessThan(300);
    world.clock.advance(10 * minuteMs);
    expect(await applyDue()).toBe(1);
    expect(await audits(id)).toContain('referral.review_dropped');
    expect(await review(id)).toMatchObject({ decision: 'rejected', scheduled: null });
  });
});
