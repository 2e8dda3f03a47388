import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

interface Rule {
  name: string;
  mode: string;
  hits: number;
  decided: number;
  rejected: number;
  precision: number | null;
}

describe('the fraud rules', () => {
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  /** A person who came with Anna's code from an address to throw away. */
  async function disposable(anna: Person): Promise<{ bert: Person; id: string }> {
    const email = `${Math.random().toString(36).slice(2)}@mailinator.com`;
    const bert = await world.given.user({ email, ref: await world.given.referralCodeOf(anna) });
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    return { bert, id: rows[0]?.id ?? '' };
  }

  const rule = async (name: string): Promise<Rule | undefined> => {
    const answer = await staff.api('GET', 'fraud/rules', staff.support);
    return answer.json<{ items: Rule[] }>().items.find((own) => own.name === name);
  };
  const set = (name: string, mode: string, who = staff.admin) =>
    staff.api('PUT', `fraud/rules/${name}`, who, { mode, weight: 60, reason: 'a trial' });

  it('the fraud rules hold the reward of an address to throw away, with their evidence for staff and without it for people', async () => {
    const anna = await world.given.user();
    const { bert, id } = await disposable(anna);
    await world.when.pays(bert);
    expect(await world.see.creditDaysOf(anna)).toBe(0);
    const told = (await staff.api('GET', `referrals/${id}/explain`, staff.support)).json<unknown>();
    expect(told).toMatchObject({
      findings: [{ rule: 'disposable_domain', weight: 60, evidence: { domainClass: 'disposable' } }],
    });
    const own = await world.app.inject({
      url: `/api/v1/referral/invites/${id}/explain`,
      headers: { authorization: `Bearer ${anna.token}` },
    });
    expect(own.json()).toMatchObject({ invite: { status: 'held' } });
    expect(own.body).not.toContain('disposable');
    expect((await staff.page(`referrals/${id}`, staff.support)).body).toContain('Disposable email address');
  });

  it('the fraud rules have a precision, as people decide about what they hit', async () => {
    const anna = await world.given.user();
    const first = await disposable(anna);
    const second = await disposable(anna);
    const before = await rule('disposable_domain');
    await staff.api('POST', `referrals/${first.id}/approve`, staff.admin, { reason: 'a real person' });
    await staff.api('POST', `referrals/${second.id}/reject`, staff.admin, { reason: 'a farm' });
    expect(await rule('disposable_domain')).toMatchObject({
      decided: (before?.decided ?? 0) + 2,
      rejected: (before?.rejected ?? 0) + 1,
      precision: 0.5,
    });
  });

  it('the fraud rules write down in shadow what they would find, and change nothing', async () => {
    expect((await set('disposable_domain', 'shadow')).statusCode).toBe(200);
    const anna = await world.given.user();
    const { bert, id } = await disposable(anna);
    await world.when.pays(bert);
    expect(await world.see.creditDaysOf(anna)).toBe(45);
    expect(
      await world.see.count(`referral.fraud_rule_hit WHERE referral_id = $1 AND mode = 'shadow'`, [id]),
    ).toBe(1);
    await set('disposable_domain', 'off');
    const other = await disposable(anna);
    expect(await world.see.count(`referral.fraud_rule_hit WHERE referral_id = $1`, [other.id])).toBe(0);
    await set('disposable_domain', 'live');
  });

  it('the fraud rules refuse a person who comes again under another spelling, the person who invites them', async () => {
    const anna = await world.given.user({ email: 'anna.meier@gmail.com' });
    const code = await world.given.referralCodeOf(anna);
    const again = await world.given.user({ email: 'annameier+2@googlemail.com', ref: code });
    await world.when.pays(again);
    expect([await world.see.creditDaysOf(anna), await world.see.creditDaysOf(again)]).toEqual([0, 0]);
    expect(await world.see.count(`referral.review WHERE outcome = 'reject'`)).toBe(1);
  });

  it('the fraud rules never decide by circumstances: one network, one device and many sign-ups reward everybody', async () => {
    const anna = await world.given.user();
    const code = await world.given.referralCodeOf(anna);
    const friends = [];
    for (let friend = 0; friend < 40; friend++) friends.push(await world.given.user({ ref: code }));
    await world.sql.query(
      `INSERT INTO referral.signal SELECT id, kind, '\\x01', now() FROM unnest($1::uuid[]) AS u(id), unnest('{network,device}'::text[]) AS k(kind)`,
      [[anna.id, ...friends.map(({ id }) => id)]],
    );
    const last = await world.given.user({ ref: code });
    await world.when.pays(last);
    expect(await world.see.creditDaysOf(last)).toBe(45);
    expect(await world.see.count(`referral.fraud_rule_hit WHERE rule = 'velocity'`)).toBeGreaterThan(0);
  });

  it('the fraud rules are set by admins only, with a reason, and only those that exist', async () => {
    expect((await set('velocity', 'off', staff.support)).statusCode).toBe(403);
    expect((await set('no_such_rule', 'off')).statusCode).toBe(404);
    expect((await set('velocity', 'loud')).statusCode).toBe(422);
  });
});
