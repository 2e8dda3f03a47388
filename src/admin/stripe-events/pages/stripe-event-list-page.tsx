import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Field, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Badge, type Tone } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { StripeEventListModel } from '../stripe-event-page-loader.js';
import type { StripeEventDto, InboxStatus } from '../../../billing/index.js';

/** Stripe's events as they came. The form asks /admin/events again with `status` and `type`. */
export function stripeEventListPage(model: StripeEventListModel): string {
  return renderPage(<StripeEventListPage model={model} />, model.viewer);
}

function StripeEventListPage({ model }: { model: StripeEventListModel }) {
  const { viewer, status, type, events, nextHref } = model;
  const t = useTranslate();
  const next = nextHref === null ? null : safeHref(nextHref);
  return (
    <Layout title={t('console.event.list')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="events" />
      <h1>{t('console.event.list')}</h1>
      <form method="get" action="/admin/events" class="form form-inline" role="search">
        <SelectField
          id="status"
          name="status"
          label={t('console.event.status')}
          value={status ?? ''}
          options={filters.map((own) => [own === 'all' ? '' : own, t(`console.event.filter.${own}`)])}
        />
        <Field id="type" name="type" label={t('console.event.type')} value={type} maxlength={100} />
        <SubmitButton>{t('console.event.show')}</SubmitButton>
      </form>
      {events.length === 0 ? (
        <EmptyState title={t('console.event.empty')}>
          {status === null && type === '' ? (
            t('console.event.emptyHint', { path: '/webhooks/stripe' })
          ) : (
            <>
              {t('console.event.noneWithStatus')} <a href="/admin/events">{t('console.event.seeAll')}</a>
            </>
          )}
        </EmptyState>
      ) : (
        <DataTable
          caption={t('console.newestFirst')}
          columns={columns(t)}
          rows={events}
          keyOf={({ id }) => id}
        />
      )}
      {next ? (
        <p>
          <a href={next}>{t('console.event.more')}</a>
        </p>
      ) : null}
    </Layout>
  );
}

const filters = ['all', 'applied', 'ignored', 'parked', 'failed', 'dead'] as const;

const columns = (t: Translate): Column<StripeEventDto>[] => [
  {
    head: t('console.event.event'),
    cell: ({ id, type }) => (
      <>
        <a href={`/admin/events/${encodeURIComponent(id)}`}>
          <code>{type}</code>
        </a>
        <code class="hint block">{id}</code>
      </>
    ),
  },
  { head: t('console.event.status'), cell: ({ status }) => <StripeEventBadge status={status} /> },
  {
    head: t('console.event.detail'),
    cell: ({ detail, waiting }) => (
      <>
        {detail === null ? '—' : <code>{detail}</code>}
        {waiting ? <span class="hint block">{t('console.event.waiting', { ...waiting })}</span> : null}
      </>
    ),
  },
  { head: t('console.event.received'), cell: ({ receivedAt }) => <DateTime at={receivedAt} /> },
];

const tones: Record<InboxStatus, Tone> = {
  accepted: 'note',
  applied: 'good',
  ignored: 'note',
  parked: 'warn',
  failed: 'bad',
  dead: 'bad',
};

/** The status of an event. */
export function StripeEventBadge({ status }: { status: InboxStatus }) {
  const t = useTranslate();
  return <Badge tone={tones[status]}>{t(`console.event.statuses.${status}`)}</Badge>;
}
