import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { Database } from '../../platform/database/database.js';
import type { Get } from '../application.js';
import { Problem } from '../exit-codes.js';
import { count, progress } from '../progress.js';
import type { Report } from '../report.js';
import { guardCell, userColumns } from './columns.js';
import { userPages, type UserRecord } from './user-pages.js';

/** Where the users go, and in which form. */
export interface ExportOptions {
  output?: string;
  json?: true;
}

/**
 * Writes all users to a file, or to standard output: as CSV, or with `json` as one JSON array. Answers a report
 * only where standard output is free for one. Errors: Problem for a file that cannot be written.
 */
export async function exportUsers(get: Get, options: ExportOptions): Promise<Report | null> {
  const written = { users: 0 };
  const text = textOf(get(Database), options.json === true && options.output === undefined, written);
  await write(Readable.from(text), options.output);
  if (options.output === undefined) return null;
  return {
    json: { users: written.users, output: options.output },
    lines: [`${count(written.users)} users written to ${options.output}`],
  };
}

async function* textOf(
  database: Database,
  asJson: boolean,
  written: { users: number },
): AsyncGenerator<string> {
  const tell = progress();
  yield asJson ? '[' : stringify([[...userColumns]]);
  for await (const page of userPages(database)) {
    yield asJson ? jsonOf(page, written.users === 0) : csvOf(page);
    written.users += page.length;
    tell(() => `${count(written.users)} users`);
  }
  if (asJson) yield '\n]\n';
}

function csvOf(page: UserRecord[]): string {
  return stringify(page.map((user) => userColumns.map((column) => guardCell(user[column]))));
}

function jsonOf(page: UserRecord[], isFirst: boolean): string {
  return page
    .map((user, index) => `${isFirst && index === 0 ? '' : ','}\n  ${JSON.stringify(user)}`)
    .join('');
}

/** Addresses of people: a file is readable by its owner only. */
async function write(text: Readable, output: string | undefined): Promise<void> {
  const target: Writable = output === undefined ? process.stdout : createWriteStream(output, { mode: 0o600 });
  try {
    await pipeline(text, target, { end: output !== undefined });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (output !== undefined && code !== undefined && /^E[A-Z]+$/.test(code))
      throw new Problem(`${output} cannot be written: ${(error as Error).message}`);
    throw error;
  }
}
