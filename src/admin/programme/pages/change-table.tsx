import { DataTable, type Column } from '../../../platform/pages/data-table.js';
import { EmptyState } from '../../../platform/pages/parts.js';
import { useWords } from '../../../platform/pages/use-words.js';
import { fieldName, fieldWords, type FieldChange } from '../../../referral/index.js';

/** What one version says otherwise than another, field by field. `from` and `to` head the columns. */
export function ChangeTable({ changes, from, to }: { changes: FieldChange[]; from: string; to: string }) {
  const t = useWords();
  if (changes.length === 0)
    return <EmptyState title={t('terms.diff.none')}>{t('terms.diff.noneHint')}</EmptyState>;
  const columns: Column<FieldChange>[] = [
    { head: t('terms.diff.field'), cell: ({ field }) => fieldName(t, field) },
    { head: from, cell: ({ field, before }) => fieldWords(t, field, before) },
    { head: to, cell: ({ field, after }) => <strong>{fieldWords(t, field, after)}</strong> },
  ];
  return (
    <DataTable
      caption={t('terms.diff.caption', { count: changes.length })}
      columns={columns}
      rows={changes}
      keyOf={({ field }) => field}
    />
  );
}
