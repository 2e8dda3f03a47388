import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';
import { CommandError, UsageError } from '../command-context.js';
import { cellsOf, mapHeader, type FileFormat, type HeaderMap, type ToolFormat } from './tool-format.js';
import { showValue } from '../import-report/show-value.js';
import { parseMovingRow, type CellProblem, type MovingRow } from './moving-row.js';

/** A file to read: where it is, whose it is, and which of the files of that tool. */
export interface MovingFile {
  path: string;
  tool: ToolFormat;
  format: FileFormat;
}

/** A file whose header was read and fits. */
export interface OpenedFile extends MovingFile {
  header: HeaderMap;
  width: number;
  delimiter: string;
}

/** A row of the file, and what is wrong with it. */
export interface FileRow {
  row: MovingRow;
  problems: CellProblem[];
  width: { cells: number; headerCells: number } | null;
  /** How much of the file was read. */
  bytes: number;
}

const maxRecordBytes = 100_000;
const rowsPerBatch = 500;

/**
 * Reads the header of a file. Errors: UsageError for a file that is not there, is empty, or lacks a
 * column; CommandError where it is no CSV.
 */
export async function openMovingFile(file: MovingFile): Promise<OpenedFile> {
  const delimiter = await detectDelimiter(file.path);
  for await (const { record } of readRecords(file.path, delimiter)) {
    const header = mapHeader(record, file.format);
    if (header.mistaken !== null)
      throw new UsageError(
        `This file has a column "${header.mistaken}". ${file.format.mistaken?.hint ?? ''}`,
      );
    const [missing] = header.missing;
    if (missing !== undefined)
      throw new UsageError(
        `This is not a file of ${file.tool.title} as expected: it has no column ${missing.map((name) => `"${name}"`).join(' or ')}. Its columns are: ${record.map(showValue).join(', ')}`,
      );
    return { ...file, header, width: record.length, delimiter };
  }
  throw new UsageError(`${file.path} is empty: it needs a header.`);
}

/** Streams the rows in batches, in the order of the file. Errors: CommandError as above. */
export async function* readBatches(file: OpenedFile, now: Date): AsyncGenerator<FileRow[]> {
  let batch: FileRow[] = [];
  let isHeader = true;
  for await (const { record, info } of readRecords(file.path, file.delimiter)) {
    if (!isHeader && !isLeftOut(file, record)) batch.push(toFileRow(file, record, info, now));
    isHeader = false;
    if (batch.length < rowsPerBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

interface CsvRecord {
  record: string[];
  info: { lines: number; bytes: number };
}

async function* readRecords(path: string, delimiter: string): AsyncGenerator<CsvRecord> {
  const source = createReadStream(path);
  const options = { bom: true, info: true, trim: true, skip_empty_lines: true, relax_column_count: true };
  const records = parse({ ...options, delimiter, max_record_size: maxRecordBytes });
  source.on('error', (error) => records.destroy(error));
  try {
    for await (const record of source.pipe(records) as AsyncIterable<CsvRecord>) yield record;
  } catch (error) {
    throw toCommandError(error, path);
  } finally {
    source.destroy();
  }
}

function isLeftOut({ format, header }: OpenedFile, record: string[]): boolean {
  return format.isLeftOut?.(cellsOf(record, header)) ?? false;
}

function toFileRow(
  file: OpenedFile,
  record: string[],
  { lines, bytes }: CsvRecord['info'],
  now: Date,
): FileRow {
  const cells = cellsOf(record, file.header);
  const { row, problems } = parseMovingRow(lines, file.tool.adjust?.(cells) ?? cells, now);
  const fits = record.length === file.width;
  return { row, problems, bytes, width: fits ? null : { cells: record.length, headerCells: file.width } };
}

const headerBytes = 16_384;

/** Spreadsheets separate cells by what their language does not use in numbers. */
async function detectDelimiter(path: string): Promise<string> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
      const unquoted = buffer.toString('utf8', 0, bytesRead).replace(/"[^"]*"/g, '');
      const [header = ''] = unquoted.split(/\r?\n/);
      const count = (separator: string) => header.split(separator).length;
      return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toCommandError(error, path);
  }
}

function toCommandError(error: unknown, path: string): unknown {
  if (error instanceof CsvError) return new CommandError(`${path} is not valid CSV: ${error.message}`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['ENOENT', 'EACCES', 'EISDIR'].includes(code))
    return new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  return error;
}
