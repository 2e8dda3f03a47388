import { createHash } from 'node:crypto';
import { getBrand } from '../brand.js';
import type { BrandLogo } from '../config/brand-logo.js';
import type { Asset } from './assets.js';
import { brandStyleSheet } from './brand-colours.js';

const styleSheets = new Map<string, Asset>();

/** The files that the brand brings, by name: `brand.css` and `logo`, where they are set. */
export function findBrandAsset(name: string): Asset | BrandLogo | undefined {
  const { brandColour, brandLogo } = getBrand();
  if (name === 'logo') return brandLogo ?? undefined;
  if (name === 'brand.css' && brandColour !== null) return styleSheetOf(brandColour);
  return undefined;
}

/** Where pages load a file of the brand from; null where it is not set. */
export function brandAssetUrl(name: 'brand.css' | 'logo'): string | null {
  const asset = findBrandAsset(name);
  return asset === undefined ? null : `/assets/${name}?v=${asset.hash}`;
}

function styleSheetOf(colour: string): Asset {
  const known = styleSheets.get(colour);
  if (known !== undefined) return known;
  const body = brandStyleSheet(colour);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
  const asset = { type: 'text/css; charset=utf-8', body, hash };
  styleSheets.set(colour, asset);
  return asset;
}
