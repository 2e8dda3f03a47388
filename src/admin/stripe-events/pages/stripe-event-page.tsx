import type { Children } from '#jsx/jsx-runtime';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { Banner, DescriptionList, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { renderPage } from '../../../platform/ui/render-page.js';
import { AdminNav } from '../../pages/admin-components.js';
import { StripeEventBadge } from './stripe-event-list-page.js';
import type { StripeEventPageModel } from '../stripe-event-page-loader.js';
import type { StripeEventDto } from '../../../billing/index.js';

const outcomes = {
  applied: { tone: 'good', text: 'Event applied again.' },
  ignored: { tone: 'note', text: 'Event checked again. Twofold does not use it.' },
  parked: { tone: 'warn', text: 'Event checked again. It is still parked.' },
} as const;

/** One event of Stripe's, with its payload. Posts to /admin/events/{id}/replay. */
export function stripeEventPage(model: StripeEventPageModel): string {
  const { event, replayed, viewer } = model;
  return renderPage(
    <Layout title={event.type} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="events" />
      <h1>{event.type}</h1>
      {replayed ? <Banner tone={outcomes[replayed].tone}>{outcomes[replayed].text}</Banner> : null}
      <ErrorBanner text={model.problem} />
      <div class="stack">
        <Section id="about" title="Result">
          <DescriptionList
            items={[
              ['Status', <StripeEventBadge status={event.status} />],
              ['Detail', event.detail?.replaceAll('_', ' ') ?? '—'],
              ['Waits for', event.waitingKey ?? '—'],
              ...(event.waiting === null ? [] : waitingDetails(event.waiting, event.nextRetryAt)),
              ['Failures', String(event.failures)],
              ['Created at Stripe', <DateTime at={event.createdAt} readerSettings={defaultReader} />],
              ['Received', <DateTime at={event.receivedAt} readerSettings={defaultReader} />],
              ['Id', <code>{event.id}</code>],
            ]}
          />
          {model.mayChange ? (
            <Form action={`/admin/events/${encodeURIComponent(event.id)}/replay`} csrf={viewer.csrf}>
              <p class="hint">You can safely apply an event again. It takes effect only once.</p>
              <SubmitButton tone="plain">Replay</SubmitButton>
            </Form>
          ) : null}
        </Section>
        <Section id="payload" title="Payload">
          <pre class="payload">{model.payload}</pre>
        </Section>
        <p class="hint">Times are in UTC.</p>
      </div>
    </Layout>,
  );
}

function waitingDetails(
  { why, freedBy }: NonNullable<StripeEventDto['waiting']>,
  nextRetryAt: Date | null,
): [name: string, value: Children][] {
  const next =
    nextRetryAt === null ? 'At once' : <DateTime at={nextRetryAt} readerSettings={defaultReader} />;
  return [
    ['Why it is parked', why],
    ['What resolves it', freedBy],
    ['Next look', next],
  ];
}
