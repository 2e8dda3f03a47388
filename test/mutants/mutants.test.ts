import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Mutant {
  name: string;
  killer: [file: string, test: string];
  edits: [file: string, from: string | RegExp, to: string][];
}

it('every mutant finds the guard that it takes out, and its test', async () => {
  const { href } = new URL('mutants.mjs', import.meta.url);
  const { mutants } = (await import(href)) as { mutants: Mutant[] };
  const missing = mutants.flatMap(({ name, killer: [file], edits }) => {
    const texts = edits.map(([source, from]) => ({ from, text: readFileSync(join(root, source), 'utf8') }));
    const isThere = texts.every(({ from, text }) =>
      typeof from === 'string' ? text.includes(from) : from.test(text),
    );
    return isThere && readFileSync(join(root, file), 'utf8') !== '' ? [] : [name];
  });
  expect(missing).toEqual([]);
});
