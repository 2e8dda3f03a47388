import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Linter } from 'eslint';

interface WordCheck {
  findingsOf(file: string, text: string): string[];
}

const { findingsOf } = (await import(new URL('../lint/check-words.mjs', import.meta.url).href)) as WordCheck;
const { plainWords } = (await import(new URL('../lint/plain-words.mjs', import.meta.url).href)) as {
  plainWords: object;
};

const lint = (code: string) =>
  new Linter()
    .verify(code, {
      plugins: { 'plain-words': plainWords },
      rules: {
        'plain-words/names': 'error',
        'plain-words/prose': 'error',
        'plain-words/comment-width': 'error',
      },
    } as never)
    .map(({ message }) => message);

it.each([
  [
    'a comment',
    '/** Tells who asked. */\nexport const a = 1;',
    'Old word "Tells": write say, show, report, email.',
  ],
  [
    'a message',
    "throw new Error('Nobody has that code');",
    'Old word "Nobody": write no user, no caller, unknown.',
  ],
  ['a name', 'const caseFile = 1;', 'Old word "case file": write referral state.'],
  ['a parameter', 'function send(teller) { return teller; }', 'Old word "teller": write narrator.'],
])('ESLint refuses an old word in %s', (_place, code, message) => {
  expect(lint(code)).toEqual([message]);
});

it.each([
  [100, []],
  [101, ['Wrap comments at 100 columns.']],
])('ESLint on a comment of %d columns', (columns, messages) => {
  const wide = `// ${'x '.repeat(60)}`.slice(0, columns - 1) + 'x';
  expect(lint(`const email = 1;\n${wide}`)).toEqual(messages);
});

it('ESLint accepts standard terms, and old words with another meaning', () => {
  expect(
    lint(
      "/** Three letters and digits. `nobody` is a system user. */\nconst email = 'two letters and digits';",
    ),
  ).toEqual([]);
});

it.each([
  [
    'a document',
    'docs/a.md',
    'Ask whoever runs it.\n',
    'docs/a.md:1: "whoever": write the user who, the caller that',
  ],
  [
    'a translation',
    'locales/en.json',
    '{ "a": { "b": "Answer this letter" } }',
    'locales/en.json: b: "letter": write email',
  ],
  [
    'a comment in SQL',
    'a.sql',
    '-- whoever pays\nSELECT 1;',
    'a.sql:1: "whoever": write the user who, the caller that',
  ],
  [
    'a name in SQL',
    'a.sql',
    'SELECT 1;\nCREATE TABLE case_file ();',
    'a.sql:2: "case file": write referral state',
  ],
])('the word check refuses an old word in %s', (_place, file, text, finding) => {
  expect(findingsOf(file, text)).toEqual([finding]);
});

it('the word check ignores code in documents', () => {
  expect(findingsOf('docs/a.md', 'Run `tell`:\n\n```sh\ntell nobody\n```\n\n[Open](letter.md)\n')).toEqual(
    [],
  );
});

it('npm run check runs the word check', () => {
  expect(readFileSync(new URL('../bin/check', import.meta.url), 'utf8')).toContain(
    'node lint/check-words.mjs',
  );
});
