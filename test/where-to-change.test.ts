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

  it('every name in code that a step gives is declared in a file that the step links', () => {
    expect(guide.split('\n## ').flatMap(undeclaredNames)).toEqual([]);
  });

  it('a name that a linked file only uses is found, and one that another step links', () => {
    const entity = '[e](../src/referral/fraud/signal.entity.ts)';
    const rules = '[r](../src/referral/fraud/rule-evaluation.ts)';
    expect(undeclaredNames(`1. ${entity}: \`SignalKind\`.\n2. ${rules}: \`fraudRules\`.`)).toEqual([]);
    expect(undeclaredNames(`1. ${entity}: nothing.\n2. ${rules}: \`SignalKind\`.`)).toEqual(['SignalKind']);
  });

  it('every constraint that it names is in the migrations', () => {
    const migrations = readdirSync(resolve(root, 'migrations')).filter((file) => file.endsWith('.sql'));
    const sql = migrations.map((file) => read(`migrations/${file}`)).join('');
    const constraints = [...guide.matchAll(/constraint\s`(\w+)`/g)].map(([, name = '']) => name);
    expect(constraints.length).toBeGreaterThan(1);
    expect(constraints.filter((name) => !sql.includes(`CONSTRAINT ${name}`))).toEqual([]);
  });
});

/**
 * The names in code of a section that no file declares which the same step links. A paragraph
 * without a link, and what is checked, may name what any step of the section links.
 */
function undeclaredNames(section: string): string[] {
  return section.split(/\n(?=\d+\. |\n)/).flatMap((step) => {
    const isStep = /^\d+\. /.test(step);
    const own = step.trimStart().startsWith('Checked:') ? [] : linkedSources(step);
    const candidates = own.length > 0 || isStep ? own : linkedSources(section);
    const names = [...step.matchAll(/`([a-z]+[A-Z]\w*|[A-Z]+[a-z]\w*)`/g)].map(([, name = '']) => name);
    return names.filter((name) => !candidates.some((source) => declares(source, name)));
  });
}

function linkedSources(text: string): string[] {
  return [...text.matchAll(/\]\((\.\.\/(?:src|test)\/[^)#]+)\)/g)].map(([, link = '']) =>
    read(resolve(root, 'docs', link)),
  );
}

/** Whether a source declares a constant, function, type or method of this name. */
function declares(source: string, name: string): boolean {
  const topLevel = `^(?:export )?(?:abstract )?(?:const|function|class|interface|type) ${name}\\b`;
  const method = `^ {2}(?:(?:private|static|async) )*${name}\\(`;
  return new RegExp(`${topLevel}|${method}`, 'm').test(source);
}

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
