import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { termsFormFields } from '../src/admin/terms/terms-form.js';
import { createEventHandlers, eventRouting, type HandlerServices } from '../src/event-handlers.js';
import { translations } from '../src/platform/i18n/translations.js';
import { termsFields } from '../src/referral/terms/terms-fields.js';
import { toTerms, type TermsRow } from '../src/referral/terms/terms.js';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');
const guide = read('docs/where-to-change.md');

describe('the guide to changes', () => {
  it('every file that it links exists', () => {
    const links = [...guide.matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter((link) => !existsSync(resolve(root, 'docs', link)))).toEqual([]);
  });

  it('every name in code that it gives is in a file that its section links', () => {
    const missing = guide.split('\n## ').flatMap((section) => {
      const sources = [...section.matchAll(/\]\((\.\.\/(?:src|locales)\/[^)]+)\)/g)].map(([, link = '']) =>
        read(resolve(root, 'docs', link)),
      );
      const names = [...section.matchAll(/`([a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)`/g)].map(
        ([, name = '']) => name,
      );
      return names.filter((name) => !sources.some((source) => source.includes(name)));
    });
    expect(missing).toEqual([]);
  });
});

describe('terms of the programme', () => {
  it('the fields that people read are all fields of terms', () => {
    const fields = Object.keys(toTerms({} as TermsRow)).filter((name) => name !== 'version');
    expect([...termsFields].sort()).toEqual(fields.sort());
  });

  it('each field has a place in the editor, in the API and in the programme’s document', () => {
    const documented = [...read('docs/programme.md').matchAll(/^\| (`.*?`) +\|/gm)].join();
    const dto = read('src/admin/terms/terms.dto.ts');
    for (const field of termsFields) {
      expect(termsFormFields.map((name) => name.split('.')[0])).toContain(field);
      expect(documented).toContain(`\`${field}\``);
      expect(dto).toContain(`  ${field}?:`);
    }
  });

  it.each(translations.locales)('each field has a label, an input and a hint in %s', (locale) => {
    const t = translations.forLocale(locale);
    const keys = [
      ...termsFields.map((field) => `terms.field.${field}`),
      ...termsFormFields.flatMap((field) => [`terms.input.${field}`, `terms.hint.${field}`]),
    ];
    expect(keys.filter((key) => t(key) === key)).toEqual([]);
  });
});

describe('events and tasks', () => {
  const source = read('src/event-handlers.ts');
  const [, eventMap = ''] = /interface EventMap \{([^}]*)\}/.exec(source) ?? [];
  const events = [...eventMap.matchAll(/'([\w.]+)'/g)].map(([, name = '']) => name);

  it('each event has a handler', () => {
    expect(events.length).toBeGreaterThan(10);
    expect(events.filter((name) => eventRouting.handlersFor(name).length === 0)).toEqual([]);
  });

  it('each event that a module declares is in the map of events, and no other is', () => {
    const files = readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' });
    const declared = files
      .filter((file) => file.endsWith('.events.ts'))
      .flatMap((file) => [...read(`src/${file}`).matchAll(/^ {2}name: (.*);$/gm)])
      .flatMap(([, names = '']) => [...names.matchAll(/'([\w.]+)'/g)].map(([, name = '']) => name));
    expect(declared.sort()).toEqual([...events].sort());
  });

  it('each scheduled task is in the table of the operations guide, and no other is', () => {
    const [, section = ''] = read('docs/operations.md').split('\n## Scheduled tasks\n');
    const [table = ''] = section.split('\n## ');
    const documented = [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, name = '']) => name);
    const { tasks } = createEventHandlers({} as HandlerServices);
    expect(documented.sort()).toEqual(Object.keys(tasks).sort());
  });
});
