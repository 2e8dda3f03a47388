import { expect, it } from 'vitest';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const { translatedText } = (await import(new URL('../lint/translated-text.mjs', import.meta.url).href)) as {
  translatedText: object;
};

const lint = (code: string) =>
  new Linter()
    .verify(code, {
      plugins: { 'translated-text': translatedText },
      rules: { 'translated-text/no-words': ['error', { names: ['WhatsApp'] }] },
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: { ecmaFeatures: { jsx: true } },
      },
    } as never)
    .map(({ message }) => /“(.*)”/.exec(message)?.[1] ?? message);

it.each([
  ['a text', 'const a = <p>See all</p>;', 'See all'],
  ['one word', 'const a = <h1>Users</h1>;', 'Users'],
  ['an attribute', 'const a = <Section title="Audit" />;', 'Audit'],
  ['a label in lower case', 'const a = <nav aria-label="console" />;', 'console'],
  ['an expression', "const a = <p>{ok ? 'None yet' : value}</p>;", 'None yet'],
  ['a template', 'const a = <p>{`Give ${days}`}</p>;', 'Give'],
  ['a column', "const columns = [{ head: 'When', cell }];", 'When'],
  ['a table of texts', "const notices = { granted: 'Days were added.' };", 'Days were added.'],
  ['a script', "button.textContent = 'Copied';", 'Copied'],
])('words of a page outside of the translations are found: %s', (_place, code, words) => {
  expect(lint(code)).toEqual([words]);
});

it.each([
  "const a = <p class='hint block'>{t('console.audit.title')}</p>;",
  'const a = <code>POST /api/v1/people</code>;',
  "const a = <a href={`/admin/users/${id}`} data-tone='good'>→ {name}</a>;",
  "import { a } from './Some Folder/a.js';",
  "const networks = ['WhatsApp'];",
  "document.querySelector('button span');",
])('what is not for people passes: %s', (code) => {
  expect(lint(code)).toEqual([]);
});
