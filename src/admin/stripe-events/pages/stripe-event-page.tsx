import type { Children } from '#jsx/jsx-runtime';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Banner, DescriptionList, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav, TimeZoneHint } from '../../pages/admin-components.js';
import { EventDetail, StripeEventBadge } from './stripe-event-list-page.js';
import type { StripeEventPageModel } from '../stripe-event-page-loader.js';
import type { StripeEventDto } from '../../../billing/index.js';

const outcomeTones = { applied: 'good', ignored: 'note', parked: 'warn' } as const;

/** One event of Stripe's, with its payload. Posts to /admin/events/{id}/replay. */
export function stripeEventPage(model: StripeEventPageModel): string {
  return renderPage(<StripeEventPage model={model} />, model.viewer);
}

function StripeEventPage({ model }: { model: StripeEventPageModel }) {
  const { event, replayed, viewer } = model;
  const t = useTranslate();
  return (
    <Layout title={event.type} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="events" />
      <h1>
        <code>{event.type}</code>
      </h1>
      {replayed ? (
        <Banner tone={outcomeTones[replayed]}>{t(`console.event.replayed.${replayed}`)}</Banner>
      ) : null}
      <ErrorBanner text={model.problem} />
      <div class="stack">
        <Section id="about" title={t('console.event.result')}>
          <DescriptionList
            items={[
              [t('console.event.status'), <StripeEventBadge status={event.status} />],
              [t('console.event.detail'), <EventDetail detail={event.detail} />],
              [
                t('console.event.waitsFor'),
                event.waitingKey === null ? '—' : <code>{event.waitingKey}</code>,
              ],
              ...(event.waiting === null ? [] : waitingDetails(t, event.waiting, event.nextRetryAt)),
              [t('console.event.failures'), String(event.failures)],
              [t('console.event.created'), <DateTime at={event.createdAt} />],
              [t('console.event.received'), <DateTime at={event.receivedAt} />],
              [t('console.event.id'), <code>{event.id}</code>],
            ]}
          />
          {model.mayChange ? (
            <Form action={`/admin/events/${encodeURIComponent(event.id)}/replay`} csrf={viewer.csrf}>
              <p class="hint">{t('console.event.replayHint')}</p>
              <SubmitButton tone="plain">{t('console.event.replay')}</SubmitButton>
            </Form>
          ) : null}
        </Section>
        <Section id="payload" title={t('console.event.payload')}>
          <pre class="payload">{model.payload}</pre>
        </Section>
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

function waitingDetails(
  t: Translate,
  { why, freedBy }: NonNullable<StripeEventDto['waiting']>,
  nextRetryAt: Date | null,
): [name: string, value: Children][] {
  const next = nextRetryAt === null ? t('console.event.atOnce') : <DateTime at={nextRetryAt} />;
  return [
    [t('console.event.why'), why],
    [t('console.event.freedBy'), freedBy],
    [t('console.event.nextRetry'), next],
  ];
}
