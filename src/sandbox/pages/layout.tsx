import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';

/** What every page shows around its content. `back` leads up to the overview, where a page has one. */
export interface Frame {
  title: string;
  appName: string;
  children: ComponentChildren;
  wide?: boolean;
  back?: boolean;
}

/** Renders a whole page. Everything in it is escaped; there is no script. */
export function page(frame: Frame): string {
  return `<!doctype html>${render(<Document {...frame} />)}`;
}

function Document({ title, appName, children, wide = false, back = false }: Frame) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · ${appName} sandbox`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/sandbox.css" />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <p class="banner">
          <strong>Sandbox:</strong> no real money; never compared with Stripe itself
        </p>
        <main id="main" class={wide ? 'wide' : 'narrow'}>
          {back && (
            <p>
              <a href="/">← Overview</a>
            </p>
          )}
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}
