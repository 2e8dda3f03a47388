import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';

/**
 * Our address for proxies is the socket's; a browser's own header stands left of what the proxies
 * add.
 */
const proxy = '127.0.0.1';
const outerProxy = '198.51.100.9';
const visitor = '203.0.113.7';
const forged = ['192.0.2.1', '192.0.2.1, 192.0.2.2', '127.0.0.1', '10.0.0.1, 127.0.0.1', 'nonsense', ''];

let world: World;
afterEach(() => world.close());

/**
 * Signs a person up over a proxy. Answers what limits and fraud rules have kept of their address.
 */
async function seen(forwardedFor: string | null): Promise<unknown> {
  const { app, given, sql } = world;
  await sql.query(`TRUNCATE platform.rate_limit, referral.signal`);
  const headers = forwardedFor === null ? {} : { 'x-forwarded-for': forwardedFor };
  const email = `${crypto.randomUUID()}@example.org`;
  const asked = await app.inject({
    method: 'POST',
    url: '/api/v1/auth/challenges',
    remoteAddress: proxy,
    headers,
    payload: { email },
  });
  expect(asked.statusCode).toBe(202);
  const limits = await sql.query<{ key: string }>(
    `SELECT key FROM platform.rate_limit WHERE key LIKE '%network%' ORDER BY key`,
  );
  await given.challenge(email);
  const { challengeId, code } = await given.challenge(email);
  const signedIn = await app.inject({
    method: 'POST',
    url: '/api/v1/auth/sessions',
    remoteAddress: proxy,
    headers,
    payload: { challengeId, code },
  });
  expect(signedIn.statusCode).toBe(201);
  const signals = await sql.query<{ hash: string }>(
    `SELECT encode(hash, 'hex') AS hash FROM referral.signal WHERE kind = 'network'`,
  );
  return { limits: limits.rows, signals: signals.rows };
}

/** How each setting reads the chain `proxies` behind which the visitor stands. */
const settings: [trustProxy: string, chain: string[]][] = [
  ['1', [visitor]],
  ['2', [visitor, outerProxy]],
  ['127.0.0.1', [visitor]],
  ['127.0.0.0/8, 198.51.100.0/24', [visitor, outerProxy]],
];

describe('a forged X-Forwarded-For does not change the address that limits and fraud rules see', () => {
  it.each(settings)(
    'a forged X-Forwarded-For does not change the address that limits and fraud rules see with TRUST_PROXY=%s',
    async (trustProxy, chain) => {
      world = await createWorld({ trustProxy });
      const right = await seen(chain.join(', '));
      expect(right).toMatchObject({ limits: [{}], signals: [{}] });
      for (const entry of forged)
        expect([entry, await seen([entry, ...chain].join(', '))]).toEqual([entry, right]);
      // but what a trusted proxy says counts
      expect(await seen([...chain.slice(1), '192.0.2.77'].toReversed().join(', '))).not.toEqual(right);
    },
  );

  it('a forged X-Forwarded-For does not change the address that limits and fraud rules see with TRUST_PROXY unset, no forwarded address counts', async () => {
    world = await createWorld({ trustProxy: null });
    const right = await seen(null);
    for (const entry of [visitor, ...forged]) expect([entry, await seen(entry)]).toEqual([entry, right]);
  });
});
