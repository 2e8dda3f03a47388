import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOperations, type AccountOperations } from '../accounts/account-operations.js';
import type { Person } from '../support/given.js';
import { createReportsWorld, type HostPerson, type ReportsWorld } from './reports-world.js';

const day = 86_400_000;

describe('reports of merged accounts', () => {
  let world: ReportsWorld;
  let accounts: AccountOperations;
  beforeAll(async () => {
    world = await createReportsWorld();
    accounts = accountOperations(world);
  });
  afterAll(() => world.close());

  const asPerson = ({ userId }: HostPerson) => ({ id: userId }) as Person;
  const payersOf = async (payments: string[]) => {
    const { rows } = await world.sql.query<{ id: string; user_id: string }>(
      `SELECT id, user_id FROM billing.invoice WHERE id = ANY($1) ORDER BY paid_at`,
      [payments.map((id) => `paddle:payment:${id}`)],
    );
    return rows.map(({ user_id }) => user_id);
  };
  const iso = (offsetMs = 0) => new Date(world.clock.now().getTime() + offsetMs).toISOString();

  it('are of the account that is left, and go back with the other one when the merge is undone', async () => {
    const [anna, twin] = [await world.person(), await world.person()];
    const payments = [world.newId('txn'), world.newId('txn')];
    const subscription = world.newId('sub');
    const period = { start: iso(), end: iso(30 * day) };
    await world.pay(payments[0] ?? '', twin.externalId);
    const merge = await accounts.merge(asPerson(twin), asPerson(anna));
    world.clock.advance(1000);
    const later = { paidAt: iso(), period, subscriptionId: subscription };
    expect(await world.pay(payments[1] ?? '', twin.externalId, later)).toMatchObject({
      body: { outcome: 'renewal' },
    });
    expect(await payersOf(payments)).toEqual([twin.userId, anna.userId]);
    expect((await world.get(`people/${anna.externalId}/access`)).body).toMatchObject({ active: true });
    expect(await world.pay(payments[0] ?? '', twin.externalId, { paidAt: iso(-1000) })).toMatchObject({
      body: { outcome: 'already' },
    });
    await accounts.undo(merge);
    expect(await payersOf(payments)).toEqual([twin.userId, twin.userId]);
    expect((await world.get(`people/${anna.externalId}/access`)).body).toMatchObject({ active: false });
    expect((await world.get(`people/${twin.externalId}/access`)).body).toMatchObject({ active: true });
    expect(await world.see.discrepancies()).toEqual([]);
  });
});

describe.each(['after_paid_period', 'defer_billing'] as const)(
  'with CREDIT_DELIVERY=%s',
  (creditDelivery) => {
    let world: ReportsWorld;
    beforeAll(async () => {
      world = await createReportsWorld({ creditDelivery });
    });
    afterAll(() => world.close());

    it('the days of a person who pays elsewhere begin behind the paid period', async () => {
      const anna = await world.person();
      const now = world.clock.now().getTime();
      const iso = (offsetMs: number) => new Date(now + offsetMs).toISOString();
      const subscriptionId = world.newId('sub');
      const pay = (id: string, from: number) =>
        world.pay(id, anna.externalId, {
          period: { start: iso(from), end: iso(from + 30 * day) },
          subscriptionId,
        });
      await pay(world.newId('txn'), 0);
      const bert = await world.person({ invitedBy: { code: anna.code } });
      await world.pay(world.newId('txn'), bert.externalId);
      await world.runHandlers();
      const creditUntil = async () => (await world.get(`people/${anna.externalId}/access`)).body.creditUntil;
      expect(await creditUntil()).toBe(iso(75 * day));
      world.clock.advance(29 * day);
      await pay(world.newId('txn'), 30 * day);
      await world.runHandlers();
      expect(await creditUntil()).toBe(iso(105 * day));
      if (creditDelivery === 'defer_billing') {
        const { rows } = await world.sql.query(
          `SELECT state, detail FROM billing.deferral WHERE user_id = $1`,
          [anna.userId],
        );
        expect(rows).toEqual([{ state: 'fallback', detail: 'another_processor' }]);
      }
      expect(await world.see.discrepancies()).toEqual([]);
    });
  },
);
