import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { toCsv } from '../../platform/csv.js';
import type { Database } from '../../platform/database/database.js';
import { CommandError, type CommandReport } from '../command-context.js';
import { formatCount, createProgress } from '../progress.js';
import { userColumns, type UserColumn } from './csv-columns.js';
import { readPageByIndex } from '../../platform/database/bulk-mode.js';

/** Where the users go, and in which form. */
export interface ExportOptions {
  output?: string;
  json?: true;
}

/**
 * Writes all users to a file, or to standard output: as CSV, or with `json` as one JSON array.
 * Answers a report only where standard output is free for one. Errors: CommandError for a file that
 * cannot be written.
 */
export async function exportUsers(database: Database, options: ExportOptions): Promise<CommandReport | null> {
  const counts = { users: 0 };
  const text = renderUsers(database, options.json === true && options.output === undefined, counts);
  await writeOutput(Readable.from(text), options.output);
  if (options.output === undefined) return null;
  return {
    json: { users: counts.users, output: options.output },
    lines: [`${formatCount(counts.users)} users written to ${options.output}`],
  };
}

async function* renderUsers(
  database: Database,
  asJson: boolean,
  written: { users: number },
): AsyncGenerator<string> {
  const progress = createProgress();
  yield asJson ? '[' : toCsv([userColumns]);
  for await (const page of readUserPages(database)) {
    yield asJson
      ? toJson(page, written.users === 0)
      : toCsv(page.map((user) => userColumns.map((column) => user[column])));
    written.users += page.length;
    progress.show(() => `${formatCount(written.users)} users`);
  }
  progress.end();
  if (asJson) yield '\n]\n';
}

function toJson(page: UserRecord[], isFirst: boolean): string {
  return page
    .map((user, index) => `${isFirst && index === 0 ? '' : ','}\n  ${JSON.stringify(user)}`)
    .join('');
}

/** Addresses of people: a file is readable by its owner only. */
async function writeOutput(text: Readable, output: string | undefined): Promise<void> {
  const target: Writable = output === undefined ? process.stdout : createWriteStream(output, { mode: 0o600 });
  try {
    await pipeline(text, target, { end: output !== undefined });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (output !== undefined && code !== undefined && /^E[A-Z]+$/.test(code))
      throw new CommandError(`${output} cannot be written: ${(error as Error).message}`);
    throw error;
  }
}

/** One user as a file shows them; every cell is text. */
export type UserRecord = Record<UserColumn, string>;

const usersPerPage = 2_000;

interface Row {
  id: string;
  /** Null once erased. */
  email: string | null;
  referral_code: string | null;
  referred_by_code: string | null;
  stripe_customer_id: string | null;
  created_at: Date;
  first_paid_at: Date | null;
}

/**
 * Everybody with an account, oldest id first, a page at a time: any number fits in little memory.
 * It reads over several modules, so it stands above them. Of several customers it names the one
 * that we made, else the oldest.
 */
export async function* readUserPages(database: Database): AsyncGenerator<UserRecord[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await readPageByIndex<Row>(database, pageSql, [after]);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield rows.filter(({ email }) => email !== null).map(toUserRecord);
  }
}

/**
 * A page of accounts, erased ones included, and one look-up for each of them. Without statistics
 * PostgreSQL takes conditions beside the key to leave next to nothing, and reads and sorts, or
 * joins, all that there is, for every page.
 */
const pageSql = `SELECT u.id, u.email, u.created_at,
    (SELECT c.code FROM referral.code c WHERE c.user_id = u.id AND c.retired_at IS NULL) AS referral_code,
    (SELECT r.code FROM referral.referral r WHERE r.referred_id = u.id) AS referred_by_code,
    (SELECT k.id FROM billing.customer k WHERE k.user_id = u.id AND k.id NOT LIKE '%:%' ORDER BY k.used_for_checkout DESC, k.created_at, k.id LIMIT 1)
      AS stripe_customer_id,
    (SELECT b.first_paid_at FROM billing.account b WHERE b.user_id = u.id) AS first_paid_at
  FROM (SELECT id, email, created_at FROM auth."user" WHERE id > $1 ORDER BY id LIMIT ${usersPerPage}) u
  ORDER BY u.id`;

function toUserRecord(row: Row): UserRecord {
  return {
    email: row.email ?? '',
    referral_code: row.referral_code ?? '',
    referred_by_code: row.referred_by_code ?? '',
    stripe_customer_id: row.stripe_customer_id ?? '',
    created_at: row.created_at.toISOString(),
    first_paid_at: row.first_paid_at?.toISOString() ?? '',
  };
}
