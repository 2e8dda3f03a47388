import { renderToString, type Children } from '#jsx/jsx-runtime';
import { customerTexts, type CustomerTexts } from './customer-texts.js';

/**
 * What every page shows around its content, in English unless `t` says otherwise. `back` leads up
 * to the overview, where a page has one.
 */
export interface PageProps {
  title: string;
  appName: string;
  t?: CustomerTexts;
  children: Children;
  wide?: boolean;
  back?: boolean;
}

/** Renders a whole page. Everything in it is escaped; there is no script. */
export function renderPage(pageProps: PageProps): string {
  return `<!doctype html>${renderToString(<Document {...pageProps} />)}`;
}

function Document({ title, appName, t = customerTexts(), children, wide = false, back = false }: PageProps) {
  return (
    <html lang={t.locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{t('suffix', { title, app: appName })}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/sandbox.css" />
      </head>
      <body>
        <a class="skip" href="#main">
          {t('skip')}
        </a>
        <p class="banner">
          <strong>{t('banner')}</strong> {t('bannerText')}
        </p>
        <main id="main" class={wide ? 'wide' : 'narrow'}>
          {back && (
            <p>
              <a href="/">← {t('overview')}</a>
            </p>
          )}
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}

/** A page that only says something, such as why a request was refused. */
export function messagePage(title: string, text: string, appName: string, t = customerTexts()): string {
  return renderPage({ title, appName, t, back: true, children: <p class="card">{text}</p> });
}

const GOOD_STATUSES = [
  'active',
  'paid',
  'succeeded',
  'delivered',
  'trialing',
  'won',
  'issued',
  'warning_closed',
];
const BAD_STATUSES = [
  ...['past_due', 'unpaid', 'failed', 'dropped', 'open', 'disputed', 'needs_response'],
  ...['warning_needs_response', 'appeal_needs_response', 'lost', 'prevented', 'actionable'],
];

/** A status as a small coloured word, Stripe's unless another is given; the colour only helps. */
export function StatusBadge({ status, word }: { status: string; word?: string }) {
  const tone = GOOD_STATUSES.includes(status) ? 'good' : BAD_STATUSES.includes(status) ? 'bad' : 'plain';
  return <span class={`mark ${tone}`}>{word ?? status.replaceAll('_', ' ')}</span>;
}

const zeroDecimals = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const threeDecimals = 'bhd jod kwd omr tnd'.split(' ');

/** Money for people, with Stripe's decimals. *unit* `amount` in the currency's minor unit */
export function formatMoney(amount: number | null, currency: string | null, locale = 'en-US'): string {
  const code = currency ?? 'usd';
  const decimals = zeroDecimals.includes(code) ? 0 : threeDecimals.includes(code) ? 3 : 2;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: code,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format((amount ?? 0) / 10 ** decimals);
}

/** The locale in which customers read money: English as in the United States. */
export function moneyLocale({ locale }: CustomerTexts): string {
  return locale === 'en' ? 'en-US' : locale;
}

/** The locale in which customers read days. */
export function dayLocale({ locale }: CustomerTexts): string {
  return locale === 'en' ? 'en-GB' : locale;
}

/** A day for people, in UTC. *unit* seconds since 1970 */
export function formatDay(seconds: number, locale = 'en-GB'): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(seconds * 1_000);
}

/** A moment for people, in UTC. *unit* milliseconds since 1970 */
export function formatDateTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
