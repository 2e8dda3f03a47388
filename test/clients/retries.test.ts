import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Twofold, TwofoldError } from '../../clients/typescript/src/index.js';
import { freePort } from '../../src/embedded-postgres/index.js';
import { json, problem, silence, UnreliableServer, type Reply } from './unreliable-server.js';

const server = new UnreliableServer();
let twofold: Twofold;
beforeAll(async () => {
  await server.open();
  twofold = new Twofold({ baseUrl: `${server.url}/`, apiKey: 'tfk_1_secret' });
});
afterAll(() => server.close());

const person = { externalId: 'user-1' };
const failure = async (call: Promise<unknown>) => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TwofoldError)) throw new Error(`No TwofoldError: ${String(error)}`);
  return error;
};
const give = (options = {}) => twofold.people.giveCredit('user-1', { days: 1, reason: 'sorry' }, options);
const keys = () => server.received.map(({ headers }) => headers['idempotency-key']);

describe('a call that may be repeated', () => {
  it('is repeated after a lost connection, a limit and an error of the server', async () => {
    server.answers(
      null,
      problem(429, 'auth.too_many', { 'retry-after': '0' }),
      problem(503, 'x'),
      json(person),
    );
    expect(await twofold.people.get('user-1')).toEqual(person);
    expect(server.received).toHaveLength(4);
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    const limited = (after: string) => problem(429, 'auth.too_many', { 'retry-after': after });
    server.answers(limited('1'), json(person));
    await twofold.people.get('user-1');
    const [first, second] = server.received.map(({ at }) => at);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(1000);
    const date = new Date(Date.now() + 2000).toUTCString();
    server.answers(limited(date), json(person));
    await twofold.people.get('user-1');
    expect(server.received[1]?.at).toBeGreaterThanOrEqual(Date.parse(date));
  });

  it('ends with the last error after so many retries, and at once when it is to wait for long', async () => {
    server.answers(problem(500, 'platform.internal'));
    expect(await failure(twofold.people.get('user-1', { maxRetries: 1 }))).toMatchObject({ status: 500 });
    expect(server.received).toHaveLength(2);
    server.answers(problem(429, 'auth.too_many', { 'retry-after': '3600' }));
    const error = await failure(twofold.people.get('user-1'));
    expect(error).toMatchObject({ code: 'auth.too_many', retryAfterSeconds: 3600 });
    expect(server.received).toHaveLength(1);
  });

  it('is not repeated when it was refused', async () => {
    for (const status of [400, 401, 403, 404, 409, 413, 422, 501]) {
      server.answers(problem(status, 'request.invalid'));
      expect(await failure(twofold.people.get('user-1'))).toMatchObject({ status });
      expect(server.received).toHaveLength(1);
    }
  });

  it('sends the same Idempotency-Key every time: that of the caller, or one made for the call', async () => {
    server.answers(null, problem(502, 'x'), json({ id: 'entry' }));
    await give();
    expect(keys()).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
    const [first] = keys();
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    server.answers(null, json({ id: 'entry' }));
    await give({ idempotencyKey: 'ticket-7' });
    expect(keys()).toEqual(['ticket-7', 'ticket-7']);
    server.answers(json({ id: 'entry' }));
    await give();
    expect(keys()).not.toEqual([first]);
  });

  it('that deletes is done when the person is gone after a lost answer, but not when they never were', async () => {
    server.answers(null, problem(404, 'request.not_found'));
    expect(await twofold.people.delete('user-1')).toBeUndefined();
    server.answers(problem(404, 'request.not_found'));
    expect(await failure(twofold.people.delete('user-1'))).toMatchObject({ status: 404 });
  });
});

it('a call that would do its work twice is sent once', async () => {
  const endpoint = { url: 'https://app.example/events' };
  for (const call of [
    () => twofold.webhookEndpoints.create(endpoint),
    () => twofold.webhookEndpoints.update('1', { description: 'x' }),
    () => twofold.webhookEndpoints.rotateSecret('1'),
    () => twofold.webhookEndpoints.test('1'),
    () => twofold.webhookEndpoints.redeliver('1'),
  ]) {
    server.answers(problem(503, 'platform.unavailable'), json({}));
    expect(await failure(call())).toMatchObject({ status: 503 });
    server.answers(null, json({}));
    expect(await failure(call())).toMatchObject({ code: 'client.unreachable', status: 0 });
    expect(server.received).toHaveLength(1);
  }
});

describe('a call ends', () => {
  it('when no answer, or only half of one, comes in time', async () => {
    const halfAnswer: Reply = (response) => response.writeHead(200).write('{ "items": [');
    for (const reply of [silence, halfAnswer]) {
      server.answers(reply);
      const error = await failure(twofold.people.get('user-1', { timeoutMs: 300, maxRetries: 1 }));
      expect(error).toMatchObject({ code: 'client.timeout', status: 0 });
      expect(error.detail).toBe('GET /api/v1/people/user-1 was not answered within 300 ms');
    }
  });

  it('when its signal does: before it, during it, and between two attempts', async () => {
    const before = AbortSignal.abort(new Error('never mind'));
    server.answers(json(person));
    await expect(twofold.people.get('user-1', { signal: before })).rejects.toThrow('never mind');
    expect(server.received).toHaveLength(0);
    for (const reply of [silence, problem(429, 'auth.too_many', { 'retry-after': '30' })]) {
      const controller = new AbortController();
      server.answers((response) => {
        reply?.(response);
        setTimeout(() => controller.abort(new Error('never mind')), 50);
      });
      const call = twofold.people.get('user-1', { signal: controller.signal });
      await expect(call).rejects.toThrow('never mind');
      expect(server.received).toHaveLength(1);
    }
  });
});

describe('an error', () => {
  it('has all that the problem document says', async () => {
    const document = {
      type: 'https://twofold.test/api/errors#request.invalid',
      title: 'Some fields are invalid',
      status: 422,
      code: 'request.invalid',
      detail: 'email must be a valid email address',
      errors: [{ path: 'email', message: 'email must be a valid email address' }],
      requestId: 'r-7',
    };
    server.answers(json(document, 422, { 'content-type': 'application/problem+json' }));
    const error = await failure(twofold.people.get('user-1'));
    expect(error).toMatchObject({ ...document, problem: document, retryAfterSeconds: null });
    expect(error.message).toBe('request.invalid: email must be a valid email address');
  });

  it('says when the answer is none of Twofold’s, and where it redirects', async () => {
    server.answers((response) => response.writeHead(200).end('<html>Sign in to the proxy</html>'));
    expect(await failure(twofold.people.get('user-1'))).toMatchObject({
      code: 'client.unexpected_answer',
      status: 200,
      detail: expect.stringContaining('<html>Sign in to the proxy</html>'),
    });
    server.answers((response) => response.writeHead(301, { location: 'https://other.example/' }).end());
    expect(await failure(twofold.people.get('user-1'))).toMatchObject({
      status: 301,
      detail: expect.stringContaining('redirects to https://other.example/'),
    });
    expect(server.received).toHaveLength(1);
  });

  it('names the server that cannot be reached', async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    const lost = new Twofold({ baseUrl, apiKey: 'tfk_1_secret', maxRetries: 0 });
    const error = await failure(lost.people.get('user-1'));
    expect(error.detail).toBe(`GET /api/v1/people/user-1: ${baseUrl} cannot be reached (ECONNREFUSED)`);
    expect(error.message).not.toContain('secret');
  });
});

describe('a request', () => {
  it('has the key, the path of baseUrl, and ids that cannot leave their place', async () => {
    server.answers(json(person));
    const under = new Twofold({ baseUrl: `${server.url}/referrals/`, apiKey: 'tfk_1_secret' });
    await under.people.get('a/../b?c#d e%');
    const [request] = server.received;
    expect(request?.path).toBe('/referrals/api/v1/people/a%2F..%2Fb%3Fc%23d%20e%25');
    expect(request?.headers.authorization).toBe('Bearer tfk_1_secret');
    for (const id of ['', '.', '..', undefined as unknown as string])
      await expect(twofold.people.get(id)).rejects.toThrow(TypeError);
    expect(server.received).toHaveLength(1);
  });

  it('goes through the fetch of the caller', async () => {
    const requested: string[] = [];
    const own = new Twofold({
      baseUrl: 'https://twofold.test',
      apiKey: 'tfk_1_secret',
      fetch: (input) => {
        requested.push(String(input));
        return Promise.resolve(Response.json(person));
      },
    });
    await own.people.get('user-1');
    expect(requested).toEqual(['https://twofold.test/api/v1/people/user-1']);
  });

  it('that forwards an event of Stripe has the body byte for byte, and no key', async () => {
    server.answers(json({ received: true, outcome: 'applied', detail: null }));
    const body = '{ "id":  "evt_1",\n"name": "Zoë" }';
    for (const raw of [body, new TextEncoder().encode(body), Buffer.from(body)])
      expect(await twofold.stripe.forward(raw, 't=1,v1=ab')).toMatchObject({ outcome: 'applied' });
    expect(server.received.map((one) => [one.path, one.body])).toEqual(
      Array(3).fill(['/webhooks/stripe', body]),
    );
    expect(server.received[0]?.headers).toMatchObject({ 'stripe-signature': 't=1,v1=ab' });
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });
});

it.each([
  ['no address', { baseUrl: undefined as unknown as string, apiKey: 'tfk_1_a' }, 'baseUrl'],
  ['an address without https', { baseUrl: 'twofold.example', apiKey: 'tfk_1_a' }, 'baseUrl'],
  ['no key', { baseUrl: 'https://twofold.example', apiKey: undefined as unknown as string }, 'apiKey'],
  ['another key', { baseUrl: 'https://twofold.example', apiKey: 'sk_test_1' }, 'apiKey'],
  ['a key with a line break', { baseUrl: 'https://twofold.example', apiKey: 'tfk_1_a\n' }, 'apiKey'],
])('a client with %s is refused at once', (_, options, name) => {
  expect(() => new Twofold(options)).toThrow(new RegExp(`^${name} is`));
});

describe('facts of other processors', () => {
  it.each(['payments', 'refunds', 'disputes', 'subscriptions'] as const)(
    '%s are sent as they are',
    async (kind) => {
      server.answers(json({ outcome: 'parked', detail: 'The person is not known yet.' }, 202));
      const fact = { externalId: 'user-1', paidAt: new Date('2026-11-01T12:00:00Z') } as never;
      const outcome = await twofold[kind].put('paddle', 'txn/1', fact);
      expect(outcome.outcome).toBe('parked');
      expect(server.received).toMatchObject([
        {
          method: 'PUT',
          path: `/api/v1/${kind}/paddle/txn%2F1`,
          body: '{"externalId":"user-1","paidAt":"2026-11-01T12:00:00.000Z"}',
        },
      ]);
    },
  );

  it('a token is asked for again after a lost answer', async () => {
    server.answers(null, json({ token: 'tfp_1', expiresAt: '2026-11-01T12:15:00.000Z' }, 201));
    expect((await twofold.people.createToken('user-1')).token).toBe('tfp_1');
    expect(server.received[1]).toMatchObject({
      method: 'POST',
      path: '/api/v1/people/user-1/tokens',
      body: '',
    });
  });
});
