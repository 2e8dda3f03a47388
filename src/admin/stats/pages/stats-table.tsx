import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { CsvName } from '../csv.js';

/** The table beneath a chart, folded, and the same as a file. */
export function StatsTable<Row>({
  csv,
  query,
  ...table
}: {
  csv: CsvName;
  query: string;
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
}) {
  const t = useTranslate();
  return (
    <>
      <details class="more">
        <summary>{t('chart.showTable')}</summary>
        <DataTable {...table} />
      </details>
      <CsvLink csv={csv} query={query} />
    </>
  );
}

/** A link to a table as a file. */
export function CsvLink({ csv, query }: { csv: CsvName; query: string }) {
  const t = useTranslate();
  return (
    <p class="hint">
      <a href={`/admin/stats/${csv}.csv?${query}`} download={`${csv}.csv`}>
        {t(`stats.csv.${csv}`)}
      </a>
    </p>
  );
}
