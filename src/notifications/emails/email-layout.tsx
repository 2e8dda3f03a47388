import { renderToString } from '#jsx/jsx-runtime';
import { getBrand } from '../../platform/brand.js';
import { brandAssetUrl } from '../../platform/ui/brand-assets.js';
import { accentsOf } from '../../platform/ui/brand-colours.js';

/** Twofold's own colour, as in tokens.css. */
const ownColour = '#0b6250';
/** Mail readers know no style sheets, so these repeat the colours of tokens.css. */
const light = { page: '#faf7f1', card: '#ffffff', ink: '#1d1f1c', quiet: '#5b5f57', edge: '#e2dccf' };
const dark = { page: '#131614', card: '#1b1f1c', ink: '#ebebe4', quiet: '#a8ada3', edge: '#323833' };

/** What an email says. A paragraph that is just `code` stands out. */
export interface EmailBody {
  locale: string;
  subject: string;
  paragraphs: readonly string[];
  code: string | null;
  footer: string | null;
}

/**
 * An email as its HTML part: logo or name, the text, one button where the last paragraph ends with
 * a link, and the footer. All style stands on the elements; the style sheet only makes it dark, for
 * mail readers that can.
 */
export function renderHtml({ locale, subject, paragraphs, code, footer }: EmailBody): string {
  const accents = accentsOf(getBrand().brandColour ?? ownColour, 'light');
  const action = actionOf(paragraphs.at(-1) ?? '');
  const texts = action === null ? paragraphs : paragraphs.slice(0, -1);
  return `<!doctype html>${renderToString(
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <title>{subject}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{darkStyles()}</style>
      </head>
      <body
        class="page"
        style={`margin: 0; padding: 24px 12px; background: ${light.page}; color: ${light.ink}; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; overflow-wrap: anywhere`}
      >
        <div role="main" style="max-width: 560px; margin: 0 auto">
          <Heading />
          <div
            class="card"
            style={`background: ${light.card}; border: 1px solid ${light.edge}; border-top: 4px solid ${accents['--accent']}; border-radius: 8px; padding: 8px 24px 16px`}
          >
            {texts.map((text) =>
              text === code ? (
                <p style="font: bold 32px/1.2 monospace; letter-spacing: 6px">{text}</p>
              ) : (
                <p>{linkify(text)}</p>
              ),
            )}
            {action === null ? null : (
              <p>
                <a
                  class="button"
                  href={action.url}
                  style={`display: inline-block; padding: 12px 20px; border-radius: 8px; background: ${accents['--accent']}; color: ${accents['--on-accent']}; font-weight: bold; text-decoration: none`}
                >
                  {action.label}
                </a>
              </p>
            )}
          </div>
          {footer === null ? null : (
            <p class="quiet" style={`padding: 0 24px; font-size: 14px; color: ${light.quiet}`}>
              {linkify(footer)}
            </p>
          )}
        </div>
      </body>
    </html>,
  )}`;
}

/** The logo, where mail readers show its format, else the name of the product. */
function Heading() {
  const { productName, brandLogo, baseUrl } = getBrand();
  const isShown = brandLogo !== null && ['image/png', 'image/jpeg'].includes(brandLogo.type);
  return (
    <h1
      class="quiet"
      style={`margin: 0 0 12px; padding: 0 24px; font-size: 16px; line-height: 1.5; color: ${light.quiet}`}
    >
      {isShown ? (
        <img
          src={`${baseUrl}${brandAssetUrl('logo')}`}
          alt={productName}
          height={32}
          style="height: 32px; width: auto; border: 0"
        />
      ) : (
        productName
      )}
    </h1>
  );
}

/** The button that a paragraph asks for, such as "See your credit: https://…"; null for another. */
function actionOf(paragraph: string): { label: string; url: string } | null {
  const [, label, url] = /^([^.!?]+): (https?:\/\/\S+)$/.exec(paragraph) ?? [];
  return label === undefined || url === undefined ? null : { label, url };
}

function darkStyles(): string {
  const accents = accentsOf(getBrand().brandColour ?? ownColour, 'dark');
  return `:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: ${dark.page} !important; color: ${dark.ink} !important; }
  .card { background: ${dark.card} !important; border-color: ${dark.edge} !important; border-top-color: ${accents['--accent']} !important; }
  .quiet { color: ${dark.quiet} !important; }
  .button { background: ${accents['--accent']} !important; color: ${accents['--on-accent']} !important; }
  .link { color: ${accents['--accent']} !important; }
}`;
}

/** Our own URLs become links; everything else is text. */
function linkify(text: string) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) =>
    index % 2 === 1 ? (
      <a class="link" href={part}>
        {part}
      </a>
    ) : (
      part
    ),
  );
}
