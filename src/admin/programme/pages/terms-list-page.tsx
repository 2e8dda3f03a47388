import { DataTable, type Column } from '../../../platform/pages/data-table.js';
import { Badge } from '../../../platform/pages/parts.js';
import { renderPage } from '../../../platform/pages/render-page.js';
import { useWords } from '../../../platform/pages/use-words.js';
import type { Words } from '../../../platform/locale/words.js';
import { figureText } from '../../pages/figures.js';
import type { TermsStatus, TermsView } from '../terms-views.js';
import { TermsLayout } from './terms-layout.js';
import type { TermsListModel } from './terms-models.js';
import { UtcMoment } from './utc-moment.js';

/** All versions of the terms, newest first. */
export function termsListPage(model: TermsListModel, locale: string): string {
  return renderPage(<List model={model} />, locale);
}

function List({ model: { viewer, mayChange, versions } }: { model: TermsListModel }) {
  const t = useWords();
  const [newest, before] = versions;
  return (
    <TermsLayout title={t('terms.list.title')} viewer={viewer}>
      <p>{t('terms.list.lead')}</p>
      <p class="actions">
        {mayChange ? (
          <a class="btn" data-tone="main" href="/admin/programme/new">
            {t('terms.list.new')}
          </a>
        ) : null}
        {newest && before ? (
          <a
            class="btn"
            data-tone="plain"
            href={`/admin/programme/diff?from=${before.version}&to=${newest.version}`}
          >
            {t('terms.list.compare')}
          </a>
        ) : null}
      </p>
      <DataTable
        caption={t('terms.list.caption')}
        columns={columns(t)}
        rows={versions}
        keyOf={({ version }) => version}
      />
      {versions.length === 1 ? <p class="hint">{t('terms.list.onlyOne')}</p> : null}
    </TermsLayout>
  );
}

const columns = (t: Words): Column<TermsView>[] => [
  {
    head: t('terms.list.version'),
    cell: ({ version, reason }) => (
      <>
        <a href={`/admin/programme/${version}`}>{t('terms.version', { version })}</a>
        {reason ? <span class="hint block">{reason}</span> : null}
      </>
    ),
  },
  { head: t('terms.list.status'), cell: ({ status }) => <StatusBadge status={status} /> },
  {
    head: t('terms.list.reward'),
    cell: ({ referrerDays, referredDays }) => t('terms.list.days', { referrerDays, referredDays }),
  },
  { head: t('terms.field.validFrom'), cell: ({ validFrom }) => <UtcMoment at={new Date(validFrom)} /> },
  { head: t('terms.list.referrals'), kind: 'numeric', cell: ({ usage }) => figureText(t, usage.referrals) },
  {
    head: t('terms.list.conversions'),
    kind: 'numeric',
    cell: ({ usage: { conversions } }) =>
      figureText(t, conversions.good + conversions.held + conversions.suspended + conversions.reversed),
  },
  {
    head: t('terms.list.budgetLeft'),
    kind: 'numeric',
    cell: ({ budget }) =>
      budget === null
        ? '—'
        : t('terms.list.budgetOf', { left: Math.floor(budget.leftDays), days: budget.days }),
  },
];

const tones = { in_force: 'good', scheduled: 'warn', ended: 'note', superseded: 'note' } as const;

/** Whether a version is in force. */
export function StatusBadge({ status }: { status: TermsStatus }) {
  const t = useWords();
  return <Badge tone={tones[status]}>{t(`terms.status.${status}`)}</Badge>;
}
