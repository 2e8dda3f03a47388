import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { version } from '../src/platform/version.js';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

it('the release is the newest that the changelog reports, and has a day', () => {
  const [newest] = [...read('CHANGELOG.md').matchAll(/^## \[(\d[^\]]*)\](.*)$/gm)];
  expect(newest?.[1]).toBe(version);
  expect(newest?.[2]).toMatch(/^ - \d{4}-\d\d-\d\d$/);
});

it('the lock file is of the same release', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  expect([lock.version, lock.packages['']?.version]).toEqual([version, version]);
});
