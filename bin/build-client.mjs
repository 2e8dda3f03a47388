// Compiles clients/typescript into its dist/, unless that was compiled from the same files. `--force`
// compiles anyway. The new dist/ replaces the old one at once: tests may read it meanwhile.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'clients/typescript');
const output = join(folder, 'dist');
const digest = sourcesDigest();
if (!process.argv.includes('--force') && builtFrom() === digest) process.exit(0);

const fresh = `${output}-${process.pid}`;
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', folder, '--outDir', fresh], { stdio: 'inherit' });
if (status === 0) {
  writeFileSync(join(fresh, 'built-from.txt'), digest);
  rmSync(output, { recursive: true, force: true });
  renameSync(fresh, output);
} else {
  rmSync(fresh, { recursive: true, force: true });
}
process.exit(status ?? 1);

function builtFrom() {
  const stamp = join(output, 'built-from.txt');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
}

/** A digest of all that decides about the output. */
function sourcesDigest() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const sources = readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [join(folder, 'tsconfig.json'), ...sources.sort()])
    hash.update(`${file.slice(root.length)}\n`).update(readFileSync(file));
  return hash.digest('hex');
}
