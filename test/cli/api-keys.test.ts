import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCliWorld, type CliWorld } from './cli-world.js';

let cli: CliWorld;
beforeAll(async () => {
  cli = await createCliWorld();
});
afterAll(() => cli.close());

interface CreatedKey {
  key: { id: string; state: string; origins: string[] };
  token: string;
}

const ask = async (token: string) =>
  (
    await cli.app.inject({
      url: '/api/v1/access?externalId=x',
      headers: { authorization: `Bearer ${token}` },
    })
  ).statusCode;
const make = (...words: string[]) =>
  cli.runJson<CreatedKey>('api-keys', 'create', '--name', 'our backend', ...words);

it('an operator makes, lists, replaces and revokes a key', async () => {
  const scopes = ['people:read', 'people:write', 'access:read', 'credit:write'];
  const { json: first } = await make(
    '--scope',
    ...scopes,
    '--origin',
    'https://app.example/',
    '--expires',
    '30',
  );
  expect(first.key).toMatchObject({ state: 'active', scopes, origins: ['https://app.example'] });
  expect(await ask(first.token)).toBe(200);
  const { json: second } = await cli.runJson<CreatedKey>(
    'api-keys',
    'rotate',
    first.key.id,
    '--overlap',
    '0',
  );
  cli.clock.set(new Date());
  expect([await ask(first.token), await ask(second.token)]).toEqual([401, 200]);
  expect((await cli.run('api-keys', 'revoke', second.key.id)).exitCode).toBe(0);
  expect(await ask(second.token)).toBe(401);
  const { stdout } = await cli.run('api-keys', 'list');
  expect(stdout).toContain(`${second.key.id}  revoked  our backend`);
  expect(stdout).toContain(`${first.key.id}  expired  our backend`);
  expect(stdout).not.toContain(first.token);
  const origin = ['--origin', 'https://app.example'];
  await cli.run('api-keys', 'create', '--name', 'page', '--scope', 'people:read', '--limit', '25', ...origin);
  const listed = (await cli.run('api-keys', 'list')).stdout;
  expect(listed).toMatch(
    /page {2}people:read {2}https:\/\/app\.example {2}25 requests a minute, never expires/,
  );
});

it.each([
  ['an unknown scope', ['--scope', 'admin']],
  ['no scope', []],
  ['an origin with a path', ['--scope', 'access:read', '--origin', 'https://app.example/page']],
  ['an origin without TLS', ['--scope', 'access:read', '--origin', 'http://app.example']],
])('%s is wrong usage', async (_what, words) => {
  expect((await cli.run('api-keys', 'create', '--name', 'x', ...words)).exitCode).toBe(2);
});

it('an unknown key is a problem, not a crash', async () => {
  const { exitCode, stderr } = await cli.run('api-keys', 'revoke', '0190a0b0-0000-7000-8000-000000000000');
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('There is no such API key.')]);
});
