import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A file that pages load: its bytes, its type and a hash of its content. */
export interface Asset {
  type: string;
  body: string;
  hash: string;
}

const sheets = ['tokens.css', 'base.css', 'controls.css', 'parts.css', 'pages.css', 'console.css'];

/** All files that pages load, by name; read once, when the process starts. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  ['app.css', asset('text/css; charset=utf-8', sheets)],
  ['app.js', asset('text/javascript; charset=utf-8', ['client.js'])],
  ['icon.svg', asset('image/svg+xml', ['icon.svg'])],
]);

/** Where pages load them from. The hash makes a new content a new address. */
export const assetUrls = { css: urlOf('app.css'), js: urlOf('app.js'), icon: urlOf('icon.svg') };

function asset(type: string, files: string[]): Asset {
  const body = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
  return { type, body, hash: createHash('sha256').update(body).digest('base64url').slice(0, 12) };
}

function urlOf(name: string): string {
  return `/assets/${name}?v=${assets.get(name)?.hash ?? ''}`;
}
