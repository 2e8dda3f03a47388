import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registry } from '../../src/platform/observability/metrics/process-metrics.js';
import {
  paddleAdjustment,
  paddleHeaders,
  paddleNotification,
  paddleTransaction,
} from '../support/paddle-payloads.js';
import { createReportsWorld, type HostPerson, type ReportsWorld } from './reports-world.js';

let world: ReportsWorld;
let anna: HostPerson;
let bert: HostPerson;
const [oldSecret, secret] = ['pdl_ntfset_old', 'pdl_ntfset_new'];
const lemonSecret = 'a secret of Lemon Squeezy';

beforeAll(async () => {
  world = await createReportsWorld({
    paddleWebhookSecrets: [oldSecret, secret],
    lemonSqueezyWebhookSecrets: [lemonSecret],
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  anna = await world.person();
  bert = await world.person({ invitedBy: { code: anna.code } });
});

const iso = (offsetMs = 0) => new Date(world.clock.now().getTime() + offsetMs).toISOString();
const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');

async function post(path: string, payload: string, headers: Record<string, string>) {
  const answer = await world.app.inject({
    method: 'POST',
    url: `/webhooks/${path}`,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
}

function paddleHeader(payload: string, key = secret, sentAt = world.when.seconds): Record<string, string> {
  return paddleHeaders(payload, { sentAt, secret: key });
}

/** An event as Paddle sends it. */
function fromPaddle(type: string, data: object, occurredAt = iso()) {
  const payload = JSON.stringify(paddleNotification(type, data, occurredAt));
  return post('paddle', payload, paddleHeader(payload));
}

const transactionOfBert = (id: string, more: object = {}) =>
  paddleTransaction(
    id,
    { customer: null, externalId: bert.externalId },
    { paidAt: iso(), endsAt: iso(30 * 86_400_000), ...more },
  );

const adjustment = (id: string, transaction: string, more: object) =>
  paddleAdjustment(id, transaction, { at: iso(), ...more });

/** An event as Lemon Squeezy sends it. */
function fromLemonSqueezy(
  name: string,
  data: object,
  custom: object | null = { external_id: bert.externalId },
) {
  const payload = JSON.stringify({
    meta: { event_name: name, test_mode: false, ...(custom && { custom_data: custom }) },
    data,
  });
  return post('lemon-squeezy', payload, { 'x-signature': hmac(lemonSecret, payload) });
}

function lemonInvoice(id: string, more: object = {}): object {
  return {
    type: 'subscription-invoices',
    id,
    attributes: {
      store_id: 1,
      subscription_id: 4711,
      customer_id: 815,
      billing_reason: 'initial',
      currency: 'USD',
      status: 'paid',
      refunded: false,
      refunded_at: null,
      total: 999,
      created_at: iso(),
      updated_at: iso(),
      ...more,
    },
  };
}

async function isAhead({ externalId }: HostPerson): Promise<boolean> {
  const { creditUntil } = (await world.get(`people/${externalId}/access`)).body;
  return typeof creditUntil === 'string' && new Date(creditUntil) > world.clock.now();
}

describe('Paddle', () => {
  it('a completed transaction credits both, and its refund takes the credit', async () => {
    const id = world.newId('txn');
    expect(await fromPaddle('transaction.paid', transactionOfBert(id))).toMatchObject({
      status: 200,
      body: { outcome: 'ignored' },
    });
    const transaction = transactionOfBert(id);
    expect(await fromPaddle('transaction.completed', transaction)).toMatchObject({
      status: 200,
      body: { outcome: 'applied', detail: 'converted' },
    });
    expect(await fromPaddle('transaction.completed', transaction)).toMatchObject({
      body: { outcome: 'duplicate' },
    });
    for (const one of [anna, bert]) expect(await world.daysOf(one.externalId)).toEqual([45]);
    const access = await world.get(`people/${bert.externalId}/access`);
    expect(access.body).toMatchObject({ active: true, source: 'subscription' });
    const adj = world.newId('adj');
    await fromPaddle(
      'adjustment.created',
      adjustment(adj, id, {
        action: 'refund',
        status: 'pending_approval',
        updated_at: '0001-01-01T00:00:00Z', // as Paddle says that there was no update yet
      }),
    );
    expect(await isAhead(anna)).toBe(true);
    const { rows } = await world.sql.query<{ at: Date }>(
      `SELECT snapshot_at AS at FROM billing.reversal WHERE id LIKE '%' || $1`,
      [adj],
    );
    expect(rows).toEqual([{ at: world.clock.now() }]);
    world.clock.advance(1000);
    await fromPaddle('adjustment.updated', adjustment(adj, id, { action: 'refund', status: 'approved' }));
    expect(await isAhead(anna)).toBe(false);
  });

  it('a chargeback takes the credit, and its reversal returns it', async () => {
    const id = world.newId('txn');
    await fromPaddle('transaction.completed', transactionOfBert(id));
    for (const [action, isCredited] of [
      ['chargeback_warning', true],
      ['chargeback', false],
      ['chargeback_reverse', true],
    ] as const) {
      world.clock.advance(1000);
      const sent = adjustment(world.newId('adj'), id, { action, status: 'approved' });
      expect(await fromPaddle('adjustment.created', sent)).toMatchObject({ status: 200 });
      expect([action, await isAhead(anna)]).toEqual([action, isCredited]);
    }
  });

  it('a subscription gives access until it is canceled', async () => {
    const data = {
      id: world.newId('sub'),
      status: 'active',
      customer_id: 'ctm_9',
      custom_data: { external_id: bert.externalId },
      current_billing_period: { starts_at: iso(), ends_at: iso(86_400_000) },
      scheduled_change: { action: 'cancel', effective_at: iso(86_400_000) },
    };
    await fromPaddle('subscription.activated', data);
    expect((await world.get(`people/${bert.externalId}/access`)).body).toMatchObject({ active: true });
    // the checkout's data named the person, so the customer is theirs now
    const ended = { ...data, status: 'canceled', custom_data: null, current_billing_period: null };
    await fromPaddle('subscription.canceled', ended, iso(1000));
    expect((await world.get(`people/${bert.externalId}/access`)).body).toMatchObject({ active: false });
  });

  it('an event of an unknown customer waits for the person who is that customer', async () => {
    const [id, customer] = [world.newId('txn'), world.newId('ctm')];
    const transaction = transactionOfBert(id, { custom_data: null, customer_id: customer });
    expect(await fromPaddle('transaction.completed', transaction)).toMatchObject({
      status: 200,
      body: { outcome: 'parked' },
    });
    await world.put(`people/${bert.externalId}`, {
      email: `${bert.externalId}@host.example.org`,
      emailVerified: true,
      customers: [{ provider: 'paddle', id: customer }],
    });
    await world.runHandlers();
    expect(await world.daysOf(anna.externalId)).toEqual([45]);
  });

  it('what contradicts an earlier report is acknowledged, and leaves a trace', async () => {
    const id = world.newId('txn');
    await fromPaddle('transaction.completed', transactionOfBert(id));
    const totals = { details: { totals: { grand_total: '1' } } };
    expect(await fromPaddle('transaction.completed', transactionOfBert(id, totals))).toMatchObject({
      status: 200,
      body: { outcome: 'refused', detail: expect.stringContaining('amount differs') },
    });
    expect(
      await world.see.count(
        `platform.audit WHERE action = 'billing.report_refused' AND details->>'id' = $1`,
        [`paddle:payment:${id}`],
      ),
    ).toBe(1);
    const metrics = await registry.metrics();
    expect(metrics).toMatch(/twofold_provider_deliveries_total\{provider="paddle",outcome="refused"\} [1-9]/);
  });

  it.each([
    ['no signature', () => ({})],
    ['a signature of another secret', (body: string) => paddleHeader(body, 'pdl_other')],
    ['a signature of another body', () => paddleHeader('{}')],
    ['an old signature', (body: string) => paddleHeader(body, secret, world.when.seconds - 301)],
    ['a signature from the future', (body: string) => paddleHeader(body, secret, world.when.seconds + 301)],
    ['no time', (body: string) => ({ 'paddle-signature': `h1=${hmac(secret, `:${body}`)}` })],
    ['nonsense', () => ({ 'paddle-signature': 'ts=;h1=;;==' })],
  ])('is refused with %s', async (_, headers) => {
    const payload = JSON.stringify({ event_type: 'transaction.completed', data: transactionOfBert('txn') });
    expect(await post('paddle', payload, headers(payload))).toMatchObject({
      status: 400,
      body: { code: 'billing.bad_signature' },
    });
  });

  it('is taken with any secret, and with one of several signatures', async () => {
    const payload = JSON.stringify({ event_type: 'customer.created', occurred_at: iso(), data: {} });
    const rotated = `ts=${world.when.seconds};h1=${hmac('x', payload)};h1=${hmac(secret, `${world.when.seconds}:${payload}`)}`;
    for (const headers of [paddleHeader(payload, oldSecret), { 'paddle-signature': rotated }])
      expect(await post('paddle', payload, headers)).toMatchObject({
        status: 200,
        body: { outcome: 'ignored' },
      });
  });

  it.each([
    ['no json', '{', 400],
    ['a list', '[]', 400],
    ['no type', '{}', 422],
    ['no data', '{"event_type":"transaction.completed"}', 422],
    [
      'no amount',
      '{"event_type":"transaction.completed","occurred_at":"2026-11-01T12:00:00Z","data":{"id":"txn","details":{"totals":{}}}}',
      422,
    ],
    ['an unknown status', '{"event_type":"subscription.updated","data":{"id":"sub","status":"asleep"}}', 422],
  ])('answers what cannot be read: %s', async (_, payload, status) => {
    expect((await post('paddle', payload, paddleHeader(payload))).status).toBe(status);
  });
});

describe('Lemon Squeezy', () => {
  it('a paid invoice credits both, and refunds in part that make a whole take the credit', async () => {
    const id = world.newId('9');
    const invoice = lemonInvoice(id);
    expect(await fromLemonSqueezy('subscription_payment_success', invoice)).toMatchObject({
      status: 200,
      body: { outcome: 'applied', detail: 'converted' },
    });
    expect(await fromLemonSqueezy('subscription_payment_success', invoice)).toMatchObject({
      body: { outcome: 'duplicate' },
    });
    for (const [refunded, isCredited] of [
      [500, true],
      [999, false],
    ] as const) {
      world.clock.advance(1000);
      const more = { refunded: true, refunded_at: iso(), refunded_amount: refunded };
      await fromLemonSqueezy('subscription_payment_refunded', lemonInvoice(id, more));
      expect([refunded, await isAhead(anna)]).toEqual([refunded, isCredited]);
    }
  });

  it('an order counts only as a purchase of its own', async () => {
    const order = {
      type: 'orders',
      id: world.newId('7'),
      attributes: {
        customer_id: 1,
        currency: 'USD',
        status: 'paid',
        total: 999,
        created_at: iso(),
        first_order_item: { variant_id: 5 },
      },
    };
    expect(await fromLemonSqueezy('order_created', order)).toMatchObject({ body: { outcome: 'ignored' } });
    const custom = { external_id: bert.externalId, one_time: 'true' };
    expect(await fromLemonSqueezy('order_created', order, custom)).toMatchObject({
      body: { outcome: 'applied', detail: 'converted' },
    });
    const refunded = { ...order, attributes: { ...order.attributes, refunded: true, refunded_at: iso() } };
    await fromLemonSqueezy('order_refunded', refunded, custom);
    expect(await isAhead(anna)).toBe(false);
  });

  it('a cancelled subscription gives access until it expires', async () => {
    const id = world.newId('8');
    const data = (status: string) => ({
      type: 'subscriptions',
      id,
      attributes: { customer_id: 816, status, renews_at: iso(1000), ends_at: null, updated_at: iso() },
    });
    for (const [name, status, active] of [
      ['subscription_created', 'active', true],
      ['subscription_cancelled', 'cancelled', true],
      ['subscription_expired', 'expired', false],
    ] as const) {
      world.clock.advance(1000);
      expect(await fromLemonSqueezy(name, data(status))).toMatchObject({ body: { outcome: 'applied' } });
      const access = await world.get(`people/${bert.externalId}/access`);
      expect([status, access.body.active]).toEqual([status, active]);
    }
  });

  it('a refund that comes first waits for its payment', async () => {
    const id = world.newId('9');
    const refunded = lemonInvoice(id, { refunded: true, refunded_at: iso() });
    expect(await fromLemonSqueezy('subscription_payment_refunded', refunded)).toMatchObject({
      status: 200,
      body: { outcome: 'parked' },
    });
    await fromLemonSqueezy('subscription_payment_success', lemonInvoice(id));
    await world.runHandlers();
    expect(await isAhead(anna)).toBe(false);
  });

  it('is refused without the right signature, and answers what cannot be read', async () => {
    const payload = JSON.stringify({ meta: { event_name: 'order_created' }, data: {} });
    for (const headers of [{}, { 'x-signature': hmac('another', payload) }, { 'x-signature': 'zz' }])
      expect(await post('lemon-squeezy', payload, headers as Record<string, string>)).toMatchObject({
        status: 400,
        body: { code: 'billing.bad_signature' },
      });
    expect(await fromLemonSqueezy('subscription_payment_success', { id: '1' })).toMatchObject({
      status: 422,
    });
    expect(await fromLemonSqueezy('license_key_created', {})).toMatchObject({ body: { outcome: 'ignored' } });
    expect(
      await fromLemonSqueezy('subscription_payment_success', lemonInvoice('1', { customer_id: null }), null),
    ).toMatchObject({ body: { outcome: 'ignored', detail: 'no_customer' } });
  });
});

it('without a secret the route is closed', async () => {
  const closed = await createReportsWorld();
  for (const path of ['paddle', 'lemon-squeezy'])
    expect(
      (await closed.app.inject({ method: 'POST', url: `/webhooks/${path}`, payload: {} })).statusCode,
    ).toBe(404);
  await closed.close();
});
