import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import Negotiator from 'negotiator';

/** Says a text of the pages that customers see, in one language (a BCP 47 tag). */
export interface CustomerTexts {
  (key: string, values?: Record<string, string | number>): string;
  readonly locale: string;
}

const fallbackLocale = 'en';
const directory = new URL('../../../locales/', import.meta.url);

/** The section `sandbox` of every file of translations, by language. */
const sections = new Map<string, unknown>(
  readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const file = JSON.parse(readFileSync(new URL(name, directory), 'utf8')) as { sandbox?: unknown };
      return [name.replace(/\.json$/, ''), file.sandbox];
    }),
);

/** The texts in a language, or in English where it lacks them. */
export function customerTexts(locale: string = fallbackLocale): CustomerTexts {
  const say = (key: string, values: Record<string, string | number> = {}): string => {
    const own = findText(sections.get(locale), key);
    const message = own ?? findText(sections.get(fallbackLocale), key) ?? key;
    const format = new IntlMessageFormat(message, own === null ? fallbackLocale : locale);
    return String(format.format(values));
  };
  return Object.assign(say, { locale });
}

function findText(section: unknown, key: string): string | null {
  const found = key
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], section);
  return typeof found === 'string' ? found : null;
}

/**
 * The language of a visitor: what they chose in the app, whose cookies come along on one machine,
 * or what their browser prefers.
 */
export function visitorLocale(headers: { cookie?: string; 'accept-language'?: string }): string {
  const [, chosen] = /(?:^|;\s*)tf_lang=([\w-]+)/.exec(headers.cookie ?? '') ?? [];
  const sent = new Negotiator({
    headers: { 'accept-language': headers['accept-language']?.slice(0, 200) },
  }).languages();
  const preferred = [chosen ?? '', ...sent].flatMap((tag) => [tag, tag.split('-')[0] ?? '']);
  return preferred.find((tag) => sections.has(tag)) ?? fallbackLocale;
}
