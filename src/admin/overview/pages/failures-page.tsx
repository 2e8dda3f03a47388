import { EmptyState, Section } from '../../../platform/ui/components.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Layout } from '../../../platform/ui/layout.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import type { FailedJob } from '../../../platform/jobs/failed-jobs.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { BrokenEndpoint, DeadDelivery } from '../overview.repository.js';

/** What failed for good, each list with its newest entries. */
export interface FailuresPageModel {
  viewer: StaffViewer;
  jobs: FailedJob[];
  endpoints: BrokenEndpoint[];
  deliveries: DeadDelivery[];
}

/** The page of /admin/failures: emails, other work after payments, and outgoing webhooks. */
export function failuresPage(model: FailuresPageModel): string {
  return renderPage(<FailuresPage {...model} />, model.viewer);
}

function FailuresPage({ viewer, jobs, endpoints, deliveries }: FailuresPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('failures.title')} viewer={viewer} width="wide" current="/admin">
      <AdminNav current="overview" />
      <h1>{t('failures.title')}</h1>
      <div class="stack">
        <List id="jobs" columns={jobColumns(t)} rows={jobs} />
        <List id="endpoints" columns={endpointColumns(t)} rows={endpoints} />
        <List id="deliveries" columns={deliveryColumns(t)} rows={deliveries} />
        <Section id="ledger" title={t('failures.ledger.title')}>
          <p>{t('failures.ledger.hint')}</p>
          <p>
            <code>npx twofold verify</code>
          </p>
        </Section>
      </div>
    </Layout>
  );
}

function List<Row extends { id: string }>({
  id,
  columns,
  rows,
}: {
  id: 'jobs' | 'endpoints' | 'deliveries';
  columns: Column<Row>[];
  rows: Row[];
}) {
  const t = useTranslate();
  return (
    <Section id={id} title={t(`failures.${id}.title`)}>
      {rows.length === 0 ? (
        <EmptyState title={t('failures.none')}>{t(`failures.${id}.noneHint`)}</EmptyState>
      ) : (
        <>
          <p class="hint">{t(`failures.${id}.hint`)}</p>
          <DataTable caption={t('failures.newest')} columns={columns} rows={rows} keyOf={(row) => row.id} />
        </>
      )}
    </Section>
  );
}

function jobColumns(t: Translate): Column<FailedJob>[] {
  return [
    { head: t('failures.lane'), kind: 'short', cell: ({ lane }) => lane },
    {
      head: t('failures.handler'),
      cell: ({ handler, event }) => (
        <>
          <code>{handler ?? '—'}</code>
          {event === null ? null : <span class="hint block">{event}</span>}
        </>
      ),
    },
    { head: t('failures.failedAt'), cell: ({ failedAt }) => <Moment at={failedAt} /> },
    { head: t('failures.error'), cell: ({ error }) => error ?? '—' },
  ];
}

function endpointColumns(t: Translate): Column<BrokenEndpoint>[] {
  return [
    { head: t('failures.url'), cell: ({ id, url }) => <a href={`/admin/webhooks/${id}`}>{url}</a> },
    {
      head: t('failures.state'),
      cell: ({ disabledReason }) => t(`webhookPages.state.${disabledReason ?? 'stillTried'}`),
    },
    {
      head: t('failures.since'),
      cell: ({ disabledAt, failingSince }) => <Moment at={disabledAt ?? failingSince} />,
    },
  ];
}

function deliveryColumns(t: Translate): Column<DeadDelivery>[] {
  return [
    {
      head: t('failures.url'),
      cell: ({ endpointId, url }) => <a href={`/admin/webhooks/${endpointId}?status=dead`}>{url}</a>,
    },
    { head: t('failures.event'), kind: 'short', cell: ({ type }) => <code>{type}</code> },
    { head: t('failures.attempts'), kind: 'numeric', cell: ({ attempts }) => attempts },
    { head: t('failures.lastAttempt'), cell: ({ lastAttemptAt }) => <Moment at={lastAttemptAt} /> },
    {
      head: t('failures.error'),
      cell: ({ lastStatus, lastError }) => lastError ?? (lastStatus === null ? '—' : `HTTP ${lastStatus}`),
    },
  ];
}

function Moment({ at }: { at: Date | null }) {
  return at === null ? <>—</> : <DateTime at={at} />;
}
