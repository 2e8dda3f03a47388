import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import type { ProxiedRequest } from '../support/stripe-proxy.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';

let stand: SandboxWorld;
beforeAll(async () => {
  stand = await createSandboxWorld();
});
afterEach(() => {
  stand.proxy.stub = () => undefined;
  stand.proxy.requests.length = 0;
});
afterAll(() => stand.close());

async function checkOut(person: Person, priceId = 'price_twofold_monthly') {
  const answer = await stand.world.app.inject({
    method: 'POST',
    url: '/api/v1/billing/checkout',
    headers: bearer(person),
    payload: { priceId },
  });
  return { status: answer.statusCode, ...answer.json<{ url?: string; code?: string }>() };
}

const isPostTo = (path: string) => (proxiedRequest: ProxiedRequest) =>
  proxiedRequest.method === 'POST' && proxiedRequest.path === path;

/**
 * Stripe fails at the first question of a kind, and says so again whenever it sees the same key.
 */
function failsAt(path: string, status: number, type: string): void {
  let failed: string | undefined;
  stand.proxy.stub = (asked) => {
    if (!isPostTo(path)(asked)) return undefined;
    failed ??= asked.key;
    return asked.key === failed ? { status, body: { error: { type } } } : undefined;
  };
}

it('one person is led to Stripe sixty times an hour, which leaves the others their share', async () => {
  const [anna, bert] = [await stand.world.given.user(), await stand.world.given.user()];
  for (let n = 0; n < 60; n++) expect((await checkOut(anna)).status).toBe(201);
  expect(await checkOut(anna)).toMatchObject({ status: 429, code: 'auth.too_many' });
  expect((await checkOut(bert)).status).toBe(201);
});

describe('a page to pay on', () => {
  it('a page to pay on asked for twice at once is one page of one customer', async () => {
    const person = await stand.world.given.user();
    const answers = await Promise.all([checkOut(person), checkOut(person), checkOut(person)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ url }) => url)).size).toBe(1);
    const { data } = await stand.stripe.customers.list({ email: person.email });
    expect(data.length).toBe(1);
  });

  it.each([
    ['a customer', '/v1/customers', 500, 'api_error', 'billing.stripe_unreachable'],
    ['a page', '/v1/checkout/sessions', 500, 'api_error', 'billing.stripe_unreachable'],
    ['a page', '/v1/checkout/sessions', 400, 'invalid_request_error', 'billing.stripe_refused'],
  ])(
    'a page to pay on is there at the next try when Stripe failed to make %s: %s, %i',
    async (_, path, status, type, code) => {
      const person = await stand.world.given.user();
      failsAt(path, status, type);
      expect(await checkOut(person)).toMatchObject({ code });
      expect(await checkOut(person)).toMatchObject({ status: 201 });
    },
  );

  it('a page to pay on is one page, too, for two at once who have both seen Stripe fail', async () => {
    const person = await stand.world.given.user();
    failsAt('/v1/checkout/sessions', 500, 'api_error');
    const failed = await Promise.all([checkOut(person), checkOut(person)]);
    expect(failed.map(({ code }) => code)).toEqual(Array(2).fill('billing.stripe_unreachable'));
    const pages = await Promise.all([checkOut(person), checkOut(person)]);
    expect(new Set(pages.map(({ url }) => url)).size).toBe(1);
    expect(
      new Set(stand.proxy.requests.filter(isPostTo('/v1/checkout/sessions')).map(({ key }) => key)).size,
    ).toBe(2);
  });

  it('a page to pay on whose making was not heard of is asked for under the same key', async () => {
    const person = await stand.world.given.user();
    stand.proxy.fault = (asked) => (isPostTo('/v1/checkout/sessions')(asked) ? 'answer lost' : null);
    expect(await checkOut(person)).toMatchObject({ code: 'billing.stripe_unreachable' });
    stand.proxy.fault = () => null;
    expect(await checkOut(person)).toMatchObject({ status: 201 });
    expect(
      new Set(stand.proxy.requests.filter(isPostTo('/v1/checkout/sessions')).map(({ key }) => key)).size,
    ).toBe(1);
  });
});
