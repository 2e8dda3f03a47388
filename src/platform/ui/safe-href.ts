const schemes = new Set(['http:', 'https:', 'mailto:']);

/**
 * `href` when it is a path of this site, http(s) or mailto; else null, so that no stored text
 * becomes a script.
 */
export function safeHref(href: string): string | null {
  if (/^\/(?![/\\])/.test(href)) return href;
  return URL.canParse(href) && schemes.has(new URL(href).protocol) ? href : null;
}
