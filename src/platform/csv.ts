import { stringify } from 'csv-stringify/sync';

/** What stands in a cell. Times are written in ISO 8601, UTC; what is null is empty. */
export type Cell = string | number | boolean | Date | null;

/** A column of a file: its name in the first line, and what it shows of a row. */
export interface CsvColumn<Row> {
  name: string;
  value: (row: Row) => Cell;
}

/**
 * Rows as a CSV file (RFC 4180) in pieces, one for each batch, so that any number fits in little
 * memory.
 */
export async function* writeCsv<Row>(
  columns: readonly CsvColumn<Row>[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  yield toCsv([columns.map(({ name }) => name)]);
  for await (const rows of batches) yield toCsv(rows.map((row) => columns.map(({ value }) => value(row))));
}

/** Lines of a CSV file. No text is taken for a formula. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows.map((row) => row.map(cellText)));
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'string' ? escapeFormula(cell) : String(cell);
}

/**
 * Where a formula could begin: at the start of a cell, and behind what other spreadsheets, or other
 * languages of one, take for the end of a cell.
 */
const beforeFormula = /(?<=^|[;\t])(?='*[=+\-@\t\r])/g;
const escapedFormula = /(?<=^|[;\t])'(?='*[=+\-@\t\r])/g;

/** A text in which no spreadsheet finds a formula: an apostrophe stands before each. */
function escapeFormula(text: string): string {
  return text.replace(beforeFormula, "'");
}

/** A text as it was before {@link toCsv}. */
export function unescapeFormula(text: string): string {
  return text.replace(escapedFormula, '');
}
