import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { invoicePayment, paymentFor } from '../support/payment-payloads.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';

let stand: SandboxWorld;
let root: Person;
beforeAll(async () => {
  stand = await createSandboxWorld();
  root = await stand.world.given.user({ role: 'admin' });
});
afterAll(() => stand.close());

interface IdempotentRequest {
  url: string;
  body?: Record<string, unknown>;
  /** Who does it; the admin by default. */
  as?: Pick<Person, 'token'>;
}

/** For each POST of the API, one that does its work the first time. */
const requestsByRoute: Record<string, () => Promise<IdempotentRequest>> = {
  '/api/v1/admin/users/{id}/credit': async () => ({
    url: `/api/v1/admin/users/${(await someone()).id}/credit`,
    body: { days: 5, reason: 'sorry' },
  }),
  '/api/v1/admin/credit/{entryId}/revoke': async () => {
    const entry = await send(await createRequest('/api/v1/admin/users/{id}/credit'), {});
    return {
      url: `/api/v1/admin/credit/${entry.json<{ id: string }>().id}/revoke`,
      body: { reason: 'a mistake' },
    };
  },
  '/api/v1/admin/users/{id}/sign-out': async () => ({
    url: `/api/v1/admin/users/${(await someone()).id}/sign-out`,
  }),
  '/api/v1/admin/users/{id}/referrer': async () => ({
    url: `/api/v1/admin/users/${(await someone()).id}/referrer`,
    body: { code: await stand.world.given.referralCodeOf(await someone()), reason: 'they said so' },
  }),
  '/api/v1/admin/users/{id}/refund-as-credit': async () => {
    const bert = await payer();
    return { url: `/api/v1/admin/users/${bert.id}/refund-as-credit`, body: { days: 30, reason: 'sorry' } };
  },
  '/api/v1/admin/codes/{code}/block': async () => ({
    url: `/api/v1/admin/codes/${await stand.world.given.referralCodeOf(await someone())}/block`,
    body: { reason: 'spam' },
  }),
  '/api/v1/admin/codes/{code}/unblock': async () => ({
    url: `/api/v1/admin/codes/${await stand.world.given.referralCodeOf(await someone())}/unblock`,
    body: { reason: 'no spam' },
  }),
  '/api/v1/admin/merges': async () => ({
    url: '/api/v1/admin/merges',
    body: { fromUserId: (await someone()).id, intoUserId: (await someone()).id, reason: 'one person' },
  }),
  '/api/v1/admin/merges/{id}/undo': async () => {
    const merge = await send(await createRequest('/api/v1/admin/merges'), {});
    return { url: `/api/v1/admin/merges/${merge.json<{ id: string }>().id}/undo`, body: { reason: 'two' } };
  },
  '/api/v1/admin/programme/terms': async () => {
    const { items } = (await ask('/api/v1/admin/programme/terms')).json<{ items: { version: number }[] }>();
    return {
      url: '/api/v1/admin/programme/terms',
      body: { referrerDays: 30, referredDays: 30, reason: 'spring', basedOn: items[0]?.version },
    };
  },
  '/api/v1/admin/stripe/events/{id}/replay': async () => {
    const { when, given } = stand.world;
    const bert = await someone();
    await given.linkCustomer(bert);
    const paid = when.invoicePaid(bert);
    await when.stripeSends(paid);
    return { url: `/api/v1/admin/stripe/events/${String(paid.id)}/replay` };
  },
  '/api/v1/people/{externalId}/credit': async () => {
    const { id } = await someone();
    await stand.world.sql.query(`UPDATE auth."user" SET external_id = id::text WHERE id = $1`, [id]);
    return {
      url: `/api/v1/people/${id}/credit`,
      as: { token: await stand.world.given.apiKey('credit:write') },
      body: { days: 5, reason: 'sorry' },
    };
  },
  '/api/v1/webhook-endpoints/{id}/test': async () => ({
    url: `/api/v1/webhook-endpoints/${await endpointId()}/test`,
    as: await keyOfHost(),
  }),
  '/api/v1/webhook-endpoints/deliveries/{id}/redeliver': async () => ({
    url: `/api/v1/webhook-endpoints/deliveries/${await deliveryId(await endpointId())}/redeliver`,
    as: await keyOfHost(),
  }),
  '/api/v1/referral/claim': async () => ({
    url: '/api/v1/referral/claim',
    as: await someone(),
    body: { code: await stand.world.given.referralCodeOf(await someone()) },
  }),
  '/api/v1/settings/backup/revisions/{revision}/restore': async () => {
    const anna = await someone();
    await stand.world.app.inject({
      method: 'PUT',
      url: '/api/v1/settings/backup',
      headers: bearer(anna),
      payload: { data: 1 },
    });
    return { url: '/api/v1/settings/backup/revisions/1/restore', as: anna };
  },
  '/api/v1/billing/checkout': async () => ({
    url: '/api/v1/billing/checkout',
    as: await someone(),
    body: { priceId: 'price_twofold_monthly' },
  }),
  '/api/v1/billing/portal': async () => {
    const bert = await someone();
    await stand.subscribe(bert);
    return { url: '/api/v1/billing/portal', as: bert };
  },
  ...Object.fromEntries(
    ['approve', 'reject', 'reopen', 'reverse', 'restore'].map((name) => [
      `/api/v1/admin/referrals/{id}/${name}`,
      () => decision(name),
    ]),
  ),
};

/**
 * POSTs that take no key: signing in is proven by a code that counts once, a preview writes
 * nothing, people are saved as often as they are sent, and a token is not stored.
 */
const routesWithoutKey = [
  '/api/v1/auth/challenges',
  '/api/v1/auth/second-factor',
  '/api/v1/auth/sessions',
  '/api/v1/me/email',
  '/api/v1/admin/programme/terms/preview',
  '/api/v1/people/batch',
  '/api/v1/people/{externalId}/tokens',
  // their answers hold a secret
  '/api/v1/webhook-endpoints',
  '/api/v1/webhook-endpoints/{id}/rotate-secret',
];

const keyOfHost = async () => ({ token: await stand.world.given.apiKey('webhooks:manage') });

async function endpointId(): Promise<string> {
  const added = await send(
    {
      url: '/api/v1/webhook-endpoints',
      as: await keyOfHost(),
      body: { url: 'https://app.invalid/events', events: ['credit.granted'] },
    },
    {},
  );
  return added.json<{ id: string }>().id;
}

/** A delivery to an endpoint, of a grant. */
async function deliveryId(endpoint: string): Promise<string> {
  await send(await createRequest('/api/v1/admin/users/{id}/credit'), {});
  await stand.world.runHandlers();
  const { rows } = await stand.world.sql.query<{ id: string }>(
    `SELECT id FROM webhooks.delivery WHERE endpoint_id = $1`,
    [endpoint],
  );
  return rows[0]?.id ?? '';
}

const someone = () => stand.world.given.user();
const ask = (url: string, person = root) => stand.world.app.inject({ url, headers: bearer(person) });

function createRequest(path: string): Promise<IdempotentRequest> {
  const deed = requestsByRoute[path];
  if (deed === undefined) throw new Error(`Nothing is known of ${path}`);
  return deed();
}

function send({ url, body, as = root }: IdempotentRequest, headers: Record<string, string>) {
  return stand.world.app.inject({
    method: 'POST',
    url,
    headers: { ...bearer(as), ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { payload: JSON.stringify(body) }),
  });
}

/** The same fields, sent in another order. */
function reordered(idempotentRequest: IdempotentRequest): IdempotentRequest {
  return idempotentRequest.body
    ? { ...idempotentRequest, body: Object.fromEntries(Object.entries(idempotentRequest.body).reverse()) }
    : idempotentRequest;
}

async function payer(): Promise<Person> {
  const { given, when } = stand.world;
  const bert = await someone();
  await given.linkCustomer(bert);
  const paid = invoice(bert.payer, when.seconds);
  await when.stripeSends(event('invoice.paid', paid, when.seconds));
  const payment = invoicePayment(paymentFor(String(paid.id)), when.seconds);
  await when.stripeSends(event('invoice_payment.paid', payment, when.seconds));
  return bert;
}

/** A referral that `name` can decide about. */
async function decision(name: string): Promise<IdempotentRequest> {
  const { given, when, sql } = stand.world;
  const bert = await given.userInvitedBy(await someone());
  await given.linkCustomer(bert);
  await when.pays(bert);
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = $1`,
    [bert.id],
  );
  const url = `/api/v1/admin/referrals/${rows[0]?.id}`;
  const before = { reopen: 'reject', restore: 'reverse' }[name];
  if (before !== undefined) await send({ url: `${url}/${before}`, body: { reason: 'first' } }, {});
  return { url: `${url}/${name}`, body: { reason: 'looked at' } };
}

async function described(): Promise<Map<string, boolean>> {
  interface Operation {
    parameters?: { name: string }[];
  }
  const { paths } = (await ask('/api/openapi.json')).json<{ paths: Record<string, { post?: Operation }> }>();
  return new Map(
    Object.entries(paths)
      .filter(([path, { post }]) => path.startsWith('/api/v1/') && post !== undefined)
      .map(([path, { post }]) => [
        path,
        post?.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false,
      ]),
  );
}

it('every POST of the API takes an Idempotency-Key and says so, but for signing in, previews, batches and secrets', async () => {
  const routes = await described();
  expect([...routes.keys()].toSorted()).toEqual(
    [...Object.keys(requestsByRoute), ...routesWithoutKey].toSorted(),
  );
  for (const [path, takesKey] of routes)
    expect([path, takesKey]).toEqual([path, !routesWithoutKey.includes(path)]);
});

describe('a POST with an Idempotency-Key', () => {
  it.each(Object.keys(requestsByRoute))(
    'a POST with an Idempotency-Key to %s answers the first result again, and another body 409',
    async (path) => {
      const deed = await createRequest(path);
      const key = { 'idempotency-key': `once-${path.length}` };
      const first = await send(deed, key);
      expect(first.statusCode).toBeLessThan(300);
      expect(first.headers['idempotent-replayed']).toBeUndefined();
      const written = await stand.world.see.count('platform.audit');
      for (const again of [deed, reordered(deed)]) {
        const answer = await send(again, key);
        expect([answer.statusCode, answer.headers['idempotent-replayed']]).toEqual([
          first.statusCode,
          'true',
        ]);
        if (first.body !== '') expect(answer.json()).toEqual(first.json());
      }
      expect(await stand.world.see.count('platform.audit')).toBe(written);
      if (deed.body === undefined) return;
      const field = Object.keys(deed.body).find((name) => ['reason', 'code', 'priceId'].includes(name)) ?? '';
      const differs = await send({ ...deed, body: { ...deed.body, [field]: 'ANOTHER' } }, key);
      expect([differs.statusCode, differs.json()]).toEqual([
        409,
        expect.objectContaining({ code: 'request.idempotency_conflict' }),
      ]);
    },
  );

  it('a POST with an Idempotency-Key is another one for another caller, route and parameter', async () => {
    const key = { 'idempotency-key': 'the-same' };
    const [first, second] = [
      await createRequest('/api/v1/billing/checkout'),
      await createRequest('/api/v1/billing/checkout'),
    ];
    const urls = [(await send(first, key)).json<{ url: string }>().url];
    urls.push((await send(second, key)).json<{ url: string }>().url);
    expect(new Set(urls).size).toBe(2);
    for (const path of [
      '/api/v1/admin/users/{id}/credit',
      '/api/v1/admin/merges',
      '/api/v1/admin/users/{id}/credit',
    ])
      expect((await send(await createRequest(path), key)).headers['idempotent-replayed']).toBeUndefined();
  });

  it('a POST with an Idempotency-Key that failed is done the next time', async () => {
    const key = { 'idempotency-key': 'failed-first' };
    const anna = await someone();
    const idempotentRequest: IdempotentRequest = { url: '/api/v1/billing/portal', as: anna };
    expect((await send(idempotentRequest, key)).statusCode).toBe(409);
    await stand.subscribe(anna);
    expect((await send(idempotentRequest, key)).statusCode).toBe(201);
  });

  it('a POST with an Idempotency-Key that is sent twenty times at once opens one portal page, as far as anybody is reported', async () => {
    const deed = await createRequest('/api/v1/billing/portal');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(deed, { 'idempotency-key': 'at-once' })),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => answer.json<{ url: string }>().url)).size).toBe(1);
  });

  it('a POST with an Idempotency-Key is ignored where a person signs in', async () => {
    const key = { 'idempotency-key': 'sign-in' };
    const body = { email: 'twice@example.org' };
    const ids = [];
    for (let time = 0; time < 2; time++) {
      const answer = await send({ url: '/api/v1/auth/challenges', body }, key);
      expect(answer.headers['idempotent-replayed']).toBeUndefined();
      ids.push(answer.json<{ challengeId: string }>().challengeId);
    }
    expect(new Set(ids).size).toBe(2);
  });
});
