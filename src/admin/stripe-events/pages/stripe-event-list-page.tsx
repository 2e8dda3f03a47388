import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Field, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Badge, type Tone } from '../../../platform/ui/components.js';
import { renderPage } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { StripeEventListModel } from '../stripe-event-page-loader.js';
import type { StripeEventDto, InboxStatus } from '../../../billing/index.js';

/** Stripe's events as they came. The form asks /admin/events again with `status` and `type`. */
export function stripeEventListPage({
  viewer,
  status,
  type,
  events,
  nextHref,
}: StripeEventListModel): string {
  const next = nextHref === null ? null : safeHref(nextHref);
  return renderPage(
    <Layout title="Stripe events" viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="events" />
      <h1>Stripe events</h1>
      <form method="get" action="/admin/events" class="form form-inline" role="search">
        <SelectField
          id="status"
          name="status"
          label="Status"
          value={status ?? ''}
          options={[
            ['', 'All'],
            ['applied', 'Applied'],
            ['ignored', 'Ignored: not used'],
            ['parked', 'Parked: waits for other data'],
            ['failed', 'Failed: will be retried'],
            ['dead', 'Dead: failed too often'],
          ]}
        />
        <Field id="type" name="type" label="Type" value={type} maxlength={100} />
        <SubmitButton>Show</SubmitButton>
      </form>
      {events.length === 0 ? (
        <EmptyState title="No event">
          {status === null && type === '' ? (
            'No events yet. Stripe sends them to /webhooks/stripe.'
          ) : (
            <>
              No event has this status. <a href="/admin/events">See all</a>.
            </>
          )}
        </EmptyState>
      ) : (
        <DataTable caption="Newest first" columns={columns} rows={events} keyOf={({ id }) => id} />
      )}
      {next ? (
        <p>
          <a href={next}>More events</a>
        </p>
      ) : null}
    </Layout>,
  );
}

const columns: Column<StripeEventDto>[] = [
  {
    head: 'Event',
    cell: ({ id, type }) => (
      <>
        <a href={`/admin/events/${encodeURIComponent(id)}`}>{type}</a>
        <span class="hint block">{id}</span>
      </>
    ),
  },
  { head: 'Status', cell: ({ status }) => <StripeEventBadge status={status} /> },
  {
    head: 'Detail',
    cell: ({ detail, waiting }) => (
      <>
        {detail?.replaceAll('_', ' ') ?? '—'}
        {waiting ? (
          <span class="hint block">
            Waits because {waiting.why}. Resolved by {waiting.freedBy}.
          </span>
        ) : null}
      </>
    ),
  },
  { head: 'Received', cell: ({ receivedAt }) => <DateTime at={receivedAt} readerSettings={defaultReader} /> },
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
  return <Badge tone={tones[status]}>{status}</Badge>;
}
