import type { ComponentChildren } from 'preact';
import { assetUrls } from './assets.js';
import { useWords } from './use-words.js';
import { SettingsButton } from './settings-button.js';

/** Who looks at a page. `label` is how they are named, `csrf` the token of their session's forms. */
export interface Viewer {
  label: string;
  role: 'user' | 'support' | 'admin';
  csrf: string;
}

/** What every page needs. `viewer` is null for a stranger; `width` is how broad the content may grow. */
export interface LayoutProps {
  title: string;
  viewer: Viewer | null;
  width?: 'narrow' | 'text' | 'wide';
  description?: string;
  current?: '/' | '/pricing' | '/settings' | '/login' | '/admin/users';
  head?: ComponentChildren;
  children: ComponentChildren;
}

/** The document around a page: skip link, header, navigation, main, footer. */
export function Layout({ title, viewer, width = 'text', description, current, head, children }: LayoutProps) {
  const { locale } = useWords();
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {description ? <meta name="description" content={description} /> : null}
        <title>{`${title} · Twofold`}</title>
        <link rel="icon" href={assetUrls.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrls.css} />
        <script src={assetUrls.js} defer />
        {head}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <Header viewer={viewer} current={current} />
        <main id="main" class={`main main-${width}`} tabIndex={-1}>
          {children}
        </main>
        <footer class="footer">
          <p>Twofold: an invitation that pays off for both.</p>
        </footer>
      </body>
    </html>
  );
}

function Header({ viewer, current }: Pick<LayoutProps, 'viewer' | 'current'>) {
  return (
    <header class="header">
      <a class="brand" href="/">
        <BrandMark />
        Twofold
      </a>
      <nav aria-label="Main" class="nav">
        <NavLink href="/pricing" current={current}>
          Pricing
        </NavLink>
        {viewer && viewer.role !== 'user' ? (
          <NavLink href="/admin/users" current={current}>
            Console
          </NavLink>
        ) : null}
        {viewer ? (
          <>
            <NavLink href="/settings" current={current}>
              Settings
            </NavLink>
            <form method="post" action="/logout">
              <input type="hidden" name="_csrf" value={viewer.csrf} />
              <SettingsButton tone="quiet">Sign out</SettingsButton>
            </form>
          </>
        ) : (
          <NavLink href="/login" current={current}>
            Sign in
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

/** Two sheets, one over the other. */
function BrandMark() {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect class="mark-back" x="3" y="3" width="18" height="18" rx="5" />
      <rect class="mark-front" x="11" y="11" width="18" height="18" rx="5" />
    </svg>
  );
}
