import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { listResponse, notFoundResponse, price, product } from '../support/stripe-responses.js';
import { event, stripeId, subscription } from '../support/stripe-payloads.js';
import { StripeProxy, type ProxiedRequest } from '../support/stripe-proxy.js';
import { createWorld, type World } from '../support/world.js';

type Price = ReturnType<typeof price>;
const minuteMs = 60_000;
const gone = 'price_that_is_gone';
const older = price({ id: 'price_older', unit_amount: 900 });

/** A Stripe that has these prices, newest first, and opens a checkout for any of them. */
function serveStripe(stripe: StripeProxy, prices: Price[]): void {
  stripe.stub = ({ method, path, body }: ProxiedRequest) => {
    const { pathname, searchParams } = new URL(path, 'http://stripe.test');
    const id = /^\/v1\/prices\/(.+)$/.exec(pathname)?.[1];
    if (id !== undefined) {
      const found = prices.find((own) => own.id === id);
      return found === undefined ? notFoundResponse('price', id, 404) : { status: 200, body: found };
    }
    if (method === 'GET') {
      const active = prices.filter((own) => own.active === true);
      const from = active.findIndex((own) => own.id === searchParams.get('starting_after')) + 1;
      const page = active.slice(from, from + Number(searchParams.get('limit') ?? 10));
      return listResponse(page, from + page.length < active.length);
    }
    if (pathname === '/v1/customers')
      return { status: 200, body: { id: stripeId('cus'), object: 'customer' } };
    return checkout(prices, body);
  };
}

/**
 * Stripe refuses a quantity of what is counted by use, and anything but one quantity of the rest.
 */
function checkout(prices: Price[], body: URLSearchParams): { status: number; body: object } {
  const sold = prices.find(({ id }) => id === body.get('line_items[0][price]'));
  const usage = (sold?.recurring as { usage_type: string } | undefined)?.usage_type;
  if (body.has('line_items[0][quantity]') === (usage === 'metered'))
    return {
      status: 400,
      body: { error: { type: 'invalid_request_error', message: 'quantity', param: 'line_items[0]' } },
    };
  const id = stripeId('cs_test');
  return {
    status: 200,
    body: {
      id,
      object: 'checkout.session',
      status: 'open',
      url: `https://pay.test/${id}`,
      expires_at: 1_900_000_000,
    },
  };
}

describe.each([
  ['STRIPE_PAID_PRICES names them', [older.id, 'price_archived', 'price_of_archived_product', gone]],
  ['STRIPE_PAID_PRICES is unset', []],
])('the prices on offer where %s', (_, stripePaidPrices: string[]) => {
  const stripe = new StripeProxy();
  let world: World;
  let person: Person;
  beforeAll(async () => {
    world = await createWorld({ stripeApiBase: await stripe.start(), stripePaidPrices });
    person = await world.given.user();
  });
  afterAll(async () => {
    await world.close();
    await stripe.stop();
  });
  beforeEach(() => {
    world.clock.advance(120 * minuteMs);
    stripe.requests.length = 0;
  });

  async function onOffer(cursor?: string): Promise<string[]> {
    const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await world.app.inject({ url: `/api/v1/billing/plans?limit=100${more}` });
    if (answer.statusCode !== 200) return [answer.json<{ code: string }>().code];
    const page = answer.json<{ items: { priceId: string }[]; nextCursor: string | null }>();
    const ids = page.items.map(({ priceId }) => priceId);
    return page.nextCursor === null ? ids : [...ids, ...(await onOffer(page.nextCursor))];
  }

  async function buy(priceId: string) {
    const url = '/api/v1/billing/checkout';
    const answer = await world.app.inject({
      method: 'POST',
      url,
      headers: bearer(person),
      payload: { priceId },
    });
    return { status: answer.statusCode, ...answer.json<{ url?: string; code?: string }>() };
  }

  it('are not hidden by 110 newer ones, and can be bought', async () => {
    const newer = Array.from({ length: 110 }, () => price());
    serveStripe(stripe, [...newer, older]);
    const offered = await onOffer();
    expect(offered).toContain(older.id);
    expect(offered.length).toBe(stripePaidPrices.length === 0 ? 111 : 1);
    expect(await buy(older.id)).toMatchObject({ status: 201 });
  });

  it('are named to a person whose payment counts for one of them alone', async () => {
    serveStripe(stripe, [price({ ...older, product: product({ name: 'Pro' }) })]);
    await world.given.terms({ qualifying_prices: [older.id, 'price_of_nothing'] });
    const friend = await world.given.userInvitedBy(person);
    const answer = await world.app.inject({
      ...{ url: '/api/v1/referral/invitation/explain', headers: bearer(friend) },
    });
    await world.given.terms({});
    const { rules } = answer.json<{ rules: { rule: string; explanation: string }[] }>();
    expect(rules.find(({ rule }) => rule === 'first_payment')?.explanation).toContain(
      'There is no payment yet for a plan that counts under these terms. These plans count: Pro, monthly.',
    );
  });

  it('are neither archived, nor of an archived or deleted product', async () => {
    const archived = price({ id: 'price_archived', active: false });
    const ofArchived = price({ id: 'price_of_archived_product', product: product({ active: false }) });
    const ofDeleted = price({ product: { id: 'prod_gone', object: 'product', deleted: true } });
    serveStripe(stripe, [archived, ofArchived, ofDeleted, older]);
    expect(await onOffer()).toEqual([older.id]);
    expect(await buy('price_of_archived_product')).toMatchObject({
      status: 422,
      code: 'billing.unknown_price',
    });
  });

  it('are bought without a quantity where they are counted by use, which the page says', async () => {
    const metered = { interval: 'month', interval_count: 1, usage_type: 'metered' };
    serveStripe(stripe, [price({ id: older.id, recurring: metered })]);
    const { body } = await world.app.inject({ url: '/pricing', headers: { accept: 'text/html' } });
    expect(body).toContain('Usage-based');
    person = await world.given.user();
    expect(await buy(older.id)).toMatchObject({ status: 201 });
    expect(stripe.requests.filter(({ path }) => path === '/v1/checkout/sessions')).toHaveLength(1);
  });

  it('are asked for once by all who look at once, and shown from memory for at most an hour', async () => {
    serveStripe(stripe, [older]);
    const many = await Promise.all(Array.from({ length: 20 }, () => onOffer()));
    expect(new Set(many.flat())).toEqual(new Set([older.id]));
    const once = Math.max(1, stripePaidPrices.length);
    expect(stripe.requests).toHaveLength(once);
    stripe.stub = () => ({ status: 500, body: { error: { type: 'api_error' } } });
    world.clock.advance(50 * minuteMs);
    expect(await onOffer()).toEqual([older.id]);
    world.clock.advance(20 * minuteMs);
    expect(await onOffer()).toEqual(['billing.stripe_unreachable']);
  });
});

describe('a living subscription', () => {
  const stripe = new StripeProxy();
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ stripeApiBase: await stripe.start(), stripePaidPrices: [older.id] });
    serveStripe(stripe, [older]);
  });
  afterAll(async () => {
    await world.close();
    await stripe.stop();
  });

  it.each([
    ['to an unpaid price does not prevent buying', 'price_of_another_product', 201, '/billing/checkout'],
    ['to a paid price is managed in the portal instead of paying twice', older.id, 409, '/billing/portal'],
  ])('%s', async (_, priceId, status, action) => {
    const person = await world.given.user();
    await world.given.linkCustomer(person);
    const { seconds } = world.when;
    const own = subscription(person.payer, seconds);
    const { data } = own.items as { data: [{ price: object }] };
    data[0].price = { ...data[0].price, id: priceId };
    await world.when.stripeSends(event('customer.subscription.created', own, seconds));
    const headers = { accept: 'text/html', cookie: `tf_session=${person.token}` };
    const page = await world.app.inject({ url: '/pricing', headers });
    expect(page.body).toContain(`action="${action}"`);
    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/v1/billing/checkout',
      headers: bearer(person),
      payload: { priceId: older.id },
    });
    expect(answer.statusCode).toBe(status);
  });
});
