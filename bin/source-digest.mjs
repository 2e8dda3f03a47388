import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Beside src/: what decides about the output of the compiler. */
const settings = ['bin/build-widget.mjs', 'nest-cli.json', 'package-lock.json', 'tsconfig.json'];
/** The widget has texts in it. */
const folders = ['locales', 'src'];

/** A digest of the names and contents of all files that the build of the project in `root` reads. */
export function sourceDigest(root) {
  const sources = folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  const hash = createHash('sha256');
  for (const file of [...settings, ...sources.sort()]) {
    const content = readFileSync(join(root, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}
