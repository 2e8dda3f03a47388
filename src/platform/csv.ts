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
  for await (const rows of batches)
    yield toCsv(rows.map((row) => columns.map(({ value }) => cellText(value(row)))));
}

/** Lines of a CSV file. No cell is taken for a formula. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return stringify(rows.map((row) => row.map(escapeFormula)));
}

/** A cell as text. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}

const startsFormula = /^[=+\-@\t\r]/;

/**
 * A cell that no spreadsheet takes for a formula: an apostrophe stands before what could begin one.
 */
function escapeFormula(text: string): string {
  return startsFormula.test(text) ? `'${text}` : text;
}

/** A cell as it was before {@link toCsv}. */
export function unescapeFormula(text: string): string {
  return text.startsWith("'") && startsFormula.test(text.slice(1)) ? text.slice(1) : text;
}
