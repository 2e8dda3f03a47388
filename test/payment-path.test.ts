import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const docs = resolve(import.meta.dirname, '../docs');
const text = readFileSync(resolve(docs, 'architecture.md'), 'utf8');
const maxFiles = 20;

/** A numbered line of a list: a file, and the methods or events that it is entered by. */
interface Step {
  number: number;
  file: string;
  names: string[];
}

describe.each([['payment'], ['refund']])('the path of a %s', (path) => {
  const steps = stepsOf(path);

  it(`names at most ${maxFiles} files, each once and in order`, () => {
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.length).toBeLessThanOrEqual(maxFiles);
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
    expect(new Set(steps.map(({ file }) => file)).size).toBe(steps.length);
  });

  it.each(steps.map((step, index): [string, number] => [step.file.replace(/.*\/src\//, ''), index]))(
    'reaches %s from a file above it',
    (_, index) => {
      expect(problemOf(steps, index)).toBeNull();
    },
  );
});

it('a step that nothing above it leads to is found', () => {
  const [first, ...rest] = stepsOf('payment');
  const skipped = rest.findIndex(({ file }) => file.endsWith('/payment.service.ts'));
  const path = [first, ...rest.filter((_, index) => index !== skipped)].filter((step) => step !== undefined);
  const problems = path.map((_, index) => problemOf(path, index)).filter((problem) => problem !== null);
  expect(problems.join('\n')).toContain('referral.service.ts is not imported');
  const renamed = stepsOf('payment').map((step) => ({ ...step, names: ['applyLater'] }));
  expect(problemOf(renamed, 1)).toContain('does not name applyLater');
});

it('every file that the document links exists', () => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(maxFiles);
  expect(links.filter((link) => !existsSync(resolve(docs, link)))).toEqual([]);
});

/** The numbered lines that follow a mark in the document. */
function stepsOf(path: string): Step[] {
  const [, after = ''] = text.split(`<!-- path: ${path} -->`);
  const [list = ''] = after.split('\n#');
  return [...list.matchAll(/^(\d+)\. \[[^\]]+\]\(([^)]+)\)((?: `[^`]+`)+): \S/gm)].map(
    ([, number, link = '', names = '']) => ({
      number: Number(number),
      file: resolve(docs, link),
      names: names.split('`').filter((name) => name.trim() !== ''),
    }),
  );
}

/** Why nothing above a step leads to it; null when something does. */
function problemOf(steps: readonly Step[], index: number): string | null {
  const step = steps[index];
  if (step === undefined || !existsSync(step.file)) return 'there is no such file';
  const source = readFileSync(step.file, 'utf8');
  const unknown = step.names.find((name) => !namesIt(source, name));
  if (unknown !== undefined) return `${step.file} does not name ${unknown}`;
  if (index === 0) return null;
  const above = steps.slice(0, index).map(({ file }) => ({ file, source: readFileSync(file, 'utf8') }));
  const isEvent = (name: string) => name.includes('.');
  const callers = step.names.every(isEvent) ? above : above.filter(({ file }) => imports(file, step.file));
  if (callers.length === 0) return `${step.file} is not imported by a file above it`;
  const uncalled = step.names.find((name) => !callers.some((caller) => namesIt(caller.source, name)));
  return uncalled === undefined ? null : `no file above ${step.file} calls ${uncalled}`;
}

/**
 * Whether a source contains an event's name as a string, or a method's or a function's as a word of
 * code.
 */
function namesIt(source: string, name: string): boolean {
  if (name.includes('.')) return source.includes(`'${name}'`);
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|^import[^;]*;/gm, '');
  return new RegExp(`\\b${name}\\b`).test(code);
}

/** Whether `from` imports something of `to`: directly, or through the index of a module. */
function imports(from: string, to: string): boolean {
  return importsOf(from).some(({ target, names }) => {
    if (target === to) return true;
    if (!target.endsWith('/index.ts')) return false;
    return importsOf(target).some(
      (exported) => exported.target === to && exported.names.some((name) => names.includes(name)),
    );
  });
}

/** What a file imports or exports of others, by file. */
function importsOf(file: string): { target: string; names: string[] }[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/^(?:import|export) (?:type )?\{([^}]*)\} from '(\.[^']+)\.js';/gm)].map(
    ([, names = '', path = '']) => ({
      target: resolve(dirname(file), `${path}.ts`),
      names: names.split(',').map((name) => name.replace(/^\s*type /, '').trim()),
    }),
  );
}
