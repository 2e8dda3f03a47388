import { reversalStatuses } from '../../src/billing/index.js';
import { translations } from '../../src/platform/i18n/translations.js';

/** A language whose every message stands in brackets: what is outside of them is not translated. */
export const pseudoLocale = 'en-XA';

/**
 * Adds {@link pseudoLocale} to the languages of this process, as a file in locales/ would. Answers
 * what takes it away again: other files are tested in this process, too.
 */
export function addPseudoLocale(): () => void {
  const messages = Reflect.get(translations, 'messagesByLocale') as Map<string, ReadonlyMap<string, string>>;
  const english = [...(messages.get('en') ?? [])];
  messages.set(pseudoLocale, new Map(english.map(([key, text]) => [key, `⟦${text}⟧`])));
  return () => void messages.delete(pseudoLocale);
}

/** A text of a page, and where it stands. */
interface PageText {
  place: string;
  text: string;
}

const shownAttributes = /\s(title|aria-label|placeholder|alt|label|content|data-[a-z-]*)="([^"]*)"/g;

/**
 * What a page shows: its texts and those of its attributes. Without code, times, and what is marked
 * as another language.
 */
function textsOf(html: string): PageText[] {
  const shown = html
    .replace(/<(script|style|code|pre|time)\b[^>]*>[\s\S]*?<\/\1>/g, ' ')
    .replace(/<(\w+)\b[^>]*(?<!<html)\slang="[^"]*"[^>]*>[^<]*<\/\1>/g, ' ')
    .replace(/<select id="timeZone"[\s\S]*?<\/select>/g, ' ');
  const texts = shown.split(/<[^>]*>/).map((text) => ({ place: 'text', text }));
  const attributes = [...shown.matchAll(shownAttributes)]
    .filter(([, name = '']) => !unseenAttributes.has(name))
    .map(([, place = '', text = '']) => ({ place, text }));
  return [...texts, ...attributes];
}

const unseenAttributes = new Set([
  ...['data-tone', 'data-shade', 'data-copy', 'data-samples', 'data-base-url', 'data-variable'],
  ...['data-default', 'content', 'data-passkey', 'data-field', 'data-options', 'data-problem'],
]);

/** What is left of a text without what stands in brackets. */
function outsideBrackets(text: string): string {
  let depth = 0;
  let left = '';
  for (const character of text) {
    if (character === '⟦') depth++;
    else if (character === '⟧') depth--;
    else if (depth === 0) left += character;
  }
  return left;
}

const data = [
  /\S+@\S+/g,
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
  /^\s*(EUR|USD|JPY)\s*$/g, // currencies, in front of a field
  /\b(cus|sub|in|evt|price)_\w+/g,
  /\b[a-z]+(\.[a-z_]+)+\b/g, // types of events
  /\b[A-Z][a-z]{2} (\d{1,2}, )?\d{4}(, \d{1,2}:\d{2}\s[AP]M)?/g, // dates, which the locale writes
  /&#?\w+;/g,
];

/**
 * The words of a page that bypass the translations. `typed` are what people and programs wrote, and
 * names.
 */
export function untranslatedWords(html: string, typed: readonly string[]): string[] {
  const texts = textsOf(html).flatMap(({ place, text }) => {
    const words = [...typed, ...data].reduce<string>(
      (rest, own) => rest.replaceAll(own, ' '),
      outsideBrackets(text),
    );
    return /\p{L}{2}/u.test(words) ? [`${place}: ${words.trim().replace(/\s+/g, ' ')}`] : [];
  });
  return [...texts, ...rawStatuses(html)];
}

const statusWords = new Set([
  ...reversalStatuses.map(({ status }) => status),
  ...['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete'],
  ...['granted', 'held', 'suspended', 'reversed', 'refund_window'],
]);

/** A status is for people, also where it looks like code. */
function rawStatuses(html: string): string[] {
  return [...html.matchAll(/<code\b[^>]*>([^<]*)<\/code>/g)]
    .map(([, code = '']) => code.trim())
    .filter((code) => statusWords.has(code))
    .map((code) => `status: ${code}`);
}
