import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

describe('the review queue', () => {
  let world: World;
  let admin: Person;
  let support: Person;
  beforeAll(async () => {
    world = await createWorld();
    admin = await world.given.user({ role: 'admin' });
    support = await world.given.user({ role: 'support' });
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const call = (who: Person, method: 'GET' | 'POST', path: string, payload?: object) =>
    world.app.inject({
      method,
      url: `/api/v1/admin/referrals${path}`,
      headers: bearer(who),
      ...(payload === undefined ? {} : { payload }),
    });

  /** Bert came with Anna's code, and the rules want a person to check it. */
  async function suspicious() {
    const anna = await world.given.user();
    const bert = await world.given.userInvitedBy(anna);
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    const id = rows[0]?.id ?? '';
    await world.sql.query(
      `INSERT INTO referral.review (referral_id, outcome, opened_at) VALUES ($1, 'review', $2)`,
      [id, world.clock.now()],
    );
    return { anna, bert, id };
  }

  const decide = (id: string, deed: string, who = admin) =>
    call(who, 'POST', `/${id}/${deed}`, { reason: `${deed}, as a test` });
  const waiting = async () =>
    (await call(support, 'GET', '?review=waiting'))
      .json<{ items: { id: string }[] }>()
      .items.map(({ id }) => id);
  const days = (person: Person) => world.see.creditDaysOf(person);

  it('the review queue holds the reward until a person approves, and releases it in that moment', async () => {
    const { anna, bert, id } = await suspicious();
    await world.when.pays(bert);
    expect(await waiting()).toContain(id);
    expect((await call(support, 'GET', `/${id}`)).json()).toMatchObject({
      referral: { status: 'held', holds: ['review'], review: { outcome: 'review', decision: null } },
    });
    expect(await days(anna)).toBe(0);
    const answer = await decide(id, 'approve');
    expect(answer.json()).toMatchObject({ status: 'converted', review: { decision: 'approved' } });
    expect([await days(anna), await days(bert), await waiting()]).toEqual([45, 45, []]);
    expect(
      await world.see.count(`platform.audit WHERE action = 'referral.reviewed' AND subject_id = $1`, [
        bert.id,
      ]),
    ).toBe(1);
  });

  it('the review queue refuses the reward when a person rejects it, and thinks again when they reopen it', async () => {
    const { anna, bert, id } = await suspicious();
    await world.when.pays(bert);
    expect((await decide(id, 'reject')).json()).toMatchObject({ status: 'rejected', reasons: ['rejected'] });
    expect([await days(anna), await waiting()]).toEqual([0, []]);
    expect((await decide(id, 'reopen')).json()).toMatchObject({ status: 'held' });
    expect(await waiting()).toEqual([id]);
    await decide(id, 'approve');
    expect(await days(anna)).toBe(45);
    expect((await decide(id, 'reject')).json()).toMatchObject({
      code: 'referral.decided',
      decision: 'approved',
    });
    expect(await days(anna)).toBe(45);
    await decide(id, 'reopen');
    expect((await decide(id, 'reject')).json()).toMatchObject({ status: 'reversed' });
    expect([await days(anna), await days(bert)]).toEqual([0, 0]);
  });

  it('the review queue decides before the first payment, too', async () => {
    const one = await suspicious();
    expect((await decide(one.id, 'reject')).json()).toMatchObject({ status: 'rejected' });
    expect(await world.when.pays(one.bert)).toMatchObject({ detail: 'converted' });
    expect(await days(one.anna)).toBe(0);
    const other = await suspicious();
    await decide(other.id, 'approve');
    await world.when.pays(other.bert);
    expect(await days(other.anna)).toBe(45);
  });

  it('the review queue lets the first of many opposite decisions at once decide, and refuses its opposites until it is reopened', async () => {
    const { anna, bert, id } = await suspicious();
    await world.when.pays(bert);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => decide(id, index % 2 === 0 ? 'approve' : 'reject')),
    );
    const codes = answers.map(({ statusCode }) => statusCode);
    const isApproved = codes[0] === 200;
    expect(codes).toEqual(codes.map((_, index) => ((index % 2 === 0) === isApproved ? 200 : 409)));
    expect(await days(anna)).toBe(isApproved ? 45 : 0);
    const written = `platform.audit WHERE action = 'referral.reviewed' AND subject_id = $1`;
    expect(await world.see.count(written, [bert.id])).toBe(1);
    await decide(id, 'reopen');
    expect((await decide(id, 'reject')).statusCode).toBe(200);
  });

  it('the review queue is for admins; support only looks, and a reason is always given', async () => {
    const { id } = await suspicious();
    expect((await decide(id, 'approve', support)).statusCode).toBe(403);
    expect((await call(admin, 'POST', `/${id}/approve`, {})).statusCode).toBe(422);
    expect((await decide('0199a000-0000-7000-8000-000000000000', 'approve')).statusCode).toBe(404);
    await decide(id, 'reject');
  });
});
