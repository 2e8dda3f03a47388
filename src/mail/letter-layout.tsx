import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { LetterContent } from './letter.js';

/** A letter of a few plain paragraphs. */
export function plainLetter(subject: string, lines: string[]): LetterContent {
  return {
    subject,
    text: paragraphs(...lines),
    html: htmlDocument(
      <>
        {lines.map((line) => (
          <p>{line}</p>
        ))}
      </>,
    ),
  };
}

/** The text part: its paragraphs, a blank line apart. */
export function paragraphs(...lines: string[]): string {
  return `${lines.join('\n\n')}\n`;
}

/** The HTML part. Mail readers know no style sheets: what little style there is stands on the elements. */
export function htmlDocument(children: ComponentChildren): string {
  return `<!doctype html>${renderToString(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
      </head>
      <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 34em; margin: 2em auto; padding: 0 1em">
        {children}
      </body>
    </html>,
  )}`;
}
