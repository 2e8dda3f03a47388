import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
// @ts-expect-error: a script, which has no types
import { sourceDigest } from '../../bin/source-digest.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'twofold-build-'));
  for (const folder of ['bin', 'locales', 'src/part']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of [
    'nest-cli.json',
    'package-lock.json',
    'tsconfig.json',
    'bin/build-widget.mjs',
    'locales/en.json',
    'src/part/one.ts',
  ])
    writeFileSync(join(root, file), 'before');
});
afterEach(() => rmSync(root, { recursive: true }));

it.each([
  ['a source that changes', 'src/part/one.ts', true],
  ['a source that is added', 'src/part/two.css', true],
  ['a text, which the widget has in it', 'locales/en.json', true],
  ['the settings of the compiler', 'tsconfig.json', true],
  ['another version of a library', 'package-lock.json', true],
  ['a test, which is not compiled', 'src/part/one.test.ts', false],
])('the build notices %s', (_what, file, isNoticed) => {
  const before = sourceDigest(root);
  writeFileSync(join(root, file), 'after!');
  expect(sourceDigest(root) !== before).toBe(isNoticed);
});

it('the build notices a source that is removed', () => {
  const before = sourceDigest(root);
  rmSync(join(root, 'src/part/one.ts'));
  expect(sourceDigest(root)).not.toBe(before);
});

it('a build of the same files compiles nothing', () => {
  const project = resolve(import.meta.dirname, '../..');
  const compiledAt = () => statSync(join(project, 'dist/main.js')).mtimeMs;
  const before = compiledAt();
  execFileSync(process.execPath, [join(project, 'bin/build.mjs')]);
  expect(compiledAt()).toBe(before);
});
