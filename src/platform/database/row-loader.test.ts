import { expect, it } from 'vitest';
import { RowLoader } from './row-loader.js';

it('all lookups of one turn are one call with each key once, and nothing is kept for the next', async () => {
  const calls: string[][] = [];
  const loader = new RowLoader((keys) => {
    calls.push(keys);
    return Promise.resolve(new Map(keys.filter((key) => key !== 'c').map((key) => [key, key.toUpperCase()])));
  });
  const answers = await Promise.all([loader.load('a'), loader.load('b'), loader.load('a'), loader.load('c')]);
  expect(answers).toEqual(['A', 'B', 'A', null]);
  expect(await loader.load('a')).toBe('A');
  expect(calls).toEqual([['a', 'b', 'c'], ['a']]);
});

it('an error reaches all who wait for that call, and no later caller', async () => {
  let isDown = true;
  const loader = new RowLoader<string>(async (keys) => {
    if (isDown) throw new Error('down');
    return new Map(keys.map((key) => [key, key]));
  });
  const results = await Promise.allSettled([loader.load('a'), loader.load('b')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isDown = false;
  expect(await loader.load('a')).toBe('a');
});
