import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../migrations/', import.meta.url);

/** One file of migrations/. */
export interface SqlFile {
  /** Relative to migrations/, such as `0001_auth.sql` or `functions/credit.to_interval.sql`. */
  path: string;
  /** The statements, with the included files in the place of their `\ir` lines. */
  sql: string;
  /** SHA-256 of the file itself, in hex. */
  hash: string;
}

/** What a database needs to be up to date. */
export interface SqlFiles {
  /**
   * In the order of their numbers. A landed migration is never edited: the next change is the next
   * file.
   */
  migrations: SqlFile[];
  /** The present text of every SQL function. */
  functions: SqlFile[];
}

let files: SqlFiles | null = null;

/** The SQL files of this build, read once. See migrations/README.md. */
export function sqlFiles(): SqlFiles {
  return (files ??= { migrations: readFolder(''), functions: readFolder('functions/') });
}

function readFolder(path: string): SqlFile[] {
  return readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFile(`${path}${name}`));
}

function readFile(path: string): SqlFile {
  const text = readFileSync(new URL(path, folder), 'utf8');
  return {
    path,
    sql: text.replaceAll(/^\\ir (\S+)$/gm, (_line, included: string) => readFile(included).sql),
    hash: createHash('sha256').update(text).digest('hex'),
  };
}
