import { QueryFailedError } from 'typeorm';
import { expect, it } from 'vitest';
import { toDomainError } from './problem-document.js';

it('a repository that cannot reach the database answers that Twofold is unavailable', () => {
  const shutDown = Object.assign(new Error('terminating connection'), { code: '57P01' });
  expect(toDomainError(new QueryFailedError('SELECT 1', [], shutDown)).code).toBe('platform.unavailable');
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(toDomainError(refused).code).toBe('platform.unavailable');
});

it('any other error that is not the caller’s is internal', () => {
  const wrongStatement = Object.assign(new Error('syntax error'), { code: '42601' });
  expect(toDomainError(new QueryFailedError('SELEC 1', [], wrongStatement)).code).toBe('platform.internal');
  expect(toDomainError(new TypeError('x is undefined')).code).toBe('platform.internal');
});
