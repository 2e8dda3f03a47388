import { IntlMessageFormat } from 'intl-messageformat';
import { fallbackLocale, readCatalogue, type Messages } from './catalogue.js';

/** What a message is filled with: text, figures, moments. */
export type Values = Readonly<Record<string, string | number | Date | null>>;

/** Says a message of the catalogue in one language. A key that no language has is said as it is. */
export interface Words {
  (key: string, values?: Values): string;
  /** The language, as a BCP 47 tag. */
  readonly locale: string;
}

/** Words of every language in a catalogue. A message that a language lacks is said in English. */
export class WordBook {
  private readonly books = new Map<string, Words>();

  constructor(private readonly catalogue: ReadonlyMap<string, Messages>) {}

  /** The languages there are. */
  get locales(): string[] {
    return [...this.catalogue.keys()];
  }

  /** The words of `locale`, of its language without the region, or English ones. */
  in(locale: string): Words {
    const known = this.knownOf(locale) ?? fallbackLocale;
    const words = this.books.get(known) ?? this.wordsOf(known);
    this.books.set(known, words);
    return words;
  }

  /** The language of the catalogue that serves `locale`, or null. */
  knownOf(locale: string): string | null {
    const language = locale.split('-')[0] ?? '';
    return [locale, language].find((tag) => this.catalogue.has(tag)) ?? null;
  }

  private wordsOf(locale: string): Words {
    const formats = new Map<string, IntlMessageFormat | null>();
    const formatOf = (key: string): IntlMessageFormat | null => {
      const known = formats.get(key);
      if (known !== undefined) return known;
      const format = this.formatOf(locale, key);
      formats.set(key, format);
      return format;
    };
    const say = (key: string, values?: Values) => String(formatOf(key)?.format(values) ?? key);
    return Object.assign(say, { locale });
  }

  private formatOf(locale: string, key: string): IntlMessageFormat | null {
    const own = this.catalogue.get(locale)?.get(key);
    const message = own ?? this.catalogue.get(fallbackLocale)?.get(key);
    // what may be markup is the page's business
    const options = { ignoreTag: true };
    return message === undefined
      ? null
      : new IntlMessageFormat(message, own === undefined ? fallbackLocale : locale, undefined, options);
  }
}

const directory = new URL('../../../locales/', import.meta.url);

/** The languages that come with Twofold, and whatever else lies in `locales/`. */
export const wordBook = new WordBook(readCatalogue(directory));

/** The words of a language; see {@link WordBook.in}. */
export function wordsIn(locale: string): Words {
  return wordBook.in(locale);
}
