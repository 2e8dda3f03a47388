import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Type } from '@nestjs/common';
import type { PlanDto } from '../../src/billing/billing.dto.js';
import { BillingService } from '../../src/billing/billing.service.js';
import { CheckoutCustomers } from '../../src/billing/checkout/checkout-customers.js';
import { CheckoutSessions } from '../../src/billing/checkout/checkout-sessions.js';
import { Plans } from '../../src/billing/checkout/plans.js';
import { ReturnUrls } from '../../src/billing/checkout/return-urls.js';
import type { Principal } from '../../src/platform/security/principal.js';
import { ReconciliationService } from '../../src/billing/reconciliation/reconciliation.service.js';
import type Stripe from 'stripe';
import { idOrNull } from '../../src/billing/stripe/stripe-parsers.js';
import { getBrand, setBrand } from '../../src/platform/brand.js';
import { bearer, type Person } from '../support/given.js';
import { notFoundResponse } from '../support/stripe-responses.js';
import { event, stripeId } from '../support/stripe-payloads.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';

const dayMs = 86_400_000;
const monthly = 'price_twofold_monthly';

let stand: SandboxWorld;
beforeAll(async () => {
  stand = await createSandboxWorld();
});
afterEach(() => {
  stand.world.clock.set(new Date());
  stand.proxy.stub = () => undefined;
  stand.proxy.fault = () => null;
  stand.proxy.beforeResponse = () => Promise.resolve();
});
afterAll(() => stand.close());

interface CheckoutAnswer {
  status: number;
  url: string;
  code: string;
}

async function startCheckout(person: Person, priceId = monthly): Promise<CheckoutAnswer> {
  const answer = await stand.world.app.inject({
    method: 'POST',
    url: '/api/v1/billing/checkout',
    headers: bearer(person),
    payload: { priceId },
  });
  return { status: answer.statusCode, ...answer.json<Omit<CheckoutAnswer, 'status'>>() };
}

/** The id of the session behind a page of the sandbox. */
const sessionOf = ({ url }: CheckoutAnswer) => url.slice(url.lastIndexOf('/') + 1);

async function pay(page: CheckoutAnswer): Promise<void> {
  const answer = await fetch(page.url, {
    method: 'POST',
    body: new URLSearchParams({ card: 'own' }),
    headers: { origin: new URL(page.url).origin },
    redirect: 'manual',
  });
  expect(answer.status).toBe(303);
}

/** How often Stripe was asked about a session since the last look. */
function countSessionFetches(): number {
  const asked = stand.proxy.requests.filter(
    ({ method, path }) => method === 'GET' && path.includes('/sessions/cs_'),
  );
  stand.proxy.requests.length = 0;
  return asked.length;
}

async function customersOf(
  person: Person,
): Promise<{ id: string; used_for_checkout: boolean; gone: boolean }[]> {
  const { rows } = await stand.world.sql.query<{ id: string; used_for_checkout: boolean; gone: boolean }>(
    `SELECT id, used_for_checkout, deleted_at IS NOT NULL AS gone FROM billing.customer WHERE user_id = $1 ORDER BY created_at, used_for_checkout`,
    [person.id],
  );
  return rows;
}

describe('a stored page', () => {
  it('a stored page is handed out again while Stripe says that it is open, for one question about it', async () => {
    const person = await stand.world.given.user();
    const first = await startCheckout(person);
    countSessionFetches();
    expect(await startCheckout(person)).toEqual(first);
    expect(countSessionFetches()).toBe(1);
  });

  it('a stored page is not handed out while Stripe does not answer what became of it', async () => {
    const person = await stand.world.given.user();
    await startCheckout(person);
    stand.proxy.fault = ({ path }) => (path.includes('/sessions/cs_') ? 'answer lost' : null);
    expect(await startCheckout(person)).toMatchObject({ status: 502, code: 'billing.stripe_unreachable' });
  });

  it('a stored page that was closed in the dashboard gives way to a new one, whether its event arrives or not', async () => {
    const person = await stand.world.given.user();
    const first = await startCheckout(person);
    await stand.stripe.checkout.sessions.expire(sessionOf(first));
    const second = await startCheckout(person);
    expect(second.status).toBe(201);
    expect(second.url).not.toBe(first.url);
    await stand.stripe.checkout.sessions.expire(sessionOf(second));
    await stand.deliverEvents();
    countSessionFetches();
    expect(await startCheckout(person)).toMatchObject({ status: 201 });
    expect(countSessionFetches()).toBe(0);
  });

  it('a stored page that Stripe no longer has gives way to a new one', async () => {
    const person = await stand.world.given.user();
    const first = await startCheckout(person);
    const id = sessionOf(first);
    stand.proxy.stub = ({ path }) =>
      path.includes(id) ? notFoundResponse('checkout.session', id, 404) : undefined;
    const second = await startCheckout(person);
    expect(second.status).toBe(201);
    expect(second.url).not.toBe(first.url);
  });

  it.each([
    ['within its day', 0],
    ['days later', 3 * dayMs],
  ])(
    'a stored page that was paid although no event arrived brings what was paid, and no one pays twice: %s',
    async (_, laterMs) => {
      const anna = await stand.world.given.user();
      const bert = await stand.world.given.userInvitedBy(anna);
      await pay(await startCheckout(bert));
      stand.world.clock.advance(laterMs);
      expect(await startCheckout(bert)).toMatchObject({ status: 409, code: 'billing.already_subscribed' });
      await stand.world.runHandlers();
      expect(await stand.world.see.tierOf(bert)).toBe('paid');
      for (const person of [anna, bert])
        expect(Math.round(await stand.world.see.creditDaysOf(person))).toBe(45);
      await stand.deliverEvents();
      for (const person of [anna, bert])
        expect(Math.round(await stand.world.see.creditDaysOf(person))).toBe(45);
      expect(await stand.world.see.discrepancies()).toEqual([]);
    },
  );

  it('a stored page whose subscription has ended since does not keep anybody from buying again', async () => {
    const person = await stand.world.given.user();
    const first = await startCheckout(person);
    await pay(first);
    const { customer } = person.payer;
    const known = (await customersOf(person))[0]?.id ?? customer;
    const { data } = await stand.stripe.subscriptions.list({ customer: known });
    await stand.stripe.subscriptions.cancel(data[0]?.id ?? '');
    const second = await startCheckout(person);
    expect(second.status).toBe(201);
    expect(second.url).not.toBe(first.url);
  });

  it('a stored page for another price is closed, also by two requests at once', async () => {
    const person = await stand.world.given.user();
    const first = await startCheckout(person);
    const both = await Promise.all([
      startCheckout(person, 'price_twofold_yearly'),
      startCheckout(person, 'price_twofold_yearly'),
    ]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(new Set(both.map(({ url }) => url)).size).toBe(1);
    expect((await stand.stripe.checkout.sessions.retrieve(sessionOf(first))).status).toBe('expired');
  });

  it('a stored page that Stripe does not close stays known as open, and no second one is made', async () => {
    const person = await stand.world.given.user();
    const first = await startCheckout(person);
    stand.proxy.stub = ({ path }) =>
      path.endsWith('/expire') ? { status: 400, body: { error: { code: 'parameter_invalid' } } } : undefined;
    expect(await startCheckout(person, 'price_twofold_yearly')).toMatchObject({ code: 'billing.busy' });
    stand.proxy.stub = () => undefined;
    expect(await startCheckout(person)).toEqual(first);
  });

  it.each(['by its event', 'by a question'])(
    'a stored page whose payment is on its way refuses a second one until it is decided, heard of %s',
    async (heard) => {
      const person = await stand.world.given.user();
      const first = await startCheckout(person);
      await pay(first);
      const session = await stand.stripe.checkout.sessions.retrieve(sessionOf(first), {
        expand: ['customer', 'subscription'],
      });
      const own = session.subscription as Stripe.Subscription;
      const pending = { ...session, payment_status: 'unpaid', invoice: null };
      const incomplete = { ...own, status: 'incomplete' };
      stand.proxy.stub = ({ path }) => {
        if (path.startsWith(`/v1/subscriptions/${own.id}`)) return { status: 200, body: incomplete };
        if (!path.includes(sessionOf(first))) return undefined;
        return { status: 200, body: { ...pending, subscription: incomplete } };
      };
      const { seconds } = stand.world.when;
      if (heard === 'by its event') {
        const completed = { ...pending, customer: idOrNull(session.customer), subscription: own.id };
        await stand.world.when.stripeSends(event('checkout.session.completed', completed, seconds));
        await stand.world.when.stripeSends(event('customer.subscription.created', incomplete, seconds));
      }
      for (let click = 0; click < 2; click++)
        expect(await startCheckout(person)).toMatchObject({ status: 409, code: 'billing.busy' });
      const over = { ...own, status: 'incomplete_expired', ended_at: seconds };
      await stand.world.when.stripeSends(event('customer.subscription.updated', over, seconds + 1));
      stand.proxy.stub = () => undefined;
      expect(await startCheckout(person)).toMatchObject({ status: 201 });
    },
  );

  it('a stored page whose making was lost keeps no one from another plan: the next try but one succeeds', async () => {
    const person = await stand.world.given.user();
    stand.proxy.fault = ({ method, path }) =>
      method === 'POST' && path === '/v1/checkout/sessions' ? 'answer lost' : null;
    expect(await startCheckout(person)).toMatchObject({ code: 'billing.stripe_unreachable' });
    stand.proxy.fault = () => null;
    expect(await startCheckout(person, 'price_twofold_yearly')).toMatchObject({ code: 'billing.busy' });
    expect(await startCheckout(person, 'price_twofold_yearly')).toMatchObject({ status: 201 });
  });

  it('a stored page is the only one handed out when two plans are asked for at once', async () => {
    const person = await stand.world.given.user();
    const others: CheckoutAnswer[] = [];
    stand.proxy.beforeResponse = async ({ method, path }) => {
      if (method !== 'POST' || path !== '/v1/checkout/sessions') return;
      stand.proxy.beforeResponse = () => Promise.resolve();
      for (let tries = 0; tries < 2; tries++)
        others.push(await startCheckout(person, 'price_twofold_yearly'));
    };
    const all = [await startCheckout(person), ...others];
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(all.filter(({ code }) => code === 'billing.busy')).toHaveLength(2);
    expect(await startCheckout(person)).toMatchObject({ status: 201 });
    const { data } = await stand.stripe.checkout.sessions.list({
      customer: (await customersOf(person))[0]?.id ?? '',
    });
    expect(data.filter(({ status }) => status === 'open')).toHaveLength(1);
  });

  it('a stored page of another person stays as it is when an event says that it is closed', async () => {
    const { seconds } = stand.world.when;
    const closed = { id: stripeId('cs_test'), object: 'checkout.session', status: 'expired' };
    expect(
      await stand.world.when.stripeSends(event('checkout.session.expired', closed, seconds)),
    ).toMatchObject({
      status: 200,
      outcome: 'ignored',
    });
  });
});

describe('a customer who is gone at Stripe without an event', () => {
  /** A person with a page, credit, and a customer that is deleted in the dashboard. */
  async function deleted(): Promise<{ person: Person; page: CheckoutAnswer; old: string }> {
    const person = await stand.world.given.user();
    const page = await startCheckout(person);
    const [{ id: old } = { id: '' }] = await customersOf(person);
    await stand.stripe.customers.del(old);
    return { person, page, old };
  }

  it('a customer who is gone at Stripe without an event is noted, and another takes their place: checkout opens a new page', async () => {
    const { person, page, old } = await deleted();
    const next = await startCheckout(person);
    expect(next.status).toBe(201);
    expect(next.url).not.toBe(page.url);
    const made = await customersOf(person);
    expect(made).toEqual([
      { id: old, used_for_checkout: false, gone: true },
      { id: expect.any(String), used_for_checkout: true, gone: false },
    ]);
    const session = await stand.stripe.checkout.sessions.retrieve(sessionOf(next));
    expect(session.customer).toBe(made[1]?.id);
    expect(await startCheckout(person)).toEqual(next);
  });

  it('a customer who is gone at Stripe without an event is replaced once by requests at once', async () => {
    const { person } = await deleted();
    const all = await Promise.all([startCheckout(person), startCheckout(person), startCheckout(person)]);
    expect(all.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect((await customersOf(person)).filter(({ gone }) => !gone)).toHaveLength(1);
    expect((await stand.stripe.customers.list({ email: person.email })).data).toHaveLength(1);
  });

  it('a customer who is gone at Stripe without an event is replaced once, also by a request that read the old one', async () => {
    const { person, old } = await deleted();
    const next = await startCheckout(person);
    const get = <T>(token: Type<T>) => stand.world.app.get(token, { strict: false });
    const me = { userId: person.id, email: person.email } as Principal;
    const plan = (await get(Plans).find(monthly)) as PlanDto;
    const returnTo = get(ReturnUrls).ofCheckout({});
    const asked: string[] = [];
    const url = await get(CheckoutCustomers).withCheckoutCustomer(me, (current) => {
      const customerId = asked.length === 0 ? old : current;
      asked.push(customerId);
      return get(CheckoutSessions).findOrCreateUrl({ me, customerId, plan, returnTo }, () =>
        Promise.resolve(),
      );
    });
    expect(url).toBe(next.url);
    expect(asked).toHaveLength(2);
    expect((await stand.stripe.checkout.sessions.retrieve(sessionOf(next))).status).toBe('open');
  });

  it('a customer who is gone at Stripe without an event is reported apart from an answer that names nothing but the customer', async () => {
    const person = await stand.world.given.user();
    await stand.world.given.linkCustomer(person);
    const { customer } = person.payer;
    stand.proxy.stub = ({ path, body }) =>
      path === `/v1/customers/${customer}` || body.get('customer') === customer
        ? notFoundResponse('customer', customer)
        : undefined;
    expect(await startCheckout(person)).toMatchObject({ status: 201 });
    expect((await customersOf(person)).map(({ gone }) => gone)).toEqual([true, false]);
  });

  it('a customer who is gone at Stripe without an event keeps credit and history', async () => {
    const anna = await stand.world.given.user();
    const bert = await stand.world.given.userInvitedBy(anna);
    await pay(await startCheckout(bert));
    await stand.deliverEvents();
    await stand.world.runHandlers();
    const [{ id: old } = { id: '' }] = await customersOf(bert);
    const { data } = await stand.stripe.subscriptions.list({ customer: old });
    await stand.stripe.subscriptions.cancel(data[0]?.id ?? '');
    await stand.deliverEvents();
    await stand.stripe.customers.del(old);
    const before = await stand.world.see.creditDaysOf(bert);
    expect(await startCheckout(bert)).toMatchObject({ status: 201 });
    expect(await stand.world.see.creditDaysOf(bert)).toBeCloseTo(before, 1);
    expect(await stand.world.see.count('billing.invoice WHERE user_id = $1', [bert.id])).toBe(1);
    expect(await stand.world.see.discrepancies()).toEqual([]);
  });

  it('a customer who is gone at Stripe without an event has no portal, which says what to do instead of failing', async () => {
    const { person } = await deleted();
    const portal = () =>
      stand.world.app.inject({ method: 'POST', url: '/api/v1/billing/portal', headers: bearer(person) });
    expect((await portal()).json()).toMatchObject({ status: 409, code: 'billing.no_customer' });
    await startCheckout(person);
    expect((await portal()).statusCode).toBe(201);
  });

  /**
   * A person whose customer, with a living subscription, was deleted at Stripe, and neither event
   * arrived.
   */
  async function deletedPayer(): Promise<{ person: Person; subscription: string }> {
    const person = await stand.world.given.user();
    const subscription = await stand.subscribe(person);
    await stand.deliverEvents();
    await stand.world.runHandlers();
    await stand.stripe.customers.del(person.payer.customer);
    return { person, subscription };
  }
  const portal = (person: Person) =>
    stand.world.app.inject({ method: 'POST', url: '/api/v1/billing/portal', headers: bearer(person) });

  it('a customer who is gone at Stripe without an event takes the living subscription along once the portal has noticed: checkout opens a page', async () => {
    const { person } = await deletedPayer();
    expect(await startCheckout(person)).toMatchObject({ code: 'billing.already_subscribed' });
    expect((await portal(person)).json()).toMatchObject({ code: 'billing.no_customer' });
    await stand.world.runHandlers();
    expect(await startCheckout(person)).toMatchObject({ status: 201 });
    expect(await stand.world.see.discrepancies()).toEqual([]);
  });

  it('a customer who is gone at Stripe without an event leaves what was paid for where Stripe has no subscription either, and ends it after that', async () => {
    const { person, subscription } = await deletedPayer();
    stand.proxy.stub = ({ path }) =>
      path.startsWith(`/v1/subscriptions/${subscription}`)
        ? notFoundResponse('subscription', subscription, 404)
        : undefined;
    expect((await portal(person)).json()).toMatchObject({ code: 'billing.no_customer' });
    await stand.world.runHandlers();
    const billing = stand.world.app.get(BillingService, { strict: false });
    expect(await stand.world.see.tierOf(person)).toBe('paid');
    expect(await billing.willBeCharged(person.id)).toBe(false);
    stand.world.clock.advance(40 * dayMs);
    const found: string[] = [];
    const reconcile = stand.world.app.get(ReconciliationService, { strict: false });
    const told = { onFinding: ({ id }: { id: string }) => found.push(id) };
    await reconcile.reconcileObjects(told);
    expect(found).toContain(subscription);
    found.length = 0;
    await reconcile.reconcileObjects(told);
    expect(found).not.toContain(subscription);
    expect(await stand.world.see.tierOf(person)).toBe('free');
    expect(await billing.findPayingSubscription(person.id)).toBeNull();
    expect(await stand.world.see.discrepancies()).toEqual([]);
  });

  it('a customer who is gone at Stripe without an event is not believed to be gone when it is the price that Stripe does not have', async () => {
    const person = await stand.world.given.user();
    stand.proxy.stub = ({ method, path }) =>
      method === 'POST' && path === '/v1/checkout/sessions' ? notFoundResponse('price', monthly) : undefined;
    expect(await startCheckout(person)).toMatchObject({
      status: 502,
      code: 'billing.stripe_refused',
      stripeCode: 'resource_missing',
    });
    expect((await customersOf(person)).map(({ gone }) => gone)).toEqual([false]);
    const refused = stand.proxy.requests.findLast(({ path }) => path === '/v1/checkout/sessions')?.key;
    stand.proxy.stub = () => undefined;
    stand.proxy.requests.length = 0;
    expect(await startCheckout(person, 'price_twofold_yearly')).toMatchObject({ status: 201 });
    const keys = stand.proxy.requests.flatMap(({ path, key }) =>
      path === '/v1/checkout/sessions' ? [key] : [],
    );
    expect(keys).toEqual([`${refused}-again-1`]);
  });
});

describe('a subscription at another processor', () => {
  it('refuses a checkout at Stripe until it ends, and names no portal, which is Stripe’s', async () => {
    const person = await stand.world.given.user();
    const key = await stand.world.given.apiKey('people:write', 'payments:write');
    const externalId = `elsewhere-${person.id}`;
    const put = async (path: string, payload: object) => {
      const headers = { authorization: `Bearer ${key}` };
      const answer = await stand.world.app.inject({
        method: 'PUT',
        url: `/api/v1/${path}`,
        headers,
        payload,
      });
      expect(answer.statusCode, answer.body).toBe(200);
    };
    await put(`people/${externalId}`, { email: person.email, emailVerified: true });
    const report = (status: string) => {
      stand.world.clock.advance(1000);
      const now = stand.world.clock.now();
      return put(`subscriptions/acme/${externalId}`, {
        externalId,
        status,
        currentPeriodEnd: new Date(now.getTime() + 30 * dayMs).toISOString(),
        cancelAtPeriodEnd: false,
        updatedAt: now.toISOString(),
      });
    };
    const page = await startCheckout(person);
    expect(page.status).toBe(201);
    for (const status of ['trialing', 'active', 'past_due']) {
      await report(status);
      const refused = await startCheckout(person);
      expect(refused, status).toMatchObject({ status: 409, code: 'billing.already_subscribed' });
      expect(refused).not.toHaveProperty('portal');
    }
    await report('canceled');
    expect((await startCheckout(person)).status).toBe(201);
  });
});

it('a checkout has the name of the product and its colour, and a new one when they change', async () => {
  const person = await stand.world.given.user();
  const plain = await startCheckout(person);
  const brand = getBrand();
  setBrand({ ...brand, productName: 'Acme & Söhne', brandColour: '#0a7d33' });
  const branded = await startCheckout(person);
  setBrand(brand);
  expect([plain.status, branded.status]).toEqual([201, 201]);
  expect(branded.url).not.toBe(plain.url);
  expect(await (await fetch(branded.url)).text()).toContain('Acme &amp; Söhne');
  const { branding_settings: settings } = await stand.stripe.checkout.sessions.retrieve(sessionOf(branded));
  expect(settings).toMatchObject({ display_name: 'Acme & Söhne', button_color: '#0a7d33' });
});
