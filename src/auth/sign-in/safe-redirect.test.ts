import { expect, it } from 'vitest';
import { safeRedirect } from './safe-redirect.js';

it.each(['/', '/settings', '/settings?invited=ABCD2345#referral'])('goes on to %s', (path) =>
  expect(safeRedirect(path)).toBe(path),
);

it.each([
  undefined,
  null,
  '',
  'settings',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
])('does not go on to %p', (path) => expect(safeRedirect(path)).toBeNull());
