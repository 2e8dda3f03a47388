import type { EndpointDto } from '../../../outgoing-webhooks/index.js';
import type { FormFields } from '../../../platform/http/form-fields.js';
import { Banner, EmptyState, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { DataTable } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { listPaths } from '../../lists/list-view.js';
import { AdminNav } from '../../pages/admin-components.js';
import { EndpointFields, EndpointState } from './endpoint-fields.js';

/** The page of webhook endpoints. `fields`: what was typed. */
export interface EndpointsPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  idempotencyKey: string;
  endpoints: EndpointDto[];
  notice: 'deleted' | 'repeated' | null;
  problem: string | null;
  fields: FormFields;
}

/** Endpoints, oldest first, and the form for one. Posts to /admin/webhooks. */
export function endpointsPage(model: EndpointsPageModel): string {
  return renderPage(<EndpointsPage {...model} />, model.viewer);
}

function EndpointsPage(model: EndpointsPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('webhookPages.title')} viewer={model.viewer} width="wide" current="/admin">
      <AdminNav current="webhooks" />
      <h1>{t('webhookPages.title')}</h1>
      {model.notice ? (
        <Banner tone={model.notice === 'deleted' ? 'good' : 'note'}>
          {t(`webhookPages.done.${model.notice}`)}
        </Banner>
      ) : null}
      <ErrorBanner text={model.problem} />
      <p>{t('webhookPages.intro')}</p>
      <div class="stack">
        <Section id="endpoints" title={t('webhookPages.list')}>
          {model.endpoints.length === 0 ? (
            <EmptyState title={t('webhookPages.empty')}>{t('webhookPages.emptyHint')}</EmptyState>
          ) : (
            <>
              <EndpointTable endpoints={model.endpoints} />
              <p>
                <a href={listPaths.deliveries}>{t('webhookPages.allDeliveries')}</a>
              </p>
            </>
          )}
        </Section>
        {model.mayChange ? <NewEndpoint model={model} /> : null}
      </div>
    </Layout>
  );
}

function EndpointTable({ endpoints }: { endpoints: EndpointDto[] }) {
  const t = useTranslate();
  return (
    <DataTable
      caption={t('webhookPages.caption')}
      columns={[
        {
          head: t('webhookPages.url'),
          cell: ({ id, url, description }) => (
            <>
              <a href={`/admin/webhooks/${id}`}>{url}</a>
              {description === null ? null : <span class="hint block">{description}</span>}
            </>
          ),
        },
        {
          head: t('webhookPages.events'),
          cell: ({ events }) =>
            events === null ? t('webhookPages.allEvents') : <code>{events.join(', ')}</code>,
        },
        { head: t('webhookPages.column.state'), cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
        {
          head: t('webhookPages.column.created'),
          cell: ({ createdAt }) => <DateTime at={createdAt} />,
        },
      ]}
      rows={endpoints}
      keyOf={({ id }) => id}
    />
  );
}

function NewEndpoint({ model: { viewer, idempotencyKey, fields } }: { model: EndpointsPageModel }) {
  const t = useTranslate();
  return (
    <Section id="new" title={t('webhookPages.new')}>
      <Form action="/admin/webhooks" csrf={viewer.csrf}>
        <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
        <EndpointFields fields={fields} />
        <SubmitButton>{t('webhookPages.create')}</SubmitButton>
      </Form>
    </Section>
  );
}
