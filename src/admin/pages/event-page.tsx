import type { ComponentChildren } from 'preact';
import { Form, SubmitButton } from '../../platform/pages/form.js';
import { Layout } from '../../platform/pages/layout.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { Banner, Facts, Problem, Section } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { AdminNav } from './admin-nav.js';
import { EventBadge } from './event-badge.js';
import type { EventPageModel, EventRowModel } from './event-model.js';

const outcomes = {
  applied: { tone: 'good', text: 'It was applied again.' },
  ignored: { tone: 'note', text: 'It was looked at again, and says nothing that we use.' },
  parked: { tone: 'warn', text: 'It was looked at again, and still waits.' },
} as const;

/** One event of Stripe's, with its payload. Posts to /admin/events/{id}/replay. */
export function eventPage(model: EventPageModel): string {
  const { event, replayed, viewer } = model;
  return renderPage(
    <Layout title={event.type} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="events" />
      <h1>{event.type}</h1>
      {replayed ? <Banner tone={outcomes[replayed].tone}>{outcomes[replayed].text}</Banner> : null}
      <Problem text={model.problem} />
      <div class="stack">
        <Section id="about" title="What became of it">
          <Facts
            items={[
              ['Status', <EventBadge status={event.status} />],
              ['Detail', event.detail?.replaceAll('_', ' ') ?? '—'],
              ['Waits for', event.waitingKey ?? '—'],
              ...(event.waiting === null ? [] : waitingFacts(event.waiting, event.nextLookAt)),
              ['Failures', String(event.failures)],
              ['Created at Stripe', <Moment at={event.createdAt} reader={anybody} />],
              ['Received', <Moment at={event.receivedAt} reader={anybody} />],
              ['Id', <code>{event.id}</code>],
            ]}
          />
          {model.mayChange ? (
            <Form action={`/admin/events/${encodeURIComponent(event.id)}/replay`} csrf={viewer.csrf}>
              <p class="hint">
                Applying an event again is safe: what it says is done once, however often it is applied.
              </p>
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

function waitingFacts(
  { why, freedBy }: NonNullable<EventRowModel['waiting']>,
  nextLookAt: Date | null,
): [name: string, value: ComponentChildren][] {
  const next = nextLookAt === null ? 'At once' : <Moment at={nextLookAt} reader={anybody} />;
  return [
    ['Why it waits', why],
    ['What frees it', freedBy],
    ['Next look', next],
  ];
}
