import { afterAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { readTranslations, Translations } from './translations.js';

const catalogue = readTranslations(new URL('../../../locales/', import.meta.url));
const english = catalogue.get('en') ?? new Map<string, string>();

interface Element {
  type: number;
  value?: string;
  options?: Record<string, { value: Element[] }>;
}

/** Text, the sign of a plural, and tags: what is not filled in. */
const fixed = [0, 7, 8];

/** The names that a message is filled with. */
function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  const visit = (elements: Element[]) => {
    for (const { type, value, options } of elements) {
      if (!fixed.includes(type) && value !== undefined) names.add(value);
      for (const option of Object.values(options ?? {})) visit(option.value);
    }
  };
  visit(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

describe.each([...catalogue].map(([locale, messages]) => ({ locale, messages })))(
  'the messages of $locale',
  ({ locale, messages }) => {
    it('all languages have the keys of English, each with the same placeholders', () => {
      expect([...messages.keys()].sort()).toEqual([...english.keys()].sort());
      for (const [key, message] of messages)
        expect({ key, filledWith: argumentsOf(message) }).toEqual({
          key,
          filledWith: argumentsOf(english.get(key) ?? ''),
        });
    });

    it('every sentence is translated', () => {
      if (locale === 'en') return;
      const copied = [...messages].filter(
        ([key, message]) => message.length > 20 && message.includes(' ') && message === english.get(key),
      );
      expect(copied).toEqual([]);
    });
  },
);

const folder = mkdtempSync(join(tmpdir(), 'twofold-locales-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('one more file is one more language, and what it lacks is said in English', () => {
  writeFileSync(join(folder, 'en.json'), '{ "hello": { "you": "Hello, {name}" }, "bye": "Bye" }');
  writeFileSync(join(folder, 'fr.json'), '{ "hello": { "you": "Bonjour {name}" } }');
  const book = new Translations(readTranslations(pathToFileURL(`${folder}/`)));
  expect(book.forLocale('fr-CA')('hello.you', { name: 'Anna' })).toBe('Bonjour Anna');
  expect(book.forLocale('fr')('bye')).toBe('Bye');
  expect(book.forLocale('xx').locale).toBe('en');
  expect(book.forLocale('fr')('nobody.knows')).toBe('nobody.knows');
});
