import { formatNumber } from '../../../platform/ui/format.js';
import {
  deliveryStatuses,
  type DeliveryDto,
  type DeliveryStatus,
  type EndpointDto,
  type TestResultDto,
} from '../../../outgoing-webhooks/index.js';
import type { FormFields } from '../../../platform/http/form-fields.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import {
  Badge,
  Banner,
  CopyButton,
  DescriptionList,
  EmptyState,
  ErrorBanner,
  Section,
  type Tone,
} from '../../../platform/ui/components.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Form, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import type { StaffViewer } from '../../admin-forms.js';
import { AdminNav } from '../../pages/admin-components.js';
import { EndpointFields, EndpointState, fieldsOf } from './endpoint-fields.js';

/** What the page may say was done. */
export const endpointNotices = ['changed', 'enabled', 'disabled', 'redelivered', 'repeated'] as const;

/**
 * The page of one endpoint. `secret`: the one that was just made; `testResult`: what the receiver
 * answered just now; `fields`: what was typed; `status`: which deliveries are shown, null: all.
 */
export interface EndpointPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  idempotencyKey: string;
  endpoint: EndpointDto;
  deliveries: DeliveryDto[];
  status: DeliveryStatus | null;
  nextHref: string | null;
  secret: string | null;
  testResult: TestResultDto | null;
  notice: (typeof endpointNotices)[number] | null;
  problem: string | null;
  fields: FormFields | null;
}

/** One endpoint, what can be done about it, and its deliveries, newest first. */
export function endpointPage(model: EndpointPageModel): string {
  return renderPage(<EndpointPage model={model} />, model.viewer);
}

function EndpointPage({ model }: { model: EndpointPageModel }) {
  const t = useTranslate();
  const { endpoint, viewer, mayChange } = model;
  return (
    <Layout
      title={t('webhookPages.one')}
      viewer={viewer}
      width="wide"
      current="/admin"
      address={model.secret === null ? undefined : null}
    >
      <AdminNav current="webhooks" />
      <h1>{t('webhookPages.one')}</h1>
      <p>{endpoint.url}</p>
      {model.secret === null ? null : <NewSecret secret={model.secret} />}
      {model.notice ? <Banner tone="good">{t(`webhookPages.done.${model.notice}`)}</Banner> : null}
      <ErrorBanner text={model.problem} />
      {model.testResult === null ? null : <TestResult result={model.testResult} />}
      <div class="stack">
        <Section id="endpoint" title={t('webhookPages.about')}>
          <Facts endpoint={endpoint} />
          {mayChange ? <Actions model={model} /> : null}
        </Section>
        <Deliveries model={model} />
        {mayChange ? <Change model={model} /> : null}
      </div>
    </Layout>
  );
}

function NewSecret({ secret }: { secret: string }) {
  const t = useTranslate();
  return (
    <Banner tone="good">
      <p>{t('webhookPages.secret')}</p>
      <p>
        <code>{secret}</code>
      </p>
      <CopyButton text={secret} label={t('webhookPages.copySecret')} />
    </Banner>
  );
}

function TestResult({ result: { accepted, status, error, body, durationMs } }: { result: TestResultDto }) {
  const t = useTranslate();
  return (
    <Banner tone={accepted ? 'good' : 'bad'}>
      <p>
        {t(accepted ? 'webhookPages.test.accepted' : 'webhookPages.test.refused', {
          answer: status === null ? (error ?? '—') : `HTTP ${status}`,
          ms: formatNumber(t, durationMs),
        })}
      </p>
      {body === '' ? null : <pre>{body}</pre>}
    </Banner>
  );
}

function Facts({ endpoint }: { endpoint: EndpointDto }) {
  const t = useTranslate();
  const { events, description, disabledAt, failingSince, previousSecretUntil, createdAt } = endpoint;
  const since = disabledAt ?? failingSince;
  return (
    <DescriptionList
      items={[
        [
          t('webhookPages.column.state'),
          <>
            <EndpointState endpoint={endpoint} /> {since === null ? null : <DateTime at={since} />}
          </>,
        ],
        [
          t('webhookPages.events'),
          events === null ? t('webhookPages.allEvents') : <code>{events.join(', ')}</code>,
        ],
        ...(description === null
          ? []
          : [[t('webhookPages.column.description'), description] as [string, string]]),
        [t('webhookPages.column.created'), <DateTime at={createdAt} />],
        ...(previousSecretUntil === null
          ? []
          : [
              [t('webhookPages.previousSecretUntil'), <DateTime at={previousSecretUntil} />] as [
                string,
                ReturnType<typeof DateTime>,
              ],
            ]),
      ]}
    />
  );
}

function Actions({ model: { endpoint, viewer, idempotencyKey } }: { model: EndpointPageModel }) {
  const t = useTranslate();
  const action = (name: string) => `/admin/webhooks/${endpoint.id}/${name}`;
  return (
    <div class="actions">
      <Form action={action('test')} csrf={viewer.csrf} inline>
        <SubmitButton>{t('webhookPages.sendTest')}</SubmitButton>
      </Form>
      <Form action={action(endpoint.enabled ? 'disable' : 'enable')} csrf={viewer.csrf} inline>
        <SubmitButton tone="plain">
          {t(endpoint.enabled ? 'webhookPages.disable' : 'webhookPages.enable')}
        </SubmitButton>
      </Form>
      <Form action={action('rotate-secret')} csrf={viewer.csrf} inline>
        <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
        <SubmitButton tone="plain">{t('webhookPages.rotate')}</SubmitButton>
      </Form>
      <details class="more">
        <summary>{t('webhookPages.delete')}</summary>
        <Form action={action('delete')} csrf={viewer.csrf}>
          <p>{t('webhookPages.deleteHint')}</p>
          <SubmitButton tone="danger">{t('webhookPages.deleteNow')}</SubmitButton>
        </Form>
      </details>
    </div>
  );
}

function Deliveries({ model }: { model: EndpointPageModel }) {
  const t = useTranslate();
  const { endpoint, deliveries, status } = model;
  const next = model.nextHref === null ? null : safeHref(model.nextHref);
  return (
    <Section id="deliveries" title={t('webhookPages.deliveries')}>
      <form
        method="get"
        action={`/admin/webhooks/${endpoint.id}`}
        class="form form-inline"
        role="search"
        aria-label={t('webhookPages.deliveries')}
      >
        <SelectField
          id="status"
          name="status"
          label={t('webhookPages.delivery.status')}
          value={status ?? ''}
          options={[
            ['', t('webhookPages.delivery.all')],
            ...deliveryStatuses.map((own) => [own, t(`webhookPages.delivery.statuses.${own}`)] as const),
          ]}
        />
        <SubmitButton tone="plain">{t('webhookPages.delivery.show')}</SubmitButton>
      </form>
      {deliveries.length === 0 ? (
        <EmptyState title={t('webhookPages.delivery.empty')}>
          {t(status === null ? 'webhookPages.delivery.emptyHint' : 'webhookPages.delivery.noneWithStatus')}
        </EmptyState>
      ) : (
        <DataTable
          caption={t('webhookPages.delivery.caption')}
          columns={deliveryColumns(t, model)}
          rows={deliveries}
          keyOf={({ id }) => id}
        />
      )}
      {next ? (
        <p>
          <a href={next}>{t('webhookPages.delivery.more')}</a>
        </p>
      ) : null}
    </Section>
  );
}

const tones: Record<DeliveryStatus, Tone> = {
  pending: 'note',
  delivered: 'good',
  failed: 'warn',
  dead: 'bad',
};

function deliveryColumns(t: Translate, model: EndpointPageModel): Column<DeliveryDto>[] {
  const { endpoint, viewer, mayChange } = model;
  const action = (id: string) => `/admin/webhooks/${endpoint.id}/deliveries/${id}/redeliver`;
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
    { head: t('webhookPages.column.created'), cell: ({ createdAt }) => <DateTime at={createdAt} /> },
    {
      head: t('webhookPages.delivery.lastAttempt'),
      cell: ({ lastAttemptAt }) => (lastAttemptAt === null ? '—' : <DateTime at={lastAttemptAt} />),
    },
    {
      head: t('webhookPages.delivery.nextAttempt'),
      cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? '—' : <DateTime at={nextAttemptAt} />),
    },
    ...(mayChange && endpoint.enabled
      ? [
          {
            head: t('webhookPages.column.actions'),
            cell: ({ id }: DeliveryDto) => (
              <Form action={action(id)} csrf={viewer.csrf} inline>
                <SubmitButton tone="plain">{t('webhookPages.delivery.redeliver')}</SubmitButton>
              </Form>
            ),
          },
        ]
      : []),
  ];
}

function Change({ model: { endpoint, viewer, fields } }: { model: EndpointPageModel }) {
  const t = useTranslate();
  return (
    <Section id="change" title={t('webhookPages.change')}>
      <Form action={`/admin/webhooks/${endpoint.id}/change`} csrf={viewer.csrf}>
        <EndpointFields fields={fields ?? fieldsOf(endpoint)} />
        <SubmitButton>{t('webhookPages.save')}</SubmitButton>
      </Form>
    </Section>
  );
}
