import { afterAll, beforeAll, expect, it } from 'vitest';
import { holdLock } from '../support/held-lock.js';
import { createReportsWorld, type ReportsWorld } from './reports-world.js';

let world: ReportsWorld;

beforeAll(async () => {
  world = await createReportsWorld();
});
afterAll(() => world.close());

it('the first payment of an invited person credits both, once', async () => {
  const anna = await world.person();
  const bert = await world.person({ invitedBy: { code: anna.code } });
  const id = world.newId('txn');
  const paidAt = world.clock.now().toISOString();
  expect(await world.pay(id, bert.externalId, { paidAt })).toMatchObject({
    status: 200,
    body: { outcome: 'converted' },
  });
  expect(await world.pay(id, bert.externalId, { paidAt })).toMatchObject({
    status: 200,
    body: { outcome: 'already' },
  });
  for (const { externalId } of [anna, bert]) expect(await world.daysOf(externalId)).toEqual([45]);
  world.clock.advance(1000);
  expect(await world.pay(world.newId('txn'), bert.externalId)).toMatchObject({
    body: { outcome: 'renewal' },
  });
  for (const { externalId } of [anna, bert]) expect(await world.daysOf(externalId)).toEqual([45]);
});

it('a person who pays elsewhere is led there by pages, and not to the portal of Stripe', async () => {
  const email = `${world.newId('pages')}@host.example.org`;
  const person = await world.person({ email });
  const now = world.clock.now();
  const period = { start: now.toISOString(), end: new Date(now.getTime() + 30 * 86_400_000).toISOString() };
  const subscriptionId = world.newId('sub');
  await world.pay(world.newId('txn'), person.externalId, { period, subscriptionId });
  const { token } = await world.given.user({ email });
  for (const url of ['/pricing', '/settings']) {
    const headers = { accept: 'text/html', cookie: `tf_session=${token}` };
    const { body } = await world.app.inject({ url, headers });
    expect([url, body.includes('Paddle charges you for your subscription')]).toEqual([url, true]);
    expect([url, body.includes('/billing/portal')]).toEqual([url, false]);
  }
});

it('a payment of an unknown person waits for them', async () => {
  const anna = await world.person();
  const id = world.newId('txn');
  const externalId = world.newId('late');
  const paidAt = world.clock.now().toISOString();
  expect(await world.pay(id, externalId, { paidAt })).toMatchObject({
    status: 202,
    body: { outcome: 'parked' },
  });
  expect(await world.pay(id, externalId, { paidAt, amount: 998 })).toMatchObject({
    status: 409,
    body: { code: 'payment.conflict', detail: expect.stringContaining('amount differs') },
  });
  await world.put(`people/${externalId}`, {
    email: `${externalId}@host.example.org`,
    emailVerified: true,
    createdAt: paidAt,
    invitedBy: { code: anna.code, at: paidAt },
  });
  await world.runHandlers();
  for (const one of [anna.externalId, externalId]) expect(await world.daysOf(one)).toEqual([45]);
});

it('a person is saved after a report of theirs that is in progress, so that neither misses the other', async () => {
  const externalId = world.newId('late');
  const reporting = await holdLock(world.sql, `SELECT billing.lock_stripe_ids(ARRAY['person::' || $1])`, [
    externalId,
  ]);
  const saved = world.put(`people/${externalId}`, {
    email: `${externalId}@host.example.org`,
    emailVerified: true,
  });
  await reporting.untilBlocked();
  await reporting.commit();
  expect((await saved).status).toBe(201);
});

it('twenty reports of one payment at once are one', async () => {
  const anna = await world.person();
  const bert = await world.person({ invitedBy: { code: anna.code } });
  const id = world.newId('txn');
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => world.pay(id, bert.externalId, n % 4 === 3 ? { amount: 1 } : {})),
  );
  const applied = answers.filter(({ body }) => body.outcome === 'converted');
  expect(applied).toHaveLength(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
  expect(await world.see.count(`billing.invoice WHERE id = $1`, [`paddle:payment:${id}`])).toBe(1);
  for (const one of [anna, bert]) expect(await world.daysOf(one.externalId)).toEqual([45]);
});
