import { expect, it } from 'vitest';
import { canonicalJson } from './idempotency.js';

it('the order of keys does not matter, at any level, and that of a list does', () => {
  expect(canonicalJson({ a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } })).toBe(
    canonicalJson({ b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 }),
  );
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

it('values that differ are not the same', () => {
  const values = [
    null,
    0,
    '0',
    '',
    false,
    [],
    {},
    [0],
    { 0: 0 },
    { a: null },
    { a: 1 },
    { a: '1' },
    { b: 1 },
  ];
  expect(new Set(values.map((value) => canonicalJson(value))).size).toBe(values.length);
});

it('nothing is the same as null, as JSON has it', () => {
  expect(canonicalJson(undefined)).toBe('null');
});
