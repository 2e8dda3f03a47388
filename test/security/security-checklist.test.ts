import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const fileAt = (path: string) => new URL(path, root);
const linesOf = (page: string) => readFileSync(fileAt(page), 'utf8').split('\n');

/** A line without a test stands for nothing unless it says why. */
const exceptionPattern = /_?(Does not apply|Left to the operator|Not met)_?: .{15,}/;
const filePattern = /`((?:test|src|docs|bench)\/[\w./-]+\.(?:tsx?|md|mjs))`/g;

function filesNamedIn(line: string): string[] {
  return [...line.matchAll(filePattern)].map(([, path = '']) => path);
}

describe('docs/security.md', () => {
  const lines = linesOf('docs/security.md').filter((line) => /^- V\d/.test(line));

  it('goes through all chapters of the standard', () => {
    const chapters = new Set(lines.map((line) => /^- V(\d+)/.exec(line)?.[1]));
    expect(chapters.size).toBe(17);
    expect(lines.length).toBeGreaterThan(100);
  });

  it.each(lines)('%s', (line) => {
    for (const path of filesNamedIn(line)) expect([path, existsSync(fileAt(path))]).toEqual([path, true]);
    expect(filesNamedIn(line).length > 0 || exceptionPattern.test(line)).toBe(true);
  });
});

describe('docs/threat-model.md', () => {
  const rows = linesOf('docs/threat-model.md').filter(
    (line) => line.startsWith('| ') && !/^\| (attack|-)/.test(line),
  );

  it.each(rows.filter((row) => row.split('|').length === 5))('%s', (row) => {
    for (const path of filesNamedIn(row)) expect([path, existsSync(fileAt(path))]).toEqual([path, true]);
    expect(filesNamedIn(row).length > 0 || exceptionPattern.test(row)).toBe(true);
  });

  it('names its attacks', () => expect(rows.length).toBeGreaterThan(20));
});
