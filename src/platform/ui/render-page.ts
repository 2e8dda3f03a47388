import { h, type VNode, createContext } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { fallbackLocale, getTranslator, type Translate } from '../i18n/translations.js';
import { useContext } from 'preact/hooks';

/**
 * A whole document from its root element, in a language. Text and attributes are escaped by the
 * renderer.
 */
export function renderPage(root: VNode, locale: string = fallbackLocale): string {
  return `<!doctype html>${renderToString(h(PageLocale.Provider, { value: locale }, root))}`;
}

/** The language of the page that is being rendered. {@link renderPage} sets it. */
export const PageLocale = createContext(fallbackLocale);

/** The words of the page's language, for any component of it. */
export function useTranslate(): Translate {
  return getTranslator(useContext(PageLocale));
}
