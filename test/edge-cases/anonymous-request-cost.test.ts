import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InjectOptions } from 'fastify';
import { liveRoutes, type LiveRoute } from '../security/live-routes.js';
import { createWorld, type World } from '../support/world.js';

/**
 * What an anonymous visitor may cost with one request, in milliseconds of CPU: a real one of these
 * costs 1 to 3.
 */
const mostMs = 50;

let world: World;
beforeAll(async () => {
  world = await createWorld({ trustProxy: '127.0.0.0/8,10.0.0.0/8' });
});
afterAll(() => world.close());

/** Headers and path together: what the server reads at most before it refuses the connection. */
const head = 15_000;
/** Just what is accepted, and what is far beyond. */
const sizes = [65_000, 1_150_000];

const fill = (part: string, length: number) => part.repeat(Math.floor(length / part.length));
const listed = (length: number, one: (index: number) => string) => {
  const parts: string[] = [];
  for (let index = 0, total = 0; total < length; index++) {
    const part = one(index);
    parts.push(part);
    total += part.length + 1;
  }
  return parts.join(',');
};

const texts = [
  'a',
  ' ',
  '\t',
  '@',
  'a@',
  'a.',
  '.',
  'ü',
  '%',
  '+',
  '-',
  '\u3002',
  'xn--',
  '"',
  '\\',
  '\u0130',
];

function jsonBodies(size: number): [string, string][] {
  const fields = ['email', 'ref', 'challengeId', 'code', 'displayName', 'timeZone', 'locale', 'reason'];
  return [
    ['many keys', `{${listed(size, (index) => `"k${index}":1`)}}`],
    ['the shortest keys', `{${listed(size, (index) => `"${index.toString(36)}":1`)}}`],
    ['one key many times', `{${listed(size, () => '"email":1')}}`],
    ['many keys of one nested object', `{"email":{${listed(size, (index) => `"k${index}":1`)}}}`],
    ['a list of numbers', `{"email":[${listed(size, () => '1')}]}`],
    ['a list of empty objects', `{"email":[${listed(size, () => '{}')}]}`],
    ['nested lists', `{"email":${fill('[', size / 2)}${fill(']', size / 2)}}`],
    ['nested objects', `${fill('{"a":', size / 6)}1${fill('}', size / 6)}`],
    ['a broken end', `${fill('[', size)}`],
    ['a long number', `{"email":${fill('1', size)}}`],
    ['a long key', `{"${fill('k', size)}":1}`],
    ...texts.map((text): [string, string] => [
      `long texts of ${JSON.stringify(text)}`,
      JSON.stringify(Object.fromEntries(fields.map((name) => [name, fill(text, size / 10)]))),
    ]),
    ...texts.map((text): [string, string] => [
      `an address with a long domain of ${JSON.stringify(text)}`,
      JSON.stringify({ email: `a@${fill(text, size / 3)}.example` }),
    ]),
  ];
}

function formBodies(size: number): [string, string][] {
  return [
    ['many fields', listed(size, (index) => `k${index}=1`).replaceAll(',', '&')],
    ['one field many times', fill('email=a&', size)],
    ['only separators', fill('&', size)],
    ['half escapes', `email=${fill('%', size)}`],
    ['escapes', `email=${fill('%61', size)}`],
    ['pluses', `email=${fill('+', size)}`],
    ['long texts', `email=${fill('a', size / 2)}&code=${fill('9', size / 2)}`],
  ];
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

function bodies(): [string, InjectOptions][] {
  return sizes.flatMap((size) => [
    ...jsonBodies(size).map(([what, payload]): [string, InjectOptions] => [what, { payload, headers: json }]),
    ...formBodies(size).map(([what, payload]): [string, InjectOptions] => [what, { payload, headers: form }]),
    ['an unknown type', { payload: fill('x', size), headers: { 'content-type': 'text/xml' } }],
    [
      'a signature of many parts',
      { payload: fill('x', size), headers: { ...json, 'stripe-signature': fill('v1=0,', head) } },
    ],
  ]);
}

function heads(): [string, InjectOptions][] {
  const many = (name: string, value: string): [string, InjectOptions] => [
    `a long ${name} of ${value.slice(0, 8)}`,
    { headers: { accept: 'text/html', [name]: value.slice(0, head) } },
  ];
  return [
    many('cookie', fill('a=b;', head)),
    many('cookie', `tf_session=${fill('a', head)}`),
    many('cookie', `tf_ref=${fill('a.', head)}`),
    many('cookie', `tf_pending=${fill('%41', head)}`),
    many('cookie', `tf_device=${fill('=', head)}`),
    many('accept-language', fill('de-AT;q=0.1,', head)),
    many('accept-language', fill(';q=', head)),
    many('accept-language', fill(' ', head)),
    many('accept', fill('text/html;q=0.1,', head)),
    many('user-agent', fill('Mozilla/5.0 (', head)),
    many('user-agent', fill('bo', head)),
    many('authorization', `Bearer ${fill('a', head)}`),
    many('authorization', `Bearer${fill(' ', head)}`),
    many('origin', `http://${fill('a.', head)}`),
    many('if-match', fill('"1",', head)),
    many('idempotency-key', fill('a', head)),
    many('traceparent', fill('00-', head)),
    many('x-forwarded-for', fill('1.1.1.1,', head)),
    many('x-forwarded-for', fill('10.0.0.1,', head)),
    many('x-forwarded-for', fill(',', head)),
    many('x-forwarded-host', fill('a,', head)),
    many('x-forwarded-proto', fill('https,', head)),
    many('content-type', fill('a/b;', head)),
  ];
}

/** A route's address with a long code for each parameter, and with long queries. */
function addresses(url: string): [string, string][] {
  const withCode = (code: string) => url.replace(/01890000-0000-7000-8000-000000000000/g, code);
  const queries = ['ref', 'next', 'invited', 'limit', 'cursor', 'utm_source', 'query'];
  return [
    ['a long code', withCode(fill('A', 290))],
    ['a code of dashes', withCode(fill('-', 290))],
    ['a code of escapes', withCode(fill('%20', 290))],
    ['a code that is far too long', withCode(fill('A', head))],
    ['many fields in the query', `${url}?${fill('a=b&', head)}`],
    ['escapes in the query', `${url}?next=${fill('%2F', head)}`],
    ...queries.map((name): [string, string] => [`a long ${name}`, `${url}?${name}=${fill('/a', head)}`]),
    ['one field of the query many times', `${url}?${fill('ref=a&', head)}`],
    ['brackets in the query', `${url}?${fill('a[b]=', head)}`],
    ['an unknown path', `${url}/${fill('x/', head)}`],
    ['an unknown path of escapes', `${url}/${fill('%2e%2e/', head)}`],
  ];
}

/**
 * The least CPU of one request in ten tries: a garbage collection and a busy machine only ever add
 * to it. Of the main thread alone: the collector's and the compiler's own threads may work through
 * all ten.
 */
async function costOf(request: InjectOptions): Promise<number> {
  let best = Infinity;
  for (let chance = 0; chance < 10 && best > mostMs; chance++) {
    const before = process.threadCpuUsage();
    const answer = await world.app.inject(request);
    const { user, system } = process.threadCpuUsage(before);
    if (answer.statusCode >= 500 && answer.statusCode !== 502) return Infinity;
    // an answer may be no amplifier either
    const isStaticFile = /^\/(assets\/|api\/openapi\.json|api\/docs\/)/.test(String(request.url));
    if (answer.body.length > 100_000 && !isStaticFile) return Infinity;
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/**
 * What a request may cost: more only while this machine takes longer than that to hash and decode
 * as many bytes ten times.
 */
function allowedMs({ payload }: InjectOptions): number {
  const bytes = Buffer.from(typeof payload === 'string' ? payload : '');
  let best = Infinity;
  for (let chance = 0; chance < 10; chance++) {
    const before = process.threadCpuUsage();
    for (let time = 0; time < 10; time++) createHash('sha256').update(bytes.toString('utf8')).digest();
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return Math.max(mostMs, best);
}

async function findExpensive(requests: [string, InjectOptions][]): Promise<string[]> {
  const found: string[] = [];
  for (const [what, request] of requests) {
    const ms = await costOf(request);
    if (ms > mostMs && ms > allowedMs(request))
      found.push(`${request.method ?? 'GET'} ${String(request.url).slice(0, 80)} with ${what}: ${ms} ms`);
  }
  return found;
}

const methodOf = ({ method }: LiveRoute) => method as 'GET';

it('no body costs more than 50 ms of CPU, whatever its size, shape and route', async () => {
  const changes = liveRoutes(world).filter(({ method }) =>
    ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method),
  );
  expect(changes.length).toBeGreaterThan(50);
  const shapes = bodies();
  const found: string[] = [];
  for (const [index, route] of changes.entries()) {
    // what is parsed before anybody is known is the same for all; the routes open to anonymous
    // visitors try every shape
    const isOpen = /^\/(login|verify|language|unsubscribe|webhooks|api\/v1\/auth)/.test(route.url);
    const tried = isOpen ? shapes : shapes.filter((_, at) => at % 10 === index % 10);
    found.push(
      ...(await findExpensive(
        tried.map(([what, request]) => [what, { ...request, method: methodOf(route), url: route.url }]),
      )),
    );
  }
  expect(found).toEqual([]);
});

it('no header, path or query costs more than 50 ms of CPU', async () => {
  const reads = liveRoutes(world).filter(({ method }) => method === 'GET');
  expect(reads.length).toBeGreaterThan(50);
  const found: string[] = [];
  for (const route of [...reads, { method: 'GET', url: '/nothing' }])
    found.push(
      ...(await findExpensive([
        ...heads().map(([what, request]): [string, InjectOptions] => [what, { ...request, url: route.url }]),
        ...addresses(route.url).map(([what, url]): [string, InjectOptions] => [
          what,
          { url, headers: { accept: 'text/html' } },
        ]),
      ])),
    );
  expect(found).toEqual([]);
});

it('a body of 60,000 keys is refused within milliseconds, and one of 1,000 with at most 20 errors', async () => {
  const keys = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
  const ask = (payload: object) =>
    world.app.inject({ method: 'POST', url: '/api/v1/auth/challenges', payload });
  const many = await ask(keys(60_000));
  expect([many.statusCode, many.json()]).toEqual([
    413,
    expect.objectContaining({ code: 'request.too_large', detail: expect.stringMatching(/64 KiB/) }),
  ]);
  const some = await ask(keys(1_000));
  expect(some.statusCode).toBe(422);
  expect(some.json<{ errors: unknown[] }>().errors).toHaveLength(20);
  expect(some.body.length).toBeLessThan(3_000);
  const more = await ask(keys(1_001));
  expect([more.statusCode, more.json()]).toEqual([
    422,
    expect.objectContaining({ detail: expect.stringMatching(/at most 1000 fields/) }),
  ]);
});
