import type { EndpointDto } from '../../../outgoing-webhooks/index.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import type { FailedJob } from '../../../platform/jobs/failed-jobs.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import type { ListView } from '../../lists/list-view.js';
import { AdminNav } from '../../pages/admin-components.js';

/** What failed for good; of payment events and webhooks, where they are listed. */
export interface FailuresPageModel {
  viewer: StaffViewer;
  jobs: ListView<FailedJob>;
  endpoints: EndpointDto[];
}

/** The page of /admin/failures: emails, other work after payments, and outgoing webhooks. */
export function failuresPage(model: FailuresPageModel): string {
  return renderPage(<FailuresPage {...model} />, model.viewer);
}

function FailuresPage({ viewer, jobs, endpoints }: FailuresPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('failures.title')} viewer={viewer} width="wide" current="/admin">
      <AdminNav current="overview" />
      <h1>{t('failures.title')}</h1>
      <div class="stack">
        <Section id="jobs" title={t('failures.jobs.title')}>
          <p class="hint">{t('failures.jobs.hint')}</p>
          <ListSection view={jobs} columns={jobColumns(t)} keyOf={({ id }) => id} />
        </Section>
        <EndpointsSection endpoints={endpoints} />
        <ElsewhereSection />
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

function jobColumns(t: Translate): ListColumn<FailedJob>[] {
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
    { head: t('failures.lastAttempt'), sortBy: 'tried', cell: ({ triedAt }) => <DateTime at={triedAt} /> },
    { head: t('failures.error'), cell: ({ error }) => error ?? '—' },
  ];
}

function EndpointsSection({ endpoints }: { endpoints: EndpointDto[] }) {
  const t = useTranslate();
  return (
    <Section id="endpoints" title={t('failures.endpoints.title')}>
      {endpoints.length === 0 ? (
        <EmptyState title={t('failures.none')}>{t('failures.endpoints.noneHint')}</EmptyState>
      ) : (
        <>
          <p class="hint">{t('failures.endpoints.hint')}</p>
          <DataTable
            caption={t('failures.endpoints.title')}
            columns={endpointColumns(t)}
            rows={endpoints}
            keyOf={({ id }) => id}
          />
        </>
      )}
    </Section>
  );
}

function endpointColumns(t: Translate): Column<EndpointDto>[] {
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

function Moment({ at }: { at: Date | null }) {
  return at === null ? <>—</> : <DateTime at={at} />;
}

const otherLists = {
  deadDeliveries: '/admin/webhooks/deliveries?status=dead',
  deadEvents: '/admin/events?status=dead',
  failedEvents: '/admin/events?status=failed',
  parkedEvents: '/admin/events?status=parked',
} as const;

/** What fails and has a list of its own. */
function ElsewhereSection() {
  const t = useTranslate();
  return (
    <Section id="elsewhere" title={t('failures.elsewhere.title')}>
      <ul>
        {Object.entries(otherLists).map(([name, href]) => (
          <li key={name}>
            <a href={href}>{t(`failures.elsewhere.${name}`)}</a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
