import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const attributes = / (?:href|src)="([^"]*)"/g;
const external = /^(?:https?:|mailto:|data:|\/\/)/;

/**
 * The links of a built site that lead nowhere on it, as `page: link`: no such file, or no such
 * heading in it.
 */
export function deadLinksOf(folder: string, base: string): string[] {
  const files = new Set(globSync('**/*.*', { cwd: folder }));
  const html = new Map(
    [...files].filter((file) => file.endsWith('.html')).map((file) => [file, read(folder, file)]),
  );
  const ids = new Map([...html].map(([file, text]) => [file, new Set(valuesOf(text, / id="([^"]*)"/g))]));
  const isDead = (page: string, link: string): boolean => {
    const { pathname, hash } = new URL(link, `http://site${base}${page}`);
    if (!pathname.startsWith(base)) return true;
    const path = decodeURIComponent(pathname.slice(base.length));
    const file = path === '' || path.endsWith('/') ? posix.join(path, 'index.html') : path;
    if (!files.has(file)) return true;
    return hash !== '' && !ids.get(file)?.has(decodeURIComponent(hash.slice(1)));
  };
  return [...html].flatMap(([page, text]) =>
    [...new Set(valuesOf(text, attributes))]
      .filter((link) => !external.test(link) && isDead(page, link))
      .map((link) => `${page}: ${link}`),
  );
}

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

function valuesOf(text: string, attribute: RegExp): string[] {
  return [...text.matchAll(attribute)].map(([, value = '']) => value.replaceAll('&amp;', '&'));
}
