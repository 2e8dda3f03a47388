import { SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { ChangeTable } from './change-table.js';
import { TermsLayout } from './terms-layout.js';
import type { TermsDiffModel } from './terms-page-model.js';

/** Two versions compared. Reloads itself with `from` and `to`. */
export function termsDiffPage(model: TermsDiffModel, locale: string): string {
  return renderPage(<Diff model={model} />, locale);
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
