import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A file that pages load: its bytes, its type and a hash of its content. */
export interface Asset {
  type: string;
  body: string | Buffer;
  hash: string;
}

const styleSheets = ['tokens.css', 'base.css', 'controls.css', 'components.css', 'pages.css', 'admin.css'];

/** All files that pages load, by name; read once, when the process starts. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  ['app.css', readAsset('text/css; charset=utf-8', styleSheets)],
  ['app.js', readAsset('text/javascript; charset=utf-8', ['client.js'])],
  ['icon.svg', readAsset('image/svg+xml', ['icon.svg'])],
  ['invitation.png', toAsset('image/png', readFileSync(new URL('invitation.png', import.meta.url)))],
]);

/** Where pages load them from. The hash makes a new content a new address. */
export const assetUrls = {
  css: assetUrl('app.css'),
  js: assetUrl('app.js'),
  icon: assetUrl('icon.svg'),
  /** The picture of any invitation, without words. */
  invitation: assetUrl('invitation.png'),
};

function readAsset(type: string, files: string[]): Asset {
  const body = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
  return toAsset(type, body);
}

function toAsset(type: string, body: Asset['body']): Asset {
  return { type, body, hash: createHash('sha256').update(body).digest('base64url').slice(0, 12) };
}

function assetUrl(name: string): string {
  return `/assets/${name}?v=${assets.get(name)?.hash ?? ''}`;
}
