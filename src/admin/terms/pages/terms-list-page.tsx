import { formatNumber } from '../../../platform/ui/format.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Badge } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import type { TermsStatus, TermsUsageDto, TermsVersionDto } from '../terms-response.dto.js';
import { TermsLayout, UtcDateTime } from './terms-layout.js';
import type { TermsListModel } from '../terms-page-loader.js';

/** All versions of the terms, newest first. */
export function termsListPage(model: TermsListModel): string {
  return renderPage(<List model={model} />, model.viewer);
}

function List({ model: { viewer, mayChange, versions } }: { model: TermsListModel }) {
  const t = useTranslate();
  const [newest, before] = versions;
  return (
    <TermsLayout title={t('terms.list.title')} viewer={viewer}>
      <p>{t('terms.list.intro')}</p>
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
      {newest ? <CountedAt usage={newest.usage} /> : null}
      {versions.length === 1 ? <p class="hint">{t('terms.list.onlyFirstVersion')}</p> : null}
    </TermsLayout>
  );
}

const columns = (t: Translate): Column<TermsVersionDto>[] => [
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
  { head: t('terms.field.validFrom'), cell: ({ validFrom }) => <UtcDateTime at={validFrom} /> },
  {
    head: t('terms.list.referrals'),
    kind: 'numeric',
    cell: ({ usage }) => (usage === null ? '—' : formatNumber(t, usage.referrals)),
  },
  {
    head: t('terms.list.conversions'),
    kind: 'numeric',
    cell: ({ usage }) => (usage === null ? '—' : formatNumber(t, totalConversions(usage))),
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

function totalConversions({ conversions }: TermsUsageDto): number {
  return conversions.granted + conversions.held + conversions.suspended + conversions.reversed;
}

/** As of when invitations were counted, or that they are not counted yet. */
export function CountedAt({ usage }: { usage: TermsUsageDto | null }) {
  const t = useTranslate();
  return (
    <p class="hint">
      {usage === null ? (
        t('terms.list.notCounted')
      ) : (
        <>
          {t('terms.list.asOf')} <DateTime at={usage.asOf} />
        </>
      )}
    </p>
  );
}

const tones = { in_force: 'good', scheduled: 'warn', ended: 'note', superseded: 'note' } as const;

/** Whether a version is in force. */
export function StatusBadge({ status }: { status: TermsStatus }) {
  const t = useTranslate();
  return <Badge tone={tones[status]}>{t(`terms.status.${status}`)}</Badge>;
}
