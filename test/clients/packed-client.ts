import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A folder outside of the repository in which `@twofold/client` is installed from its tarball. */
export interface Installation {
  folder: string;
  remove(): void;
}

/**
 * Packs the client as `npm publish` does, and unpacks it beside the packages that it and `also`
 * name. Those are links to the packages of the repository, so no registry is needed. Remove it when
 * the test is done.
 */
export function installPackedClient(...also: string[]): Installation {
  execFileSync(process.execPath, [join(root, 'bin/build-client.mjs')], { stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'twofold-client-'));
  const modules = join(folder, 'node_modules');
  const client = join(modules, '@twofold/client');
  mkdirSync(client, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', [...pack, join(root, 'clients/typescript')], { encoding: 'utf8' });
  execFileSync('tar', ['-xzf', join(folder, tarball.trim()), '-C', client, '--strip-components=1']);
  for (const name of ['standardwebhooks', ...also]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
