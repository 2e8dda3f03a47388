import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getPool } from '../../src/platform/database/data-source.js';
import { DataSource } from 'typeorm';
import { createWorld, type World } from '../support/world.js';

/** An answer does not reveal, nor from the work behind it, whether an address has an account. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The statements that a request brings about, without their values. */
async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const pool = getPool(world.app.get(DataSource, { strict: false }));
  const clients: { query: (...given: unknown[]) => unknown }[] = [];
  const seen: string[] = [];
  const record = (given: unknown): void => {
    const text = typeof given === 'string' ? given : String((given as { text?: string } | null)?.text);
    seen.push(text.replaceAll(/\s+/g, ' ').trim());
  };
  const connect = (client: (typeof clients)[number]): void => {
    const own = client.query.bind(client);
    client.query = (...given) => {
      record(given[0]);
      return own(...given);
    };
    clients.push(client);
  };
  pool.on('acquire', connect as never);
  try {
    await work();
  } finally {
    pool.off('acquire', connect as never);
    for (const client of clients) delete (client as { query?: unknown }).query;
  }
  return [...new Set(seen)].sort();
}

const requestCode = (email: string, ref?: string) =>
  world.app.inject({
    method: 'POST',
    url: '/api/v1/auth/challenges',
    payload: ref === undefined ? { email } : { email, ref },
  });
const requestCodeByPage = (email: string) =>
  world.app.inject({
    method: 'POST',
    url: '/login',
    headers: {
      origin: 'http://twofold.test',
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
    },
    payload: new URLSearchParams({ email }).toString(),
  });

const responseShape = ({ statusCode, headers, body }: Awaited<ReturnType<typeof requestCode>>) => ({
  statusCode,
  headers: Object.keys(headers).sort(),
  length: body.length,
  fields: body.startsWith('{') ? Object.keys(JSON.parse(body) as object).sort() : [],
});

describe('asking for a code', () => {
  it.each([
    ['in the API', requestCode],
    ['on the page', requestCodeByPage],
  ])(
    '%s answers the same and does the same work for a known address, an unknown and an erased one',
    async (_where, askFor) => {
      const [known, erased] = [await world.given.user(), await world.given.user()];
      await world.sql.query(`UPDATE auth."user" SET email = NULL, erased_at = now() WHERE id = $1`, [
        erased.id,
      ]);
      await askFor('warm-up@example.org'); // the first of all fills what later ones find
      const outcomes = [];
      for (const email of [known.email, `${'f'.repeat(12)}@example.org`, erased.email]) {
        let answer: Awaited<ReturnType<typeof requestCode>> | undefined;
        const statements = await recordStatements(async () => (answer = await askFor(email)));
        outcomes.push({ statements, shape: answer && responseShape(answer) });
      }
      expect(outcomes[0]?.statements.join()).toContain('INSERT INTO auth.challenge');
      expect(outcomes[1]).toEqual(outcomes[0]);
      expect(outcomes[2]).toEqual(outcomes[0]);
    },
  );

  it('asking for a code mails both, so that not even the mail system shows', async () => {
    const known = await world.given.user();
    const before = await world.see.count('notifications.captured_email');
    await requestCode(known.email);
    await requestCode('stranger@example.org');
    await world.runHandlers();
    expect(await world.see.count('notifications.captured_email')).toBe(before + 2);
  });
});

it('a wrong code is answered the same for a known address and an unknown one', async () => {
  const known = await world.given.user();
  const told = [];
  for (const email of [known.email, 'nobody-yet@example.org']) {
    const { challengeId, code } = await world.given.challenge(email);
    const wrong = code === '000000' ? '000001' : '000000';
    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/v1/auth/sessions',
      payload: { challengeId, code: wrong },
    });
    told.push([answer.statusCode, { ...answer.json<object>(), requestId: '' }]);
  }
  expect(told[1]).toEqual(told[0]);
});
