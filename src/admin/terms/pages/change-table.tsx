import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { EmptyState } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { fieldLabel, fieldText, type FieldChange } from '../../../referral/index.js';

/** What one version says otherwise than another, field by field. `from` and `to` head the columns. */
export function ChangeTable({ changes, from, to }: { changes: FieldChange[]; from: string; to: string }) {
  const t = useTranslate();
  if (changes.length === 0)
    return <EmptyState title={t('terms.diff.noDifferences')}>{t('terms.diff.noDifferencesHint')}</EmptyState>;
  const columns: Column<FieldChange>[] = [
    { head: t('terms.diff.field'), cell: ({ field }) => fieldLabel(t, field) },
    { head: from, cell: ({ field, before }) => fieldText(t, field, before) },
    { head: to, cell: ({ field, after }) => <strong>{fieldText(t, field, after)}</strong> },
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
