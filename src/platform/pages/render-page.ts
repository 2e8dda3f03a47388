import { h, type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { fallbackLocale } from '../locale/catalogue.js';
import { PageLocale } from './use-words.js';

/** A whole document from its root element, in a language. Text and attributes are escaped by the renderer. */
export function renderPage(root: VNode, locale: string = fallbackLocale): string {
  return `<!doctype html>${renderToString(h(PageLocale.Provider, { value: locale }, root))}`;
}
