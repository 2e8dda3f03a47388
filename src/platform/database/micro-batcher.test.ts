import { afterEach, expect, it, vi } from 'vitest';
import { MicroBatcher } from './micro-batcher.js';

// a batch is late by this clock, which stands still until a test moves it
const at = (ms: number) => vi.spyOn(performance, 'now').mockReturnValue(ms);
afterEach(() => void vi.restoreAllMocks());

it('calls during a running batch go with the next one, all together', async () => {
  at(0);
  const batches: number[][] = [];
  const [isOnItsWay, isAnswered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const doubled = new MicroBatcher(async (items: number[]) => {
    batches.push(items);
    isOnItsWay.resolve();
    await isAnswered.promise;
    return items.map((item) => item * 2);
  });
  const first = doubled.submit(1);
  await isOnItsWay.promise;
  const all = Promise.all([first, doubled.submit(2), doubled.submit(3)]);
  isAnswered.resolve();
  expect(await all).toEqual([2, 4, 6]);
  expect(batches).toEqual([[1], [2, 3]]);
});

it('a call does not wait for ever behind one that hangs', async () => {
  at(0);
  const batches: string[][] = [];
  const isOnItsWay = Promise.withResolvers<void>();
  const lost = new MicroBatcher((items: string[]) => {
    batches.push(items);
    isOnItsWay.resolve();
    return items.includes('hangs') ? new Promise<string[]>(() => undefined) : Promise.resolve(items);
  });
  void lost.submit('hangs');
  await isOnItsWay.promise;
  at(1_001);
  expect(await lost.submit('behind it')).toBe('behind it');
  expect(batches).toEqual([['hangs'], ['behind it']]);
});

it('a failure is reported to its whole batch, and the next one continues', async () => {
  const failing = new MicroBatcher((items: string[]) =>
    items.includes('bad') ? Promise.reject(new Error('refused')) : Promise.resolve(items),
  );
  const answers = await Promise.allSettled([failing.submit('good'), failing.submit('bad')]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await failing.submit('good')).toBe('good');
});
