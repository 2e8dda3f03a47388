import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Stripe from 'stripe';
import { createWorld, webhookSecret, type World } from '../support/world.js';

const stripe = new Stripe('sk_test_signing_only');

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const signed = (payload: string) =>
  stripe.webhooks.generateTestHeaderString({
    payload,
    secret: webhookSecret,
    timestamp: world.when.seconds,
  });

async function deliver(payload: string, headers: Record<string, string>): Promise<[number, string]> {
  const answer = await world.app.inject({ method: 'POST', url: '/webhooks/stripe', payload, headers });
  return [answer.statusCode, answer.body];
}

const json = { 'content-type': 'application/json' };
const seen = () => world.see.count('billing.inbox');

const envelope = (object: unknown, more: Record<string, unknown> = {}) => ({
  id: 'evt_odd',
  object: 'event',
  type: 'customer.updated',
  created: world.when.seconds,
  livemode: false,
  data: { object },
  ...more,
});

describe('a signature header that is odd', () => {
  const payload = () => JSON.stringify(envelope({ id: 'cus_x' }));
  const odd: [string, (holds: string) => string | undefined][] = [
    ['is missing', () => undefined],
    ['is empty', () => ''],
    ['has an empty v1', () => `t=${world.when.seconds},v1=`],
    ['has an empty v1 beside a short one', () => `t=${world.when.seconds},v1=,v1=0`],
    ['has no time', (holds) => holds.replace(/t=\d+,/, '')],
    ['has a time that is no number', (holds) => holds.replace(/t=\d+/, 't=soon')],
    ['has an empty time', (holds) => holds.replace(/t=\d+/, 't=')],
    ['has another scheme', (holds) => holds.replace('v1=', 'v0=')],
    ['has characters outside of hex', (holds) => holds.replace(/v1=.*/, `v1=${'ü'.repeat(64)}`)],
    ['is cut', (holds) => holds.slice(0, -1)],
    ['is of another body', () => signed('{}')],
    ['is only commas', () => ',,,,'],
    ['is only equal signs', () => '===='],
    ['names a prototype', () => '__proto__=1,constructor=2,t=1,v1=__proto__'],
    ['is very long', () => `t=${world.when.seconds},${'v1=00,'.repeat(2000)}`],
  ];

  it.each(odd)(
    'a signature header that is odd that %s is answered 400, and nothing is kept',
    async (_, of) => {
      const header = of(signed(payload()));
      const headers = header === undefined ? json : { ...json, 'stripe-signature': header };
      for (const body of [payload(), '{"half', '', 'null', '[]'])
        expect([body, (await deliver(body, headers))[0]]).toEqual([body, 400]);
      expect(await seen()).toBe(0);
    },
  );
});

describe('a signed body that is no event', () => {
  const bodies: [string, () => string][] = [
    ['half of an object', () => '{"half'],
    ['null', () => 'null'],
    ['a list', () => '[]'],
    ['a text', () => '"evt_1"'],
    ['an empty object', () => '{}'],
    ['an event without a type', () => JSON.stringify(envelope({}, { type: 1 }))],
    ['an event whose id is a number', () => JSON.stringify(envelope({}, { id: 5 }))],
    ['an event with a NUL in its id', () => JSON.stringify(envelope({}, { id: 'evt_\u0000' }))],
    ['an event with half a character in its type', () => JSON.stringify(envelope({}, { type: '\ud800' }))],
    [
      'an event whose id is longer than a key',
      () => JSON.stringify(envelope({}, { id: 'x'.repeat(10_000) })),
    ],
    ['an event from before our calendar', () => JSON.stringify(envelope({}, { created: -8.6e12 }))],
    ['an event from after our calendar', () => JSON.stringify(envelope({}, { created: 8e12 }))],
    ['an event without an object', () => JSON.stringify(envelope('text'))],
    [
      'an event that is nested without end',
      () => JSON.stringify(envelope({ x: '?' })).replace('"?"', `${'['.repeat(50_000)}${']'.repeat(50_000)}`),
    ],
    ['bytes that are no text', () => '\u00ff\u00fe\u0000'],
  ];

  it.each(bodies)('%s is answered 400, and nothing is kept', async (_, of) => {
    const body = of();
    expect((await deliver(body, { ...json, 'stripe-signature': signed(body) }))[0]).toBe(400);
    expect(await seen()).toBe(0);
  });

  it('an event that is not sent as JSON is answered 400, whatever type it has', async () => {
    const body = JSON.stringify(envelope({ id: 'cus_x' }));
    for (const type of ['text/plain', 'text/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect(await deliver(body, { 'content-type': type, 'stripe-signature': signed(body) })).toEqual([
        400,
        expect.stringContaining('request.unreadable'),
      ]);
    expect(await seen()).toBe(0);
  });
});

describe('a signed event with names of a prototype', () => {
  const poisons = [
    '"metadata":{"__proto__":{"twofold_user_id":"USER"},"constructor":"y"}',
    '"metadata":{"constructor":{"prototype":{"twofold_user_id":"USER"}}}',
    '"metadata":{"\\u005f_proto__":{"twofold_user_id":"USER"}}',
    '"__proto__":{"metadata":{"twofold_user_id":"USER"}}',
  ];

  it.each(poisons)('%s is accepted, and nothing of it is believed', async (poison) => {
    const { given, when, app } = world;
    const anna = await given.user();
    const stranger = {
      ...anna,
      payer: { customer: `cus_${poison.length}`, subscription: 'sub_x', userId: null },
    };
    const paid = JSON.stringify({ ...when.invoicePaid(stranger), id: `evt_${poison.length}` });
    // the poison goes everywhere where metadata stands
    const body = paid
      .replaceAll(/"metadata":\{[^{}]*\}/g, poison.replace('USER', anna.id))
      .replace('"object":{', `"object":{${poison.replace('USER', anna.id)},`);
    expect(body).toContain(anna.id);
    const [status] = await deliver(body, { ...json, 'stripe-signature': signed(body) });
    expect(status).toBe(200);
    expect(({} as Record<string, unknown>)['twofold_user_id']).toBeUndefined();
    expect(({} as Record<string, unknown>)['metadata']).toBeUndefined();
    const me = await app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${anna.token}` } });
    expect(me.json()).toMatchObject({ tier: 'free' });
    expect(await world.see.count('billing.customer')).toBe(0);
  });
});
