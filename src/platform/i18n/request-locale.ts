import type { FastifyRequest } from 'fastify';
import { fallbackLocale, translations } from './translations.js';

/** The cookie in which an anonymous visitor's choice is kept. */
export const languageCookie = 'tf_lang';

/**
 * The language to answer a request in. A client with a token says it in the request; a browser sends its own with every
 * page, so there the person's choice comes first: in their account, then in this browser. Else English.
 */
export function requestLocale(request: FastifyRequest): string {
  const { principal } = request;
  const sent = parseAcceptLanguage(request.headers['accept-language']);
  const chosen = [principal?.locale, request.cookies?.[languageCookie]];
  const candidates = principal?.via === 'bearer' ? [...sent, ...chosen] : [...chosen, ...sent];
  for (const wish of candidates) {
    const known = wish === undefined ? null : translations.supportedLocale(wish);
    if (known !== null) return known;
  }
  return fallbackLocale;
}

/** The tags of an Accept-Language header, the most wanted first. */
function parseAcceptLanguage(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((wish) => {
      const [tag = '', weight] = wish.trim().split(/\s*;\s*q=/);
      return { tag, weight: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}
