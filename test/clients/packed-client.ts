import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A folder outside of the repository in which `@twofold/client` is installed from its tarball. */
export interface Installation {
  folder: string;
  remove(): void;
}

/**
 * The client as `npm publish` packs it. Packing takes a second of CPU, so the tarball of the same
 * files is kept for the other tests and runs.
 */
function packedClient(): string {
  execFileSync(process.execPath, [join(root, 'bin/build-client.mjs')], { stdio: 'inherit' });
  const source = join(root, 'clients/typescript');
  const digest = createHash('sha256');
  for (const file of ['dist/built-from.txt', 'package.json', 'README.md', 'LICENSE'])
    digest.update(readFileSync(join(source, file)));
  const cache = join(root, 'node_modules/.cache/packed-client');
  const tarball = join(cache, `${digest.digest('hex')}.tgz`);
  if (existsSync(tarball)) return tarball;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'pack-'));
  const pack = ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', folder];
  const name = execFileSync('npm', [...pack, source], { encoding: 'utf8' }).trim();
  renameSync(join(folder, name), tarball); // whole, also for a test that packs at the same time
  rmSync(folder, { recursive: true });
  return tarball;
}

/**
 * Unpacks the client, as `npm publish` packs it, beside the packages that it and `also` name. Those
 * are links to the packages of the repository, so no registry is needed. Remove it when the test is
 * done.
 */
export function installPackedClient(...also: string[]): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-client-'));
  const modules = join(folder, 'node_modules');
  const client = join(modules, '@twofold/client');
  mkdirSync(client, { recursive: true });
  execFileSync('tar', ['-xzf', packedClient(), '-C', client, '--strip-components=1']);
  for (const name of ['standardwebhooks', ...also]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
