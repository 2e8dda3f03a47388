import { SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { TermsLayout } from './terms-layout.js';
import type { TermsDiffModel } from '../terms-page-loader.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { EmptyState } from '../../../platform/ui/components.js';
import { fieldLabel, fieldText, type FieldChange } from '../../../referral/index.js';

/** Two versions compared. Reloads itself with `from` and `to`. */
export function termsDiffPage(model: TermsDiffModel): string {
  return renderPage(<Diff model={model} />, model.viewer);
}

function Diff({ model: { viewer, versions, from, to, changes } }: { model: TermsDiffModel }) {
  const t = useTranslate();
  const name = (version: number) => t('terms.version', { version });
  const options = versions.map((version) => [String(version), name(version)] as const);
  return (
    <TermsLayout title={t('terms.diff.title')} viewer={viewer}>
      <form method="get" action="/admin/programme/diff" class="form form-inline">
        <SelectField
          id="from"
          name="from"
          label={t('terms.diff.from')}
          value={String(from)}
          options={options}
        />
        <SelectField id="to" name="to" label={t('terms.diff.to')} value={String(to)} options={options} />
        <SubmitButton tone="plain">{t('terms.diff.compare')}</SubmitButton>
      </form>
      <ChangeTable changes={changes} from={name(from)} to={name(to)} />
      <p>
        <a href="/admin/programme">{t('terms.page.all')}</a>
      </p>
    </TermsLayout>
  );
}

/**
 * What one version says otherwise than another, field by field. `from` and `to` head the columns.
 */
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
