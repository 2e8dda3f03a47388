import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodeAliases } from '../../src/referral/index.js';
import { bearer, type Person } from '../support/given.js';
import { until } from '../support/until.js';
import { createWorld, type World } from '../support/world.js';

describe('the codes of another tool', () => {
  let world: World;
  let anna: Person;
  const aliases = () => world.app.get(CodeAliases, { strict: false });
  const assign = (alias: string, person: Person) =>
    world.database.transaction(async (tx) =>
      (await aliases().assign(tx, [{ alias, userId: person.id }])).get(alias),
    );
  beforeAll(async () => {
    world = await createWorld();
    anna = await world.given.user();
    await world.given.referralCodeOf(anna);
    for (const alias of ['Anna.B_1', 'ünï/友達?x', '+1 2&3', '🎁'.repeat(100)]) await assign(alias, anna);
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const page = (url: string) => world.app.inject({ url, headers: { accept: 'text/html' } });
  /** The invitation that a browser keeps; the cookie is signed, not sealed. */
  const cookieOf = ({ headers }: { headers: Record<string, unknown> }) => {
    const [, payload = ''] = /^tf_ref=([^.;]*)/.exec(String(headers['set-cookie'] ?? '')) ?? [];
    return Buffer.from(payload, 'base64url').toString('utf8');
  };
  const chooseCode = (person: Person, code: string) =>
    world.app.inject({
      method: 'PUT',
      url: '/api/v1/referral/code',
      headers: bearer(person),
      payload: { code },
    });

  it.each(['Anna.B_1', 'ünï/友達?x', '+1 2&3', '🎁'.repeat(100)])(
    'work in every link, whatever they are made of: %s',
    async (alias) => {
      const code = await world.given.referralCodeOf(anna);
      const encoded = encodeURIComponent(alias);
      for (const path of ['/', '/pricing', '/login'])
        for (const parameter of ['ref', 'via', 'fpr'])
          expect(cookieOf(await page(`${path}?${parameter}=${encoded}`))).toContain(code);
      const short = await page(`/r/${encoded}?via=other&utm_source=news`);
      expect(short.statusCode).toBe(200);
      expect(cookieOf(short)).toContain(code);
      const friend = await world.given.user({ ref: alias });
      expect(
        await world.see.count('referral.referral WHERE referred_id = $1 AND referrer_id = $2', [
          friend.id,
          anna.id,
        ]),
      ).toBe(1);
    },
  );

  it('count exactly as they are written, and for good', async () => {
    for (const other of ['anna.b_1', 'ANNA.B_1', 'AnnaB1', 'Anna.B_1x'])
      expect(cookieOf(await page(`/login?ref=${other}`))).toBe('');
    expect((await chooseCode(anna, 'ANNA-NEW')).statusCode).toBe(200);
    expect(cookieOf(await page('/login?ref=Anna.B_1'))).toContain('ANNA-NEW');
  });

  it('come behind the codes that were made here, and are never taken by one', async () => {
    const bert = await world.given.user();
    const code = await world.given.referralCodeOf(bert);
    expect(await assign(code, anna)).toBe('taken');
    expect(await assign(code.toLowerCase(), anna)).toBe('taken');
    expect(await assign('ANNA-new', bert)).toBe('taken');
    expect((await chooseCode(bert, 'ANNA-B-1')).statusCode).toBe(409);
    expect(await assign('Anna.B_1', bert)).toBe('taken');
    expect(await assign('Anna.B_1', anna)).toBe('known');
  });

  it('go to one of two people who want one at the same moment, as a code or as an alias', async () => {
    for (let round = 0; round < 5; round++) {
      const [bert, carl, dora] = [
        await world.given.user(),
        await world.given.user(),
        await world.given.user(),
      ];
      const name = `race-${round}-x`;
      const [one, two, chosen] = await Promise.all([
        assign(name, bert),
        assign(name, carl),
        chooseCode(dora, name),
      ]);
      const winners = [one === 'added', two === 'added', chosen.statusCode === 200].filter(Boolean);
      expect(winners).toEqual([true]);
    }
  });

  it('are not taken by a code that a person chooses while the alias is being written', async () => {
    const [bert, carl] = [await world.given.user(), await world.given.user()];
    const chosen = await world.database.transaction(async (tx) => {
      await aliases().assign(tx, [{ alias: 'half.written', userId: bert.id }]);
      const answer = chooseCode(carl, 'HALF-WRITTEN').then(({ statusCode }) => statusCode);
      const waits = until(async () => (await world.see.count('pg_locks WHERE NOT granted')) > 0);
      await Promise.race([answer, waits]);
      return { answer };
    });
    expect(await chosen.answer).toBe(409);
  });

  it('stop while staff block the code of their owner', async () => {
    const emil = await world.given.user();
    await assign('emil.old', emil);
    const code = await world.given.referralCodeOf(emil);
    expect(cookieOf(await page('/login?via=emil.old'))).toContain(code);
    await world.sql.query(`UPDATE referral.code SET blocked_at = now() WHERE code = $1`, [code]);
    expect(cookieOf(await page('/login?via=emil.old'))).toBe('');
  });
});
