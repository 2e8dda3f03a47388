import type { DeliveryDto, DeliveryStatus, ListedDelivery } from '../../../outgoing-webhooks/index.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Badge, type Tone } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { formatNumber } from '../../../platform/ui/format.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import type { ListView } from '../../lists/list-view.js';
import { AdminNav } from '../../pages/admin-components.js';

/** The deliveries of all endpoints. */
export interface DeliveriesPageModel {
  viewer: StaffViewer;
  list: ListView<ListedDelivery>;
}

/** The page of /admin/webhooks/deliveries. */
export function deliveriesPage(model: DeliveriesPageModel): string {
  return renderPage(<DeliveriesPage {...model} />, model.viewer);
}

function DeliveriesPage({ viewer, list }: DeliveriesPageModel) {
  const t = useTranslate();
  const endpoint: ListColumn<ListedDelivery> = {
    head: t('webhookPages.url'),
    cell: ({ endpointId, url, status }) => (
      <a href={`/admin/webhooks/${endpointId}?status=${status}`}>{url}</a>
    ),
  };
  return (
    <Layout title={t('webhookPages.allDeliveries')} viewer={viewer} width="wide" current="/admin">
      <AdminNav current="webhooks" />
      <h1>{t('webhookPages.allDeliveries')}</h1>
      <p>{t('webhookPages.allDeliveriesHint')}</p>
      <ListSection view={list} columns={[endpoint, ...deliveryColumns(t)]} keyOf={({ id }) => id} />
    </Layout>
  );
}

const tones: Record<DeliveryStatus, Tone> = {
  pending: 'note',
  delivered: 'good',
  failed: 'warn',
  dead: 'bad',
};

/** What is shown of a delivery. */
export function deliveryColumns(t: Translate): ListColumn<DeliveryDto>[] {
  return [
    {
      head: t('webhookPages.delivery.event'),
      cell: ({ type, eventId }) => (
        <>
          <code>{type}</code>
          <code class="hint block">{eventId}</code>
        </>
      ),
    },
    {
      head: t('webhookPages.delivery.status'),
      cell: ({ status, lastStatus, lastError }) => (
        <>
          <Badge tone={tones[status]}>{t(`webhookPages.delivery.statuses.${status}`)}</Badge>
          {lastStatus === null && lastError === null ? null : (
            <span class="hint block">{lastError ?? `HTTP ${lastStatus}`}</span>
          )}
        </>
      ),
    },
    {
      head: t('webhookPages.delivery.attempts'),
      kind: 'numeric',
      cell: ({ attempts }) => formatNumber(t, attempts),
    },
    {
      head: t('webhookPages.column.created'),
      sortBy: 'created',
      cell: ({ createdAt }) => <DateTime at={createdAt} />,
    },
    {
      head: t('webhookPages.delivery.lastAttempt'),
      cell: ({ lastAttemptAt }) => (lastAttemptAt === null ? '—' : <DateTime at={lastAttemptAt} />),
    },
    {
      head: t('webhookPages.delivery.nextAttempt'),
      cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? '—' : <DateTime at={nextAttemptAt} />),
    },
  ];
}
