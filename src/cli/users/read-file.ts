import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { Problem, UsageProblem } from '../exit-codes.js';
import { unguardCell, userColumns, type UserColumn } from './columns.js';

/** The cells of one row by column; `line` is where it ends in the file. `widthProblem` tells of cells too few or too many. */
export interface FileRow {
  line: number;
  cells: Partial<Record<UserColumn, string>>;
  widthProblem: string | null;
}

const recordMaxBytes = 100_000;

/**
 * Streams the rows of a CSV file in UTF-8.
 * Errors: UsageProblem for a file that is not there or whose header is not ours; Problem where it stops being CSV.
 */
export async function* readUserFile(path: string): AsyncGenerator<FileRow> {
  const source = createReadStream(path);
  const options = { bom: true, info: true, trim: true, skip_empty_lines: true, relax_column_count: true };
  const records = parse({ ...options, max_record_size: recordMaxBytes });
  source.on('error', (error) => records.destroy(error));
  let header: UserColumn[] | null = null;
  try {
    for await (const { record, info } of source.pipe(records) as AsyncIterable<CsvRecord>) {
      if (header === null) header = headerOf(record);
      else yield fileRow(header, record, info.lines);
    }
  } catch (error) {
    throw asProblem(error, path);
  } finally {
    source.destroy();
  }
  if (header === null) throw new UsageProblem(`${path} is empty: it needs a header with at least "email".`);
}

interface CsvRecord {
  record: string[];
  info: { lines: number };
}

function headerOf(names: string[]): UserColumn[] {
  const unknown = names.filter((name) => !userColumns.some((column) => column === name));
  if (unknown.length > 0)
    throw new UsageProblem(
      `Unknown columns in the header: ${unknown.map((name) => JSON.stringify(name)).join(', ')}. Known are: ${userColumns.join(',')}`,
    );
  if (new Set(names).size < names.length) throw new UsageProblem('The header names a column twice.');
  if (!names.includes('email')) throw new UsageProblem('The header has no column "email".');
  return names as UserColumn[];
}

function fileRow(header: UserColumn[], record: string[], line: number): FileRow {
  const cells = Object.fromEntries(header.map((column, index) => [column, unguardCell(record[index] ?? '')]));
  const fits = record.length === header.length;
  return {
    line,
    cells,
    widthProblem: fits ? null : `has ${record.length} cells, the header has ${header.length}`,
  };
}

function asProblem(error: unknown, path: string): unknown {
  if (error instanceof CsvError) return new Problem(`${path} is not CSV any more: ${error.message}`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['ENOENT', 'EACCES', 'EISDIR'].includes(code))
    return new UsageProblem(`${path} cannot be read: ${(error as Error).message}`);
  return error;
}
