import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { fallbackLocale, translations } from './translations.js';

/** The cookie in which an anonymous visitor's choice is kept. */
export const languageCookie = 'tf_lang';

/**
 * The language to answer a request in. A client with a token says it in the request; a browser
 * sends its own with every page, so there the person's choice comes first: in their account, then
 * in this browser. Else English.
 */
export function requestLocale(request: FastifyRequest): string {
  const { principal, tokenPerson } = request;
  const sent = sentLanguages(request);
  const chosen = [(principal ?? tokenPerson)?.locale, request.cookies?.[languageCookie]];
  const candidates =
    principal?.via === 'bearer' || tokenPerson !== undefined ? [...sent, ...chosen] : [...chosen, ...sent];
  return firstSupported(candidates) ?? fallbackLocale;
}

/**
 * The language of a browser, for any person: the one that was chosen in it, else one that it asks
 * for; null where there are no texts of any.
 */
export function browserLocale(request: FastifyRequest): string | null {
  return firstSupported([request.cookies?.[languageCookie], ...sentLanguages(request)]);
}

function sentLanguages({ headers }: FastifyRequest): string[] {
  // a header that is longer than any browser's is not read to its end
  const header = headers['accept-language']?.slice(0, 200);
  return new Negotiator({ headers: { 'accept-language': header } }).languages();
}

function firstSupported(preferences: (string | undefined)[]): string | null {
  for (const preference of preferences) {
    const known = preference === undefined ? null : translations.supportedLocale(preference);
    if (known !== null) return known;
  }
  return null;
}
