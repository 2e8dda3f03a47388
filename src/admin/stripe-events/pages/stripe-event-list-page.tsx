import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Badge, type Tone } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { StripeEventListModel } from '../stripe-event-page-loader.js';
import type { StripeEventDto, InboxStatus } from '../../../billing/index.js';

/** Stripe's events as they came. */
export function stripeEventListPage(model: StripeEventListModel): string {
  return renderPage(<StripeEventListPage model={model} />, model.viewer);
}

function StripeEventListPage({ model: { viewer, list } }: { model: StripeEventListModel }) {
  const t = useTranslate();
  return (
    <Layout title={t('console.event.list')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="events" />
      <h1>{t('console.event.list')}</h1>
      <ListSection view={list} columns={columns(t)} keyOf={({ id }) => id} />
    </Layout>
  );
}

const columns = (t: Translate): ListColumn<StripeEventDto>[] => [
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
        <EventDetail detail={detail} />
        {waiting ? <span class="hint block">{t('console.event.waiting', { ...waiting })}</span> : null}
      </>
    ),
  },
  {
    head: t('console.event.received'),
    sortBy: 'received',
    cell: ({ receivedAt }) => <DateTime at={receivedAt} />,
  },
];

const tones: Record<InboxStatus, Tone> = {
  accepted: 'note',
  applied: 'good',
  ignored: 'note',
  parked: 'warn',
  failed: 'bad',
  dead: 'bad',
};

const rewardStates = ['granted', 'held', 'suspended', 'reversed'];

/** What came of an event: a state of the reward in words, or a code that documents name. */
export function EventDetail({ detail }: { detail: string | null }) {
  const t = useTranslate();
  if (detail === null) return <>—</>;
  return rewardStates.includes(detail) ? <>{t(`timeline.states.${detail}`)}</> : <code>{detail}</code>;
}

/** The status of an event. */
export function StripeEventBadge({ status }: { status: InboxStatus }) {
  const t = useTranslate();
  return <Badge tone={tones[status]}>{t(`console.event.statuses.${status}`)}</Badge>;
}
