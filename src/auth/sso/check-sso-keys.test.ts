import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inEnglish } from '../../../test/support/in-english.js';
import { loadConfig } from '../../platform/config/config.js';
import { checkSsoKeys } from './check-sso-keys.js';

let answer = '';
let status = 200;
const server = createServer((_, response) => {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(answer);
});
let url: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
});
afterAll(() => server.close());

const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
const check = async (jwksUrl: string) => {
  const findings = await checkSsoKeys({ ...loadConfig({}), ssoJwksUrl: jwksUrl });
  return findings.map(inEnglish).map(({ level, seen }) => `${level}: ${seen}`);
};

it('the keys that can sign links are counted', async () => {
  const unusable = [
    { kty: 'oct', k: 'AQAB' },
    { ...rsa, use: 'enc' },
  ];
  answer = JSON.stringify({ keys: [rsa, { kty: 'EC', use: 'sig' }, ...unusable] });
  expect(await check(url)).toEqual([expect.stringMatching(/^ok: .* publishes 2 keys/)]);
  answer = JSON.stringify({ keys: unusable });
  expect(await check(url)).toEqual([expect.stringMatching(/^problem: .* publishes no key/)]);
});

it.each([
  ['no JSON', 'x', 200],
  ['no key set', '{}', 200],
  ['an error', '{"keys":[]}', 500],
])('%s is a problem', async (_, body, code) => {
  [answer, status] = [body, code];
  expect(await check(url)).toEqual([expect.stringMatching(/^problem: .* does not answer keys/)]);
  status = 200;
});

it('an address that does not answer is a problem, and none is no finding', async () => {
  expect(await check('http://127.0.0.1:1/keys')).toEqual([expect.stringContaining('problem:')]);
  expect(await checkSsoKeys(loadConfig({}))).toEqual([]);
});
