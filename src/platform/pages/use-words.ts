import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { fallbackLocale } from '../locale/catalogue.js';
import { wordsIn, type Words } from '../locale/words.js';

/** The language of the page that is being rendered. {@link renderPage} sets it. */
export const PageLocale = createContext(fallbackLocale);

/** The words of the page's language, for any component of it. */
export function useWords(): Words {
  return wordsIn(useContext(PageLocale));
}
