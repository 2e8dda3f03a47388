import { expect, it } from 'vitest';
import { firstIdFrom, idPattern, isId, newId } from './ids.js';

const at = (ms: number) => ({ now: () => new Date(ms) });

it('ids of one moment are all different, however many', () => {
  const ids = Array.from({ length: 2_000 }, () => newId(at(0)));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(idPattern);
});

it('what chance gives an id is not what it gave one before', () => {
  const tails = Array.from({ length: 2_000 }, (_, ms) => newId(at(ms)).slice(-12));
  expect(new Set(tails).size).toBe(tails.length);
});

it('a later moment sorts behind an earlier one', () => {
  const ids = Array.from({ length: 300 }, (_, ms) => newId(at(ms)));
  expect([...ids].sort()).toEqual(ids);
});

it.each(['', 'x', 7, null, '00000000-0000-0000-0000-00000000000'])('%p is no id', (text) => {
  expect(isId(text)).toBe(false);
});

it('the first id from a moment on comes after all ids before it, and before those of it', () => {
  for (const ms of [1, 1_700_000_000_000, 4_000_000_000_000]) {
    const first = firstIdFrom(new Date(ms));
    expect(first).toMatch(idPattern);
    expect(newId(at(ms)) > first).toBe(true);
    expect(newId(at(ms - 1)) < first).toBe(true);
  }
});
