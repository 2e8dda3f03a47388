import { createHmac, randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../../examples/nest-paddle/src/app.module.js';
import { createWorld, type World } from '../support/world.js';

const paddleSecret = 'pdl_ntfset_of_the_tests';
let world: World;
let product: NestFastifyApplication;
let reader: string;
beforeAll(async () => {
  world = await createWorld();
  world.clock.set(new Date());
  await world.app.listen(0, '127.0.0.1');
  reader = await world.given.apiKey('people:read');
  vi.stubEnv('TWOFOLD_URL', await world.app.getUrl());
  vi.stubEnv('TWOFOLD_API_KEY', await world.given.apiKey('people:write', 'access:read', 'payments:write'));
  vi.stubEnv('PADDLE_WEBHOOK_SECRET', paddleSecret);
  const options = { rawBody: true, logger: false } as const;
  product = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), options);
  await product.init();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await product.close();
  await world.close();
});

/** Sends an event as Paddle does; answers the status. */
async function paddleSends(type: string, data: object, ...secrets: string[]): Promise<number> {
  const payload = JSON.stringify({ event_id: `evt_${randomUUID()}`, event_type: type, data });
  const at = Math.floor(Date.now() / 1000);
  const signatures = (secrets.length === 0 ? [paddleSecret] : secrets).map(
    (secret) => `h1=${createHmac('sha256', secret).update(`${at}:${payload}`).digest('hex')}`,
  );
  const headers = {
    'content-type': 'application/json',
    'paddle-signature': [`ts=${at}`, ...signatures].join(';'),
  };
  return (await product.inject({ method: 'POST', url: '/webhooks/paddle', headers, payload })).statusCode;
}

const signUp = async (id: string, invitedBy?: string) => {
  const payload = { id, email: `${id}@host.example.org`, invitedBy };
  const answer = await product.inject({ method: 'POST', url: '/users', payload });
  return answer.json<{ referral: { code: string }; invitation: string }>();
};

const daysOf = async (id: string) => {
  const headers = { authorization: `Bearer ${reader}` };
  const answer = await world.app.inject({ url: `/api/v1/people/${id}/credit`, headers });
  return answer.json<{ daysLeft: number }>().daysLeft;
};

const now = () => new Date(world.clock.now().getTime() - 1000).toISOString();
const nextMonth = () => new Date(world.clock.now().getTime() + 30 * 86_400_000).toISOString();

describe('the Nest example with Paddle', () => {
  it('credits both once, in any order, and takes the days back after a refund', async () => {
    const anna = await signUp('anna');
    expect(await signUp('bert', anna.referral.code)).toMatchObject({ invitation: 'linked' });
    const custom_data = { external_id: 'bert' };
    const period = { starts_at: now(), ends_at: nextMonth() };
    const subscription = {
      ...{ id: 'sub_01', status: 'active', custom_data, updated_at: now() },
      ...{ current_billing_period: period, scheduled_change: null },
    };
    const transaction = {
      ...{ id: 'txn_01', status: 'completed', custom_data, billed_at: now(), currency_code: 'EUR' },
      ...{ subscription_id: 'sub_01', billing_period: period, items: [{ price: { id: 'pri_01' } }] },
      details: { totals: { grand_total: '999' } },
    };
    const refund = {
      ...{ id: 'adj_01', action: 'refund', transaction_id: 'txn_01', updated_at: now() },
      totals: { total: '999' },
    };
    expect(await paddleSends('subscription.created', subscription)).toBe(204);
    for (let times = 0; times < 3; times++)
      expect(await paddleSends('transaction.completed', transaction)).toBe(204);
    expect([await daysOf('anna'), await daysOf('bert')]).toEqual([45, 45]);
    const access = await product.inject({ url: '/users/bert/access' });
    expect(access.json()).toMatchObject({ active: true, source: 'subscription' });

    expect(await paddleSends('adjustment.created', { ...refund, status: 'pending_approval' })).toBe(204);
    expect(await daysOf('anna')).toBe(45);
    expect(await paddleSends('adjustment.updated', { ...refund, status: 'approved' })).toBe(204);
    expect([await daysOf('anna'), await daysOf('bert')]).toEqual([0, 0]);
    const reversed = { ...refund, status: 'reversed', updated_at: world.clock.now().toISOString() };
    expect(await paddleSends('adjustment.updated', reversed)).toBe(204);
    expect([await daysOf('anna'), await daysOf('bert')]).toEqual([45, 45]);
  });

  it('refuses what Paddle did not sign, and ignores what is not about its people', async () => {
    expect(await paddleSends('transaction.completed', {}, 'another secret')).toBe(400);
    for (const secrets of [
      ['the next one', paddleSecret],
      [paddleSecret, 'the next one'],
    ])
      expect(await paddleSends('product.created', { id: 'pro_01' }, ...secrets)).toBe(204);
    expect(await paddleSends('product.created', { id: 'pro_01' }, 'a', 'b')).toBe(400);
    const unsigned = await product.inject({ method: 'POST', url: '/webhooks/paddle', payload: {} });
    expect(unsigned.statusCode).toBe(400);
    expect(await paddleSends('transaction.completed', { id: 'txn_02', custom_data: null })).toBe(204);
    expect(await paddleSends('product.created', { id: 'pro_01' })).toBe(204);
  });
});
