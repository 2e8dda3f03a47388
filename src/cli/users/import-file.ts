import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { CommandError, UsageError } from '../command-context.js';
import { unescapeFormula } from '../../platform/csv.js';
import { userColumns, type UserColumn } from './csv-columns.js';
import { parseEmail, type EmailAddress } from '../../platform/email-address.js';
import { normaliseCode } from '../../referral/index.js';
import { parsePastDate } from '../arguments.js';
import type { Finding } from '../import-report/finding.js';
import { customerMessage, emailMessage, widthFinding } from '../import-report/messages.js';
import { showValue } from '../import-report/show-value.js';

/**
 * The cells of one row by column; `line` is where it ends in the file, `bytes` how much of the file
 * was read. `width` are cells too few or too many; null for a row that fits its header.
 */
export interface FileRow {
  line: number;
  bytes: number;
  cells: Partial<Record<UserColumn, string>>;
  width: { cells: number; headerCells: number } | null;
}

const maxRecordBytes = 100_000;

/**
 * Streams the rows of a CSV file in UTF-8.
 * Errors: UsageError for a file that is not there or whose header is unknown; CommandError where it
 * stops being CSV.
 */
export async function* readUserFile(path: string): AsyncGenerator<FileRow> {
  const source = createReadStream(path);
  const options = { bom: true, info: true, trim: true, skip_empty_lines: true, relax_column_count: true };
  const records = parse({ ...options, max_record_size: maxRecordBytes });
  source.on('error', (error) => records.destroy(error));
  let header: UserColumn[] | null = null;
  try {
    for await (const { record, info } of source.pipe(records) as AsyncIterable<CsvRecord>) {
      if (header === null) header = parseHeader(record);
      else yield toFileRow(header, record, info);
    }
  } catch (error) {
    throw toCommandError(error, path);
  } finally {
    source.destroy();
  }
  if (header === null) throw new UsageError(`${path} is empty: it needs a header with at least "email".`);
}

interface CsvRecord {
  record: string[];
  info: { lines: number; bytes: number };
}

function parseHeader(names: string[]): UserColumn[] {
  const unknown = names.filter((name) => !userColumns.some((column) => column === name));
  if (unknown.length > 0)
    throw new UsageError(
      `Unknown columns in the header: ${unknown.map((name) => `"${showValue(name)}"`).join(', ')}. Known are: ${userColumns.join(',')}`,
    );
  if (new Set(names).size < names.length) throw new UsageError('The header has a column twice.');
  if (!names.includes('email')) throw new UsageError('The header has no column "email".');
  return names as UserColumn[];
}

function toFileRow(header: UserColumn[], record: string[], { lines, bytes }: CsvRecord['info']): FileRow {
  const cells = Object.fromEntries(
    header.map((column, index) => [column, unescapeFormula(record[index] ?? '')]),
  );
  const fits = record.length === header.length;
  return {
    ...{ line: lines, bytes, cells },
    width: fits ? null : { cells: record.length, headerCells: header.length },
  };
}

function toCommandError(error: unknown, path: string): unknown {
  if (error instanceof CsvError) return new CommandError(`${path} is no longer valid CSV: ${error.message}`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['ENOENT', 'EACCES', 'EISDIR'].includes(code))
    return new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  return error;
}

/** A row that makes sense by itself. A null value was empty, or is reported as a problem. */
export interface ImportRow {
  line: number;
  email: EmailAddress | null;
  referralCode: string | null;
  referredByCode: string | null;
  stripeCustomerId: string | null;
  createdAt: Date | null;
  firstPaidAt: Date | null;
}

/** What is wrong with a cell or a row of the file. */
export type RowProblem = Omit<Finding, 'level'>;

/** Reads the cells of one row; `now` is the latest moment that can have been. */
export function parseRow(
  { line, cells, width }: FileRow,
  now: Date,
): { row: ImportRow; problems: RowProblem[] } {
  const problems: RowProblem[] = [];
  const add = (column: string, value: string, message: string) =>
    problems.push({ line, column, value: showValue(value), message, detail: null });
  const read = <T>(column: UserColumn, parse: (text: string) => T | null, message: string): T | null => {
    const text = cells[column] ?? '';
    const value = text === '' ? null : parse(text);
    if (text !== '' && value === null) add(column, text, message);
    return value;
  };
  const parseDate = (text: string) => parsePastDate(text, now);
  const codeMessage = 'is not a code of 8 unambiguous letters and digits, such as ANNA2345';
  const dateMessage = 'is not a time in the past, such as 2026-01-31 or 2026-01-31T12:00:00Z';
  const row: ImportRow = {
    line,
    email: read('email', parseEmail, emailMessage),
    referralCode: read('referral_code', parseCode, codeMessage),
    referredByCode: read('referred_by_code', parseCode, codeMessage),
    stripeCustomerId: read('stripe_customer_id', parseCustomer, customerMessage),
    createdAt: read('created_at', parseDate, dateMessage),
    firstPaidAt: read('first_paid_at', parseDate, dateMessage),
  };
  if ((cells.email ?? '') === '') add('email', '', 'is missing: each row needs one');
  if (row.referredByCode !== null && row.referredByCode === row.referralCode)
    add('referred_by_code', row.referredByCode, 'is the user’s own code: leave it empty');
  if (width === null) return { row, problems };
  return { row, problems: [{ line, column: 'row', detail: null, ...widthFinding(width) }] };
}

/**
 * Spaces, dashes and lower case are a way of writing; anything else outside the alphabet would be
 * another code.
 */
function parseCode(text: string): string | null {
  const code = text.replace(/[\s-]/g, '').toUpperCase();
  return normaliseCode(code) === code ? code : null;
}

function parseCustomer(text: string): string | null {
  return /^cus_[A-Za-z0-9]{1,200}$/.test(text) ? text : null;
}
