import type { Children } from '#jsx/jsx-runtime';

/**
 * One column: its heading and what it shows of a row; numbers stand to the right, `short` words on
 * one line.
 */
export interface Column<Row> {
  head: string;
  cell: (row: Row) => Children;
  kind?: 'numeric' | 'short';
  /** The heading is a link that sorts by the column; `direction` is how it is sorted now. */
  sort?: { href: string; direction: 'ascending' | 'descending' | null };
}

/**
 * Rows and columns; on a narrow screen each row becomes a card with its headings beside the values.
 * The roles are spelled out because browsers drop them from a table that is laid out as blocks.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
}) {
  return (
    <table class="table" role="table">
      <caption>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, kind, sort }) => (
            <th
              key={head}
              scope="col"
              role="columnheader"
              class={kind}
              aria-sort={sort?.direction ?? undefined}
            >
              {sort === undefined ? (
                head
              ) : (
                <a class="sort" href={sort.href}>
                  {head}
                </a>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ head, cell, kind }) => (
              <td key={head} role="cell" data-label={head} class={kind}>
                <span class="cell">{cell(row)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
