import { formatNumber } from '../../../platform/ui/format.js';
import type { EndpointDto, ListedDelivery, TestResultDto } from '../../../outgoing-webhooks/index.js';
import type { FormFields } from '../../../platform/http/form-fields.js';
import {
  Banner,
  CopyButton,
  DescriptionList,
  ErrorBanner,
  Section,
} from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import type { ListView } from '../../lists/list-view.js';
import { AdminNav } from '../../pages/admin-components.js';
import { deliveryColumns } from './deliveries-page.js';
import { EndpointFields, EndpointState, fieldsOf } from './endpoint-fields.js';

/** What the page may say was done. */
export const endpointNotices = ['changed', 'enabled', 'disabled', 'redelivered', 'repeated'] as const;

/**
 * The page of one endpoint. `secret`: the one that was just made; `testResult`: what the receiver
 * answered just now; `fields`: what was typed.
 */
export interface EndpointPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  idempotencyKey: string;
  endpoint: EndpointDto;
  deliveries: ListView<ListedDelivery>;
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
  const { endpoint, mayChange } = model;
  const redelivery: ListColumn<ListedDelivery> = {
    head: t('webhookPages.column.actions'),
    cell: ({ id }) => (
      <Form
        action={`/admin/webhooks/${endpoint.id}/deliveries/${id}/redeliver`}
        csrf={model.viewer.csrf}
        inline
      >
        <SubmitButton tone="plain">{t('webhookPages.delivery.redeliver')}</SubmitButton>
      </Form>
    ),
  };
  return (
    <Section id="deliveries" title={t('webhookPages.deliveries')}>
      <ListSection
        view={model.deliveries}
        columns={[...deliveryColumns(t), ...(mayChange && endpoint.enabled ? [redelivery] : [])]}
        keyOf={({ id }) => id}
      />
    </Section>
  );
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
