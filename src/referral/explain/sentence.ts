import type { MessageValues, Translate } from '../../platform/i18n/translations.js';
import { formatMoney, type Money } from '../../platform/money.js';

/** A sentence: a key of the translations, and what it is filled with. */
export interface Sentence {
  key: string;
  values?: Readonly<Record<string, MessageValues[string] | Money>>;
}

/** Who reads sentences: their language, and how they write a day; without that, as in UTC. */
export interface SentenceReader {
  t: Translate;
  formatDate?: (at: Date) => string;
}

/** A sentence in the words of its reader. */
export function sentenceText(
  { t, formatDate = (at) => utcDate(t, at) }: SentenceReader,
  { key, values }: Sentence,
): string {
  if (values === undefined) return t(key);
  const written = Object.entries(values).map(([name, value]): [string, MessageValues[string]] => {
    if (value instanceof Date) return [name, formatDate(value)];
    return [name, typeof value === 'object' && value !== null ? formatMoney(value, t.locale) : value];
  });
  return t(key, Object.fromEntries(written));
}

function utcDate({ locale }: Translate, at: Date): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}
