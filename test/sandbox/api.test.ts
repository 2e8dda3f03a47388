import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Stripe from 'stripe';
import { onlyItem, SandboxFixture } from './sandbox-fixture.js';

describe('the API of the sandbox', () => {
  let sandboxFixture: SandboxFixture;
  beforeAll(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterAll(() => sandboxFixture.close());

  it('the API of the sandbox answers a repeated idempotency key with the first answer and does nothing twice', async () => {
    const twice = () =>
      sandboxFixture.stripe.customers.create(
        { email: 'twice@example.test' },
        { idempotencyKey: 'key-twice' },
      );
    const [first, second] = await Promise.all([twice(), twice()]);
    expect(second.id).toBe(first.id);
    expect((await sandboxFixture.stripe.customers.list({ email: 'twice@example.test' })).data).toHaveLength(
      1,
    );
    const told = await sandboxFixture.webhookReceiver.waitForEvents('customer.created', { about: first.id });
    expect(onlyItem(told).request).toMatchObject({ idempotency_key: 'key-twice' });
  });

  it('the API of the sandbox refuses an idempotency key that was used for another request', async () => {
    await sandboxFixture.stripe.customers.create(
      { email: 'one@example.test' },
      { idempotencyKey: 'key-other' },
    );
    const other = sandboxFixture.stripe.customers.create(
      { email: 'two@example.test' },
      { idempotencyKey: 'key-other' },
    );
    await expect(other).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect((await sandboxFixture.stripe.customers.list({ email: 'two@example.test' })).data).toEqual([]);
  });

  it('the API of the sandbox refuses a path that it does not know', async () => {
    const refused = sandboxFixture.stripe.topups.create({ amount: 100, currency: 'usd' });
    await expect(refused).rejects.toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404 });
  });

  it.each(['cus_nobody', 'a\u0000b', '%', "'; DROP TABLE sandbox.object; --", '../prices'])(
    'the API of the sandbox finds no customer named %j',
    async (id) => {
      await expect(sandboxFixture.stripe.customers.retrieve(id)).rejects.toMatchObject({
        ...{ type: 'StripeInvalidRequestError', code: 'resource_missing', statusCode: 404 },
      });
    },
  );

  it('the API of the sandbox names the parameter whose object is missing', async () => {
    await expect(sandboxFixture.checkout({ customer: 'cus_nobody' })).rejects.toMatchObject({
      ...{ type: 'StripeInvalidRequestError', code: 'resource_missing', param: 'customer', statusCode: 400 },
    });
  });

  it('the API of the sandbox refuses a parameter that it does not know, also inside another, and keeps nothing', async () => {
    const misspelt = { email: 'typo@example.test', emial: 'x' };
    await expect(sandboxFixture.stripe.customers.create(misspelt)).rejects.toMatchObject({
      ...{ type: 'StripeInvalidRequestError', code: 'parameter_unknown', param: 'emial' },
    });
    expect((await sandboxFixture.stripe.customers.list({ email: 'typo@example.test' })).data).toEqual([]);
    await expect(
      sandboxFixture.checkout({ subscription_data: { description: 'not supported' } }),
    ).rejects.toMatchObject({ code: 'parameter_unknown', param: 'subscription_data[description]' });
  });

  it('the API of the sandbox refuses a character that no text may contain, and still lists everybody', async () => {
    await expect(sandboxFixture.stripe.customers.create({ name: 'a\u0000b' })).rejects.toMatchObject({
      ...{ type: 'StripeInvalidRequestError', param: 'name', statusCode: 400 },
    });
    await expect(sandboxFixture.stripe.customers.list({ email: 'a\u0000b' })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
    });
    await expect(
      sandboxFixture.stripe.customers.list({ email: 'nobody@example.test' }),
    ).resolves.toBeDefined();
  });

  it.each([
    ['a body that is no form', { 'content-type': 'application/json' }, '/v1/customers', 415],
    ['a body that is too large', form(), '/v1/customers', 413],
    ['a path that is no text', form(), '/v1/customers/%ff', 400],
    ['no key', { ...form(), authorization: '' }, '/v1/customers', 401],
    ['a live key', { ...form(), authorization: 'Bearer sk_live_1' }, '/v1/customers', 401],
  ])(
    'the API of the sandbox answers %s in the shape of an error of Stripe',
    async (_what, headers, path, status) => {
      const body = status === 413 ? `name=${'x'.repeat(1_100_000)}` : 'name=x';
      const authorization = 'Bearer sk_test_1';
      const answer = await fetch(`${sandboxFixture.url}${path}`, {
        method: 'POST',
        headers: { authorization, ...headers },
        body,
      });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toEqual({
        error: expect.objectContaining({ type: 'invalid_request_error', message: expect.any(String) }),
      });
      expect(answer.headers.get('request-id')).toMatch(/^req_/);
    },
  );

  it('pages through a list from the newest on, without losing or repeating one', async () => {
    const name = 'paged@example.test';
    const ids: string[] = [];
    for (let n = 0; n < 5; n++)
      ids.unshift((await sandboxFixture.stripe.customers.create({ email: name })).id);
    const seen: string[] = [];
    for await (const { id } of sandboxFixture.stripe.customers.list({ email: name, limit: 2 })) seen.push(id);
    expect(seen).toEqual(ids);
  });

  it('pages through the lines of an invoice, and says whether there are more', async () => {
    const { stripe } = sandboxFixture;
    const customer = await stripe.customers.create({ email: 'lines@example.test' });
    for (const amount of [100, 200, 300, 400, 500])
      await stripe.invoiceItems.create({ customer: customer.id, amount, currency: 'usd' });
    const invoice = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    });
    const all = invoice.lines.data.map(({ id }) => id);
    const first = await stripe.invoices.listLineItems(invoice.id, { limit: 2 });
    expect(first).toMatchObject({
      ...{ object: 'list', has_more: true, url: `/v1/invoices/${invoice.id}/lines` },
    });
    expect(first.data).toEqual(invoice.lines.data.slice(0, 2));
    const seen: string[] = [];
    for await (const { id } of stripe.invoices.listLineItems(invoice.id, { limit: 2 })) seen.push(id);
    expect(seen).toEqual(all);
    const last = await stripe.invoices.listLineItems(invoice.id, { limit: 3, starting_after: all[1] });
    expect(last).toMatchObject({ has_more: false, data: all.slice(2).map((id) => ({ id })) });
    const before = await stripe.invoices.listLineItems(invoice.id, { limit: 2, ending_before: all[3] });
    expect(before).toMatchObject({ has_more: true, data: all.slice(1, 3).map((id) => ({ id })) });
  });

  it('pages through the items of a subscription', async () => {
    const { stripe } = sandboxFixture;
    const { subscription } = await sandboxFixture.subscriber('items@example.test');
    const items = await stripe.subscriptionItems.list({ subscription: subscription.id, limit: 1 });
    expect(items).toMatchObject({ object: 'list', has_more: false, url: '/v1/subscription_items' });
    expect(items.data).toEqual(subscription.items.data);
    const [item] = items.data;
    const rest = stripe.subscriptionItems.list({
      subscription: subscription.id,
      starting_after: item?.id ?? '',
    });
    expect((await rest).data).toEqual([]);
  });

  it.each([
    ['/v1/invoices/in_none/lines', 404, { code: 'resource_missing', param: 'id' }],
    ['/v1/subscription_items', 400, { code: 'parameter_missing', param: 'subscription' }],
    ['/v1/subscription_items?subscription=sub_none', 400, { param: 'subscription' }],
    ['/v1/subscription_items?subscription=$&limit=0', 400, { param: 'limit' }],
    ['/v1/subscription_items?subscription=$&starting_after=si_none', 400, { param: 'starting_after' }],
    ['/v1/subscription_items?subscription=$&ending_before=si_none', 400, { param: 'ending_before' }],
  ])('the API of the sandbox refuses %s', async (path, status, error) => {
    const { subscription } = await sandboxFixture.subscriber(`refused-${path.length}@example.test`);
    const answer = await fetch(`${sandboxFixture.url}${path.replace('$', subscription.id)}`, {
      headers: { authorization: 'Bearer sk_test_1' },
    });
    expect([answer.status, await answer.json()]).toMatchObject([status, { error }]);
  });

  it('the API of the sandbox sells two prices and expands what is asked for', async () => {
    const { data } = await sandboxFixture.stripe.prices.list({ active: true, expand: ['data.product'] });
    expect(data.map(({ id, unit_amount }) => [id, unit_amount]).sort()).toEqual([
      ['price_twofold_monthly', 1_000],
      ['price_twofold_yearly', 10_000],
    ]);
    expect(data[0]?.product).toMatchObject({ id: 'prod_twofold', object: 'product' });
    await expect(sandboxFixture.stripe.prices.list({ expand: ['data.nothing'] })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
    });
  });
});

function form(): Record<string, string> {
  return { 'content-type': 'application/x-www-form-urlencoded' };
}
