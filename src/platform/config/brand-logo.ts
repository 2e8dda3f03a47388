import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** The picture that stands for the product. */
export interface BrandLogo {
  type: string;
  body: Buffer;
  hash: string;
}

const types: Record<string, string> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
};
const maxBytes = 256 * 1024;

/** Reads a logo; answers what is wrong with it in words. */
export function readLogo(path: string): BrandLogo | string {
  const type = types[extname(path).toLowerCase()];
  if (type === undefined) return 'a file that ends with .svg, .png, .webp or .jpg';
  try {
    const body = readFileSync(path);
    if (body.length > maxBytes) return 'a file of at most 256 KiB';
    return { type, body, hash: createHash('sha256').update(body).digest('base64url').slice(0, 12) };
  } catch (error) {
    return `a file that can be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
}
