import { expect, it } from '@jest/globals';
import { Batches } from './batches.js';

it('whoever comes while a batch is on its way goes with the next, all together', async () => {
  const batches: number[][] = [];
  const doubled = new Batches(async (items: number[]) => {
    batches.push(items);
    await new Promise((resume) => setTimeout(resume, 20));
    return items.map((item) => item * 2);
  });
  const first = doubled.add(1);
  await new Promise((resume) => setTimeout(resume, 5));
  expect(await Promise.all([first, doubled.add(2), doubled.add(3)])).toEqual([2, 4, 6]);
  expect(batches).toEqual([[1], [2, 3]]);
});

it('nobody waits for ever behind one that hangs', async () => {
  const batches: string[][] = [];
  const lost = new Batches((items: string[]) => {
    batches.push(items);
    return items.includes('hangs') ? new Promise<string[]>(() => undefined) : Promise.resolve(items);
  });
  void lost.add('hangs');
  await new Promise((resume) => setTimeout(resume, 5));
  expect(await lost.add('behind it')).toBe('behind it');
  expect(batches).toEqual([['hangs'], ['behind it']]);
});

it('what fails is told to all of its batch, and the next go on', async () => {
  const failing = new Batches((items: string[]) =>
    items.includes('bad') ? Promise.reject(new Error('refused')) : Promise.resolve(items),
  );
  const answers = await Promise.allSettled([failing.add('good'), failing.add('bad')]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await failing.add('good')).toBe('good');
});
