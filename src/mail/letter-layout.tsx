import { renderToString } from 'preact-render-to-string';

/** A letter's paragraphs as its HTML part. Mail readers know no style sheets: what little style there is stands on the elements. */
export function htmlPart(
  paragraphs: readonly string[],
  { locale, code, footer }: { locale: string; code: string | null; footer: string | null },
): string {
  return `<!doctype html>${renderToString(
    <html lang={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <style>{`:root { color-scheme: light dark; }`}</style>
      </head>
      <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 34em; margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere">
        {paragraphs.map((paragraph) =>
          paragraph === code ? (
            <p style="font: bold 32px/1.2 monospace; letter-spacing: 6px">{paragraph}</p>
          ) : (
            <p>{withLinks(paragraph)}</p>
          ),
        )}
        {footer === null ? null : (
          <p style="font-size: 14px; opacity: 0.75; border-top: 1px solid; padding-top: 1em">
            {withLinks(footer)}
          </p>
        )}
      </body>
    </html>,
  )}`;
}

/** Addresses of ours become links; everything else is text. */
function withLinks(text: string) {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 === 1 ? <a href={part}>{part}</a> : part));
}
