import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { requestLocale } from './request-locale.js';

it.each([
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['de-AT, en;q=0.8', 'de'],
  ['de;q=0.4, en;q=0.5', 'en'],
  ['xx, de;q=0.1', 'de'],
  ['de;q=0', 'en'],
  ['xx;q=abc,de', 'de'],
  [';;;,,"', 'en'],
  [`${'xx,'.repeat(70)}de`, 'en'],
])('the header %j asks for %s', (header, locale) => {
  const request = { headers: { 'accept-language': header } } as FastifyRequest;
  expect(requestLocale(request)).toBe(locale);
});

it('a browser’s choice comes before its header, a client with a token says it in the header', () => {
  const request = (via: 'cookie' | 'bearer') =>
    ({
      headers: { 'accept-language': 'en' },
      cookies: {},
      principal: { via, locale: 'de' },
    }) as unknown as FastifyRequest;
  expect(requestLocale(request('cookie'))).toBe('de');
  expect(requestLocale(request('bearer'))).toBe('en');
});
