import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignUpService } from '../../src/auth/sign-in/sign-up.service.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { FraudRepository } from '../../src/referral/fraud/fraud.repository.js';
import { FraudService } from '../../src/referral/fraud/fraud.service.js';
import { untilConnectionsBlocked } from '../support/held-lock.js';
import { createStaff } from '../support/staff.js';
import { toEmailAddress } from '../support/email.js';
import { createWorld, type World } from '../support/world.js';

describe('what people share', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const welcome = (tx: Tx, email: string, refCode: string) =>
    world.app.get(SignUpService, { strict: false }).findOrCreate(tx, {
      ...{
        email: toEmailAddress(email),
        referralCode: refCode,
        locale: 'en',
        timeZone: null,
        campaign: null,
      },
      clientInfo: { ip: '127.0.0.1', device: email, userAgent: 'test' },
    });
  const fraudRepository = () => world.app.get(FraudRepository, { strict: false });
  const referralOf = async (userId: string) => {
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [userId],
    );
    return rows[0]?.id ?? '';
  };
  const look = (id: string) =>
    world.database.transaction((tx) => world.app.get(FraudService, { strict: false }).evaluate(tx, id));

  it('what people share is seen by the second of two who sign up with one mailbox at once', async () => {
    const code = await world.given.referralCodeOf(await world.given.user());
    let second: Promise<unknown> = Promise.resolve();
    await world.database.transaction(async (tx) => {
      await welcome(tx, 'twice+1@example.org', code);
      second = world.database.transaction((other) => welcome(other, 'twice+2@example.org', code));
      await Promise.race([untilConnectionsBlocked(world.sql), second]);
    });
    await second;
    expect(await world.see.count(`referral.review WHERE outcome = 'reject'`)).toBe(1);
  });

  it('what people share by a crowd costs a sign-in no more than by a few', async () => {
    const anna = await world.given.user();
    const code = await world.given.referralCodeOf(anna);
    const { user } = await world.database.transaction((tx) => welcome(tx, 'crowd+0@example.org', code));
    await world.sql.query(
      `INSERT INTO auth."user" (id, email, role, locale, created_at)
       SELECT gen_random_uuid(), 'crowd+' || n || '@example.org', 'user', 'en', now() FROM generate_series(1, 3000) n`,
    );
    await world.sql.query(
      `INSERT INTO referral.signal SELECT u.id, s.kind, s.hash, now() FROM auth."user" u, referral.signal s
       WHERE s.user_id = $1 AND u.email LIKE 'crowd+%' ON CONFLICT DO NOTHING`,
      [user.id],
    );
    const id = await referralOf(user.id);
    const facts = await fraudRepository().loadRuleInput(world.database, id);
    // pages that are checked, not a time: about 2,500 with the bound, 73,000 without it, on any
    // machine
    let blocks = NaN;
    await fraudRepository().loadRuleInput(
      {
        query: async <Row>(sql: string, parameters?: unknown[]) => {
          const explained = await world.database.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
            `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
            parameters,
          );
          const plan = explained[0]?.['QUERY PLAN'][0].Plan ?? {};
          blocks = (plan['Shared Hit Blocks'] ?? NaN) + (plan['Shared Read Blocks'] ?? NaN);
          return [] as Row[];
        },
      },
      id,
    );
    expect(blocks).toBeLessThan(10_000);
    const mailbox = facts?.sharedSignals.find(({ kind }) => kind === 'mailbox');
    expect(mailbox?.others).toBeGreaterThanOrEqual(99);
  });

  it('what people share with an account of one’s own says nothing, and with one of the referrer as much as with the referrer', async () => {
    const [anna, second] = [await world.given.user(), await world.given.user()];
    const code = await world.given.referralCodeOf(anna);
    const [bert, own] = [await world.given.user({ ref: code }), await world.given.user()];
    const share = (hash: string, ...people: { id: string }[]) =>
      world.sql.query(
        `INSERT INTO referral.signal SELECT id, 'card', convert_to($2, 'UTF8'), now() FROM unnest($1::uuid[]) id`,
        [people.map(({ id }) => id), hash],
      );
    const merge = (from: { id: string }, into: { id: string }) =>
      world.sql.query(`INSERT INTO platform.merged_account VALUES ($1, $2)`, [from.id, into.id]);
    const cards = async () =>
      (await fraudRepository().loadRuleInput(world.database, await referralOf(bert.id)))?.sharedSignals.find(
        ({ kind }) => kind === 'card',
      );
    await share('own', bert, own);
    expect(await cards()).toMatchObject({ withReferrer: false, others: 1 });
    await merge(own, bert);
    expect(await cards()).toMatchObject({ withReferrer: false, others: 0 });
    await share('hers', own, second);
    expect(await cards()).toMatchObject({ withReferrer: false, others: 1 });
    await merge(second, anna);
    expect(await cards()).toMatchObject({ withReferrer: true, others: 0 });
  });

  it('what people share is not forgotten when its rule is tried in shadow, or tried and made live again', async () => {
    const staff = await createStaff(world);
    const set = (mode: string) =>
      staff.api('PUT', 'fraud/rules/disposable_domain', staff.admin, { mode, weight: 60, reason: 'a trial' });
    const code = await world.given.referralCodeOf(await world.given.user());
    const { user } = await world.database.transaction((tx) => welcome(tx, 'once@mailinator.com', code));
    const id = await referralOf(user.id);
    for (const mode of ['shadow', 'off', 'live']) {
      expect((await set(mode)).statusCode).toBe(200);
      world.clock.advance(1_000);
      expect(await look(id)).toEqual({ outcome: 'review', hasChanged: false });
    }
    expect((await staff.api('GET', 'fraud/rules/disposable_domain', staff.support)).json()).toMatchObject({
      ...{ name: 'disposable_domain', mode: 'live', hits: 1 },
    });
    expect((await staff.api('GET', 'fraud/rules/no_such_rule', staff.support)).statusCode).toBe(404);
  });
});
