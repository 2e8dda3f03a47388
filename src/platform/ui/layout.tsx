import type { Children } from '#jsx/jsx-runtime';
import { getBrand } from '../brand.js';
import { translations } from '../i18n/translations.js';
import { assetUrls } from './assets.js';
import { brandAssetUrl } from './brand-assets.js';
import { safeHref } from './safe-href.js';
import { useTranslate } from './render-page.js';
import { SettingsButton } from './form.js';

/** Who views a page. `label` is how they are named, `csrf` the token of their session's forms. */
export interface Viewer {
  label: string;
  role: 'user' | 'support' | 'admin';
  csrf: string;
}

/**
 * What every page needs. `viewer` is null for an anonymous visitor; `width` is how broad the
 * content may grow. `address` is where GET shows the page with what was typed, for one that may
 * answer a form: a change of language leads there. Null where the page shows what is shown once:
 * the language cannot be changed there.
 */
export interface LayoutProps {
  title: string;
  viewer: Viewer | null;
  width?: 'narrow' | 'text' | 'wide';
  description?: string;
  current?: '/' | '/pricing' | '/invite' | '/settings' | '/login' | '/admin' | '/admin/users';
  head?: Children;
  address?: string | null | undefined;
  children: Children;
}

/** The document around a page: skip link, header, navigation, main, footer. */
export function Layout(props: LayoutProps) {
  const { title, viewer, width = 'text', description, current, head, address, children } = props;
  const t = useTranslate();
  const brandStyles = brandAssetUrl('brand.css');
  return (
    <html lang={t.locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {description ? <meta name="description" content={description} /> : null}
        <title>{`${title} · ${getBrand().productName}`}</title>
        <link rel="icon" href={assetUrls.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrls.css} />
        {brandStyles === null ? null : <link rel="stylesheet" href={brandStyles} />}
        <script src={assetUrls.js} defer />
        {head}
      </head>
      <body>
        <a class="skip" href="#main">
          {t('layout.skip')}
        </a>
        <Header viewer={viewer} current={current} />
        <main id="main" class={`main main-${width}`} tabindex={-1}>
          {children}
        </main>
        <footer class="footer">
          <p>{t('layout.tagline')}</p>
          <ProductLinks />
          <LanguageSwitch viewer={viewer} address={address} />
        </footer>
      </body>
    </html>
  );
}

function Header({ viewer, current }: Pick<LayoutProps, 'viewer' | 'current'>) {
  const t = useTranslate();
  return (
    <header class="header">
      <a class="brand" href="/">
        <BrandMark />
        {getBrand().productName}
      </a>
      <nav aria-label={t('layout.main')} class="nav">
        <NavLink href="/pricing" current={current}>
          {t('layout.pricing')}
        </NavLink>
        {viewer && viewer.role !== 'user' ? (
          <NavLink href="/admin" current={current?.startsWith('/admin') ? '/admin' : current}>
            {t('layout.console')}
          </NavLink>
        ) : null}
        {viewer ? (
          <>
            <NavLink href="/invite" current={current}>
              {t('layout.invite')}
            </NavLink>
            <NavLink href="/settings" current={current}>
              {t('layout.settings')}
            </NavLink>
            <form method="post" action="/logout">
              <input type="hidden" name="_csrf" value={viewer.csrf} />
              <SettingsButton tone="quiet">{t('layout.signOut')}</SettingsButton>
            </form>
          </>
        ) : (
          <NavLink href="/login" current={current}>
            {t('layout.signIn')}
          </NavLink>
        )}
      </nav>
    </header>
  );
}

function NavLink({
  href,
  current,
  children,
}: {
  href: string;
  current: string | undefined;
  children: string;
}) {
  return (
    <a href={href} aria-current={href === current ? 'page' : undefined}>
      {children}
    </a>
  );
}

/**
 * Every language there is, each named in itself; the choice is posted to /language and works for
 * anonymous visitors, too.
 */
function LanguageSwitch({ viewer, address }: Pick<LayoutProps, 'viewer' | 'address'>) {
  const t = useTranslate();
  const { locale } = t;
  const others = translations.locales.filter((own) => own !== locale);
  if (others.length === 0) return null;
  if (address === null) return <p>{t('layout.shownOnce')}</p>;
  return (
    <form method="post" action="/language" class="languages">
      {viewer ? <input type="hidden" name="_csrf" value={viewer.csrf} /> : null}
      {address === undefined ? null : <input type="hidden" name="next" value={address} />}
      {others.map((own) => (
        <button key={own} type="submit" name="locale" value={own} lang={own} class="language">
          {translations.forLocale(own)('language.name')}
        </button>
      ))}
    </form>
  );
}

/** The way back to the product, and to help. */
function ProductLinks() {
  const t = useTranslate();
  const { productUrl, supportEmail } = getBrand();
  const home = productUrl === null ? null : safeHref(productUrl);
  if (home === null && supportEmail === null) return null;
  return (
    <p class="product-links">
      {home === null ? null : <a href={home}>{t('layout.backTo')}</a>}
      {supportEmail === null ? null : (
        <a href={`mailto:${supportEmail}`}>
          {t('layout.help')}: {supportEmail}
        </a>
      )}
    </p>
  );
}

/** The logo; without one, two sheets, one over the other. */
function BrandMark() {
  const logo = brandAssetUrl('logo');
  if (logo !== null) return <img class="brand-logo" src={logo} alt="" height="28" />;
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect class="mark-back" x="3" y="3" width="18" height="18" rx="5" />
      <rect class="mark-front" x="11" y="11" width="18" height="18" rx="5" />
    </svg>
  );
}
