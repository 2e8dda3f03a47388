import { renderToString, type Children } from '#jsx/jsx-runtime';
import { fallbackLocale, getTranslator, type Translate } from '../i18n/translations.js';

/** Whom a page is shown to: a BCP 47 locale and an IANA time zone. */
export interface ReaderSettings {
  locale: string;
  timeZone: string;
  /** How many of something wait for them, by the section of the navigation that shows it. */
  waiting?: Readonly<Record<string, number>>;
}

/** The reader of the page that is being rendered. Rendering is one synchronous call. */
let pageReader: ReaderSettings = { locale: fallbackLocale, timeZone: 'UTC' };

/**
 * A whole document from its root element, for a reader, or in a language with times in UTC. Text
 * and attributes are escaped by the renderer.
 */
export function renderPage(root: Children, reader: ReaderSettings | string = fallbackLocale): string {
  const outer = pageReader;
  pageReader = typeof reader === 'string' ? { locale: reader, timeZone: 'UTC' } : reader;
  try {
    return `<!doctype html>${renderToString(root)}`;
  } finally {
    pageReader = outer;
  }
}

/** The words of the page's language, for any component of it. */
export function useTranslate(): Translate {
  return getTranslator(pageReader.locale);
}

/** The reader of the page, for what shows times. */
export function usePageReader(): ReaderSettings {
  return { locale: dateLocale(pageReader.locale), timeZone: pageReader.timeZone };
}

/** How many of something wait for the reader of the page, in a section of the navigation. */
export function useWaiting(section: string): number {
  return pageReader.waiting?.[section] ?? 0;
}

/**
 * The locale in which the page writes dates for a reader: theirs where the page is in their
 * language, else that of the page.
 */
export function pageDateLocale(locale: string): string {
  const { locale: pageLocale } = useTranslate();
  return dateLocale(locale.split('-')[0] === pageLocale.split('-')[0] ? locale : pageLocale);
}

/** English without a region writes dates as most of the world does, not as the United States. */
export function dateLocale(locale: string): string {
  return locale === 'en' ? 'en-GB' : locale;
}
