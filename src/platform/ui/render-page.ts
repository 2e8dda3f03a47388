import { renderToString, type Children } from '#jsx/jsx-runtime';
import { fallbackLocale, getTranslator, type Translate } from '../i18n/translations.js';

/** The language of the page that is being rendered. Rendering is one synchronous call. */
let pageLocale = fallbackLocale;

/**
 * A whole document from its root element, in a language. Text and attributes are escaped by the
 * renderer.
 */
export function renderPage(root: Children, locale: string = fallbackLocale): string {
  const outer = pageLocale;
  pageLocale = locale;
  try {
    return `<!doctype html>${renderToString(root)}`;
  } finally {
    pageLocale = outer;
  }
}

/** The words of the page's language, for any component of it. */
export function useTranslate(): Translate {
  return getTranslator(pageLocale);
}
