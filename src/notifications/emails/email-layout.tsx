import { renderToString } from '#jsx/jsx-runtime';
import { getBrand } from '../../platform/brand.js';
import { brandAssetUrl } from '../../platform/ui/brand-assets.js';
import { accentsOf } from '../../platform/ui/brand-colours.js';

/** Twofold's own colour, as in tokens.css. */
const ownColour = '#0b6250';
/** Mail readers know no style sheets, so these repeat the colours of tokens.css. */
const light = { page: '#faf7f1', card: '#ffffff', ink: '#1d1f1c', quiet: '#5b5f57', edge: '#e2dccf' };
const dark = { page: '#131614', card: '#1b1f1c', ink: '#ebebe4', quiet: '#a8ada3', edge: '#323833' };

/** A link, and what it says. */
interface Link {
  label: string;
  url: string;
}

/** A line under an email. */
export interface FooterLine {
  text: string;
  link?: Link;
}

/** What an email says. A paragraph that is just `code` stands out. */
export interface EmailBody {
  locale: string;
  subject: string;
  paragraphs: readonly string[];
  code: string | null;
  button: Link;
  footer: readonly FooterLine[];
}

/**
 * An email as its HTML part: logo or name, the text, one button, and the footer. Paragraphs are
 * text: an address that a name contains is no link. All style stands on the elements; the style
 * sheet only makes it dark, for mail readers that can.
 */
export function renderHtml({ locale, subject, paragraphs, code, button, footer }: EmailBody): string {
  const accents = accentsOf(getBrand().brandColour ?? ownColour, 'light');
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
            {paragraphs.map((text) => (
              <p {...(text === code ? { style: 'font: bold 32px/1.2 monospace; letter-spacing: 6px' } : {})}>
                {text}
              </p>
            ))}
            <p>
              <a
                class="button"
                href={button.url}
                style={`display: inline-block; padding: 12px 20px; border-radius: 8px; background: ${accents['--accent']}; color: ${accents['--on-accent']}; font-weight: bold; text-decoration: none`}
              >
                {button.label}
              </a>
            </p>
          </div>
          {footer.map(({ text, link }) => (
            <p class="quiet" style={`margin: 8px 0; padding: 0 24px; font-size: 14px; color: ${light.quiet}`}>
              {text}{' '}
              {link === undefined ? null : (
                <a class="link" href={link.url} style={`color: ${accents['--accent']}`}>
                  {link.label}
                </a>
              )}
            </p>
          ))}
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
