import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { getBrand } from '../brand.js';

/** The messages of one language by their dotted keys (`settings.title`), in ICU MessageFormat. */
export type Messages = ReadonlyMap<string, string>;

/** The language that every message exists in. */
export const fallbackLocale = 'en';

/**
 * Reads every language of a folder: one JSON file each, named by its BCP 47 tag. Another file is
 * another language.
 */
export function readTranslations(directory: URL): ReadonlyMap<string, Messages> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return new Map(
    files.sort().map((name) => {
      const sections: unknown = JSON.parse(readFileSync(new URL(name, directory), 'utf8'));
      return [name.replace(/\.json$/, ''), new Map(flattenKeys(sections))];
    }),
  );
}

function* flattenKeys(section: unknown, path = ''): Generator<[string, string]> {
  if (typeof section === 'string') yield [path, section];
  else if (typeof section === 'object' && section !== null)
    for (const [name, inner] of Object.entries(section))
      yield* flattenKeys(inner, path === '' ? name : `${path}.${name}`);
}

/** What a message is filled with: text, numbers, moments; always with the name of the `product`. */
export type MessageValues = Readonly<Record<string, string | number | Date | null>>;

/** Says a message in one language. A key that no language has is said as it is. */
export interface Translate {
  (key: string, values?: MessageValues): string;
  /** The language, as a BCP 47 tag. */
  readonly locale: string;
}

/**
 * Words of every language in all translations. A message that a language lacks is said in English.
 */
export class Translations {
  private readonly translators = new Map<string, Translate>();

  constructor(private readonly messagesByLocale: ReadonlyMap<string, Messages>) {}

  /** The languages there are. */
  get locales(): string[] {
    return [...this.messagesByLocale.keys()];
  }

  /** The words of `locale`, of its language without the region, or English ones. */
  forLocale(locale: string): Translate {
    const known = this.translators.get(locale);
    if (known !== undefined) return known;
    const supported = this.supportedLocale(locale) ?? fallbackLocale;
    const words = this.translators.get(supported) ?? this.createTranslator(supported);
    this.translators.set(supported, words);
    return words;
  }

  /** The language of the translations that serves `locale`, or null. */
  supportedLocale(locale: string): string | null {
    const language = locale.split('-')[0] ?? '';
    return [locale, language].find((tag) => this.messagesByLocale.has(tag)) ?? null;
  }

  private createTranslator(locale: string): Translate {
    const formats = new Map<string, IntlMessageFormat | null>();
    const cachedFormat = (key: string): IntlMessageFormat | null => {
      const known = formats.get(key);
      if (known !== undefined) return known;
      const format = this.createFormat(locale, key);
      formats.set(key, format);
      return format;
    };
    const say = (key: string, values?: MessageValues) =>
      String(cachedFormat(key)?.format({ product: getBrand().productName, ...values }) ?? key);
    const constants = new Map<string, string>(); // most have nothing but the product in them
    let product = '';
    const translate = (key: string, values?: MessageValues) => {
      if (values !== undefined) return say(key, values);
      const { productName } = getBrand();
      if (productName !== product) constants.clear();
      product = productName;
      const known = constants.get(key);
      if (known !== undefined) return known;
      const text = say(key);
      constants.set(key, text);
      return text;
    };
    return Object.assign(translate, { locale });
  }

  private createFormat(locale: string, key: string): IntlMessageFormat | null {
    const own = this.messagesByLocale.get(locale)?.get(key);
    const message = own ?? this.messagesByLocale.get(fallbackLocale)?.get(key);
    // what may be markup is the page's business
    const options = { ignoreTag: true };
    return message === undefined
      ? null
      : new IntlMessageFormat(message, own === undefined ? fallbackLocale : locale, undefined, options);
  }
}

const directory = new URL('../../../locales/', import.meta.url);

/** The languages that come with Twofold, and whatever else lies in `locales/`. */
export const translations = new Translations(readTranslations(directory));

/** The words of a language; see {@link Translations.forLocale}. */
export function getTranslator(locale: string): Translate {
  return translations.forLocale(locale);
}
