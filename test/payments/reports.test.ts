import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReconciliationRepository } from '../../src/billing/reconciliation/reconciliation.repository.js';
import { createReportsWorld, type HostPerson, type ReportsWorld } from './reports-world.js';

let world: ReportsWorld;

beforeAll(async () => {
  world = await createReportsWorld();
});
afterAll(() => world.close());

const iso = (offsetMs = 0) => new Date(world.clock.now().getTime() + offsetMs).toISOString();
const hour = 3_600_000;
const day = 24 * hour;

/** A person who was invited, and who invited them. */
async function invited(): Promise<{ anna: HostPerson; bert: HostPerson }> {
  const anna = await world.person();
  return { anna, bert: await world.person({ invitedBy: { code: anna.code } }) };
}

/** As {@link invited}; the invited person has paid. */
async function paid(more: object = {}) {
  const people = await invited();
  const payment = world.newId('txn');
  expect(await world.pay(payment, people.bert.externalId, more)).toMatchObject({ status: 200 });
  return { ...people, payment };
}

const refund = (id: string, paymentId: string, more: object = {}) =>
  world.put(`refunds/paddle/${id}`, { paymentId, amount: 999, status: 'succeeded', at: iso(), ...more });
const dispute = (id: string, paymentId: string, status: string, at = iso()) =>
  world.put(`disputes/paddle/${id}`, { paymentId, amount: 999, status, at });
const subscription = (id: string, externalId: string, more: object = {}) =>
  world.put(`subscriptions/paddle/${id}`, {
    externalId,
    status: 'active',
    currentPeriodEnd: iso(30 * day),
    cancelAtPeriodEnd: false,
    updatedAt: iso(),
    ...more,
  });
const creditedUntil = async ({ externalId }: HostPerson) =>
  (await world.get(`people/${externalId}/access`)).body.creditUntil as string | null;
const counts = async () => {
  const { rows } = await world.sql.query<Record<string, string>>(
    `SELECT (SELECT count(*) FROM billing.inbox) AS inbox, (SELECT count(*) FROM billing.invoice) AS invoices,
       (SELECT count(*) FROM platform.audit) AS audit, (SELECT count(*) FROM credit.entry) AS entries,
       (SELECT string_agg(id || status || amount || snapshot_at, ',' ORDER BY id) FROM billing.reversal) AS reversals,
       (SELECT string_agg(id || status || revision || coalesce(snapshot_at::text, ''), ',' ORDER BY id) FROM billing.subscription) AS subscriptions`,
  );
  return rows[0];
};

describe('a payment', () => {
  it('with the same facts is known already, with others a conflict that writes nothing', async () => {
    const { bert, payment } = await paid({ priceId: 'pri_1' });
    const same = { paidAt: iso(), priceId: 'pri_1' };
    const before = await counts();
    expect(await world.pay(payment, bert.externalId, same)).toMatchObject({
      status: 200,
      body: { outcome: 'already' },
    });
    expect(await world.pay(payment, bert.externalId, { ...same, currency: 'eur' })).toMatchObject({
      body: { outcome: 'already' },
    });
    const others: [string, object][] = [
      ['amount', { amount: 998 }],
      ['currency', { currency: 'USD' }],
      ['paidAt', { paidAt: iso(-1000) }],
      ['priceId', { priceId: 'pri_2' }],
      ['period', { period: { start: iso(), end: iso(day) } }],
      ['subscriptionId', { subscriptionId: 'sub_1' }],
    ];
    for (const [field, other] of others)
      expect(await world.pay(payment, bert.externalId, { ...same, ...other })).toMatchObject({
        status: 409,
        body: { code: 'payment.conflict', detail: expect.stringContaining(`${field} differs`) },
      });
    const carl = await world.person();
    expect((await world.pay(payment, carl.externalId, same)).body.detail).toContain('externalId differs');
    expect((await counts())?.invoices).toBe(before?.invoices);
    expect((await counts())?.inbox).toBe(before?.inbox);
    expect((await counts())?.entries).toBe(before?.entries);
  });

  it('of the same id at two processors is two payments', async () => {
    const { bert, payment } = await paid();
    world.clock.advance(1000);
    const body = { externalId: bert.externalId, paidAt: iso(), amount: 5, currency: 'EUR' };
    expect(await world.put(`payments/other/${payment}`, body)).toMatchObject({
      body: { outcome: 'renewal' },
    });
  });

  it('of an earlier moment that arrives late is the first', async () => {
    const { anna, bert, payment } = await paid();
    const earlier = await world.pay(world.newId('txn'), bert.externalId, { paidAt: iso(-60_000) });
    expect(earlier).toMatchObject({ status: 200, body: { outcome: 'first_payment' } });
    const refunded = await refund(world.newId('adj'), payment);
    expect(refunded.body).toMatchObject({ outcome: 'applied' });
    expect(await creditedUntil(anna)).not.toBeNull();
  });

  it('of nothing is none', async () => {
    const { anna, bert } = await invited();
    const answer = await world.pay(world.newId('txn'), bert.externalId, { amount: 0 });
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'ignored' } });
    expect(await world.daysOf(anna.externalId)).toEqual([]);
  });

  it('with a period gives access through the subscription until its end, and then no more', async () => {
    const anna = await world.person();
    const end = iso(10 * day);
    await world.pay(world.newId('txn'), anna.externalId, { period: { start: iso(), end } });
    expect((await world.get(`people/${anna.externalId}/access`)).body).toMatchObject({
      active: true,
      source: 'subscription',
      tier: 'paid',
      until: end,
    });
    world.clock.advance(11 * day);
    expect((await world.get(`people/${anna.externalId}/access`)).body).toMatchObject({ active: false });
  });

  it('without a period gives none', async () => {
    const anna = await world.person();
    await world.pay(world.newId('txn'), anna.externalId);
    expect((await world.get(`people/${anna.externalId}/access`)).body).toMatchObject({ active: false });
  });

  it.each([
    ['a time in the future', { paidAt: '2099-01-01T00:00:00Z' }, 'paidAt'],
    ['no time', { paidAt: 'yesterday' }, 'paidAt'],
    ['a negative amount', { amount: -1 }, 'amount'],
    ['a broken amount', { amount: 9.99 }, 'amount'],
    ['an amount as text', { amount: '999' }, 'amount'],
    ['an unknown currency', { currency: 'Euro' }, 'currency'],
    ['a mixed currency', { currency: 'eUR' }, 'currency'],
    [
      'a period that ends before it begins',
      { period: { start: '2026-01-02', end: '2026-01-01' } },
      'period.end',
    ],
    ['half a period', { period: { start: '2026-01-02' } }, 'period.end'],
    ['a period that is null', { period: null }, 'period'],
    ['a price that is no text', { priceId: 7 }, 'priceId'],
    ['a subscription with a line break', { subscriptionId: 'a\nb' }, 'subscriptionId'],
    ['an unknown field', { customer: 'ctm_1' }, 'customer'],
  ])('with %s is refused', async (_, more, path) => {
    const answer = await world.pay(world.newId('txn'), 'user-1', more);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  it.each([
    ['payments/stripe/in_1', 'provider'],
    ['payments/Paddle/txn', 'provider'],
    ['payments/p/txn', 'provider'],
    ['payments/paddle/a%0Ab', 'id'],
    [`payments/paddle/${'x'.repeat(256)}`, 'id'],
  ])('at %s is refused', async (path, field) => {
    const body = { externalId: 'user-1', paidAt: iso(), amount: 1, currency: 'EUR' };
    const answer = await world.put(path, body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: field }] } });
    if (path.includes('stripe')) expect(answer.body.detail).toContain('/webhooks/stripe');
  });

  it('may have any printable id, and times at the ends of the calendar', async () => {
    const anna = await world.person();
    const id = encodeURIComponent('Zahlung 1: 100 %/€ ✓');
    const period = { start: '0001-01-01T00:00:00Z', end: '9999-12-31T23:59:59Z' };
    expect(await world.pay(id, anna.externalId, { period })).toMatchObject({ status: 200 });
    const old = await world.pay(world.newId('txn'), anna.externalId, { paidAt: '0000-01-01T00:00:00Z' });
    expect(old.status).toBeLessThan(500);
  });
});

describe('money that goes back', () => {
  it('a full refund takes the credit of both, and its failure returns it', async () => {
    const { anna, bert, payment } = await paid();
    const id = world.newId('adj');
    const statuses: [string, boolean][] = [
      ['pending', true],
      ['succeeded', false],
      ['failed', true],
    ];
    for (const [status, isCredited] of statuses) {
      world.clock.advance(hour);
      expect(await refund(id, payment, { status })).toMatchObject({
        status: 200,
        body: { outcome: 'applied' },
      });
      for (const one of [anna, bert])
        expect((await creditedUntil(one)) !== null && (await isAhead(one))).toBe(isCredited);
    }
  });

  it('a part keeps the credit, and parts that make a whole take it', async () => {
    const { anna, payment } = await paid();
    await refund(world.newId('adj'), payment, { amount: 500 });
    expect(await isAhead(anna)).toBe(true);
    await refund(world.newId('adj'), payment, { amount: 499 });
    expect(await isAhead(anna)).toBe(false);
  });

  it('an open dispute suspends, a lost one takes, a won one returns', async () => {
    const { anna, payment } = await paid();
    const id = world.newId('dp');
    const statuses: [string, boolean][] = [
      ['open', false],
      ['lost', false],
      ['won', true],
    ];
    for (const [status, isCredited] of statuses) {
      world.clock.advance(hour);
      await dispute(id, payment, status);
      expect([status, await isAhead(anna)]).toEqual([status, isCredited]);
    }
  });

  it('older news of it changes nothing, and other facts of one moment are a conflict', async () => {
    const { payment } = await paid();
    const [adj, dp] = [world.newId('adj'), world.newId('dp')];
    await refund(adj, payment);
    expect((await refund(adj, payment)).body).toMatchObject({ outcome: 'already' });
    expect((await refund(adj, payment, { status: 'pending', at: iso(-hour) })).body).toMatchObject({
      outcome: 'outdated',
    });
    expect(await refund(adj, payment, { amount: 1 })).toMatchObject({ status: 409 });
    await dispute(dp, payment, 'won');
    expect((await dispute(dp, payment, 'open', iso(-hour))).body).toMatchObject({ outcome: 'outdated' });
    const before = await counts();
    const elsewhere = { paymentId: 'another', amount: 999, at: iso() };
    for (const [path, status] of [
      [`refunds/paddle/${adj}`, 'failed'],
      [`disputes/paddle/${dp}`, 'lost'],
    ] as const)
      expect(await world.put(path, { ...elsewhere, status })).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('paymentId differs') },
      });
    expect(await counts()).toEqual(before);
  });

  it('waits for its payment, which then converts without credit', async () => {
    const { anna, bert } = await invited();
    const payment = world.newId('txn');
    expect(await refund(world.newId('adj'), payment)).toMatchObject({
      status: 202,
      body: { outcome: 'parked', detail: expect.stringContaining('payment') },
    });
    expect(await world.pay(payment, bert.externalId)).toMatchObject({ body: { outcome: 'converted' } });
    await world.runHandlers();
    for (const one of [anna, bert]) expect(await creditedUntil(one)).toBeNull();
    expect(
      await world.see.count(`billing.inbox WHERE status = 'parked' AND waiting_key LIKE '%' || $1`, [
        payment,
      ]),
    ).toBe(0);
  });

  async function isAhead(person: HostPerson): Promise<boolean> {
    const until = await creditedUntil(person);
    return until !== null && new Date(until) > world.clock.now();
  }
});

describe('a subscription', () => {
  it('gives access while it is active, and only newer news changes it', async () => {
    const anna = await world.person();
    const id = world.newId('sub');
    const active = async () => (await world.get(`people/${anna.externalId}/access`)).body.active;
    expect((await subscription(id, anna.externalId)).body).toMatchObject({ outcome: 'applied' });
    expect(await active()).toBe(true);
    expect((await subscription(id, anna.externalId)).body).toMatchObject({ outcome: 'already' });
    expect(await subscription(id, anna.externalId, { status: 'paused' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('status differs') },
    });
    const old = await subscription(id, anna.externalId, { status: 'paused', updatedAt: iso(-hour) });
    expect(old.body).toMatchObject({ outcome: 'outdated' });
    expect(await active()).toBe(true);
    const ended = { status: 'canceled', currentPeriodEnd: null, updatedAt: iso(1000) };
    await subscription(id, anna.externalId, ended);
    expect(await active()).toBe(false);
  });

  it('stays whose it is', async () => {
    const [anna, bert] = [await world.person(), await world.person()];
    const id = world.newId('sub');
    await subscription(id, anna.externalId);
    expect(await subscription(id, bert.externalId, { updatedAt: iso(1000) })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('externalId differs') },
    });
  });

  it('waits for its person', async () => {
    const externalId = world.newId('late');
    expect(await subscription(world.newId('sub'), externalId)).toMatchObject({ status: 202 });
    await world.put(`people/${externalId}`, { email: `${externalId}@host.example.org`, emailVerified: true });
    await world.runHandlers();
    expect((await world.get(`people/${externalId}/access`)).body).toMatchObject({ active: true });
  });
});

describe('customers of other processors', () => {
  it('belong to one person, and each processor has its own', async () => {
    const customers = [{ provider: 'paddle', id: world.newId('ctm') }];
    const anna = await world.person({ customers });
    const id = world.newId('user');
    const body = { email: `${id}@host.example.org`, emailVerified: true, customers };
    expect(await world.put(`people/${id}`, body)).toMatchObject({
      status: 409,
      body: { code: 'person.customer_taken' },
    });
    const elsewhere = [{ provider: 'other', id: customers[0]?.id }];
    expect(await world.put(`people/${id}`, { ...body, customers: elsewhere })).toMatchObject({ status: 201 });
    const again = { email: `${anna.externalId}@host.example.org`, emailVerified: true, customers };
    expect(await world.put(`people/${anna.externalId}`, again)).toMatchObject({ status: 200 });
  });

  it.each([
    { provider: 'stripe', id: 'ctm_1' },
    { provider: 'Paddle', id: 'ctm_1' },
    { provider: 'paddle', id: '' },
    { provider: 'paddle' },
    { id: 'ctm_1' },
  ])('like %j are refused', async (customer) => {
    const id = world.newId('user');
    const body = { email: `${id}@host.example.org`, emailVerified: true, customers: [customer] };
    expect((await world.put(`people/${id}`, body)).status).toBe(422);
  });
});

describe('everything else that knows payments', () => {
  it('the audit log names the key', async () => {
    const { bert, payment } = await paid();
    const { rows } = await world.sql.query(
      `SELECT actor_kind, subject_id, details->>'outcome' AS outcome FROM platform.audit
       WHERE action = 'billing.payment_reported' AND details->>'id' = $1`,
      [`paddle:payment:${payment}`],
    );
    expect(rows).toEqual([{ actor_kind: 'api_key', subject_id: bert.userId, outcome: 'applied' }]);
  });

  it('an erased person leaves no name in the reports, and a refund still finds the payment', async () => {
    const { anna, bert, payment } = await paid();
    await world.erase(bert.externalId);
    await world.runHandlers();
    const { rows } = await world.sql.query(
      `SELECT payload::text AS payload FROM billing.received_event WHERE event_id = $1`,
      [`paddle:payment:${payment}`],
    );
    expect(rows[0].payload).toContain(payment);
    expect(rows[0].payload).not.toContain(bert.externalId);
    expect(await refund(world.newId('adj'), payment)).toMatchObject({ status: 200 });
    expect(new Date((await creditedUntil(anna)) ?? 0) > world.clock.now()).toBe(false);
  });

  it('reconciliation leaves other processors alone', async () => {
    const { bert, payment } = await paid({ subscriptionId: world.newId('sub') });
    await world.put(`people/${bert.externalId}`, {
      email: `${bert.externalId}@host.example.org`,
      emailVerified: true,
      customers: [{ provider: 'paddle', id: world.newId('ctm') }],
    });
    const { rows } = await world.sql.query<{ n: string }>(
      `SELECT count(*) AS n FROM billing.subscription WHERE ended_at IS NULL AND id LIKE 'paddle:%'`,
    );
    expect(Number(rows[0]?.n)).toBeGreaterThan(0);
    await dispute(world.newId('dp'), payment, 'open');
    const repository = world.app.get(ReconciliationRepository, { strict: false });
    const compared = [
      ...(await repository.listCustomers('')),
      ...(await repository.listUndecidedReversals('', {
        refundsSince: new Date(0),
        disputesSince: new Date(0),
      })),
    ];
    for await (const one of repository.listOverdueSubscriptions(world.clock.now()))
      compared.push(one as never);
    expect(compared).toEqual([]);
  });

  it('the ledger and the tiers are what the reports say', async () => {
    expect(await world.see.discrepancies()).toEqual([]);
  });
});
