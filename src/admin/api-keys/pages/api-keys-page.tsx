import { formatNumber } from '../../../platform/ui/format.js';
import type { ApiKeyDetails, CreatedApiKey } from '../../../auth/index.js';
import { textField, type FormFields } from '../../../platform/http/form-fields.js';
import { scopes } from '../../../platform/security/api-key.js';
import { Badge, Banner, CopyButton, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import type { ListView } from '../../lists/list-view.js';
import { AdminNav } from '../../pages/admin-components.js';
import { overlaps, scopeField, usualOverlap } from '../api-key-form.js';

/**
 * The page of API keys. `created`: the key that was just made, with its token; `fields`: what was
 * typed; `idempotencyKey` makes sending a form twice one key.
 */
export interface ApiKeysPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  idempotencyKey: string;
  list: ListView<ApiKeyDetails>;
  created: CreatedApiKey | null;
  notice: 'revoked' | 'repeated' | null;
  problem: string | null;
  fields: FormFields;
}

/**
 * Keys, newest first, and the form for one. Posts to /admin/api-keys, and to its {id}/rotate and
 * {id}/revoke.
 */
export function apiKeysPage(model: ApiKeysPageModel): string {
  return renderPage(<ApiKeysPage model={model} />, model.viewer);
}

function ApiKeysPage({ model }: { model: ApiKeysPageModel }) {
  const t = useTranslate();
  return (
    <Layout
      title={t('apiKeys.title')}
      viewer={model.viewer}
      width="wide"
      current="/admin/users"
      address={model.created === null ? undefined : null}
    >
      <AdminNav current="api-keys" />
      <h1>{t('apiKeys.title')}</h1>
      {model.created ? <CreatedKey created={model.created} /> : null}
      {model.notice ? (
        <Banner tone={model.notice === 'revoked' ? 'good' : 'note'}>
          {t(`apiKeys.done.${model.notice}`)}
        </Banner>
      ) : null}
      <ErrorBanner text={model.problem} />
      <p>{t('apiKeys.intro')}</p>
      <div class="stack">
        <Section id="keys" title={t('apiKeys.list')}>
          <Keys model={model} />
        </Section>
        {model.mayChange ? <NewKey model={model} /> : null}
      </div>
    </Layout>
  );
}

function CreatedKey({ created: { key, token } }: { created: CreatedApiKey }) {
  const t = useTranslate();
  return (
    <Banner tone="good">
      <p>{t('apiKeys.created', { name: key.name })}</p>
      <p>
        <code>{token}</code>
      </p>
      <CopyButton text={token} label={t('apiKeys.copy')} />
    </Banner>
  );
}

function Keys({ model }: { model: ApiKeysPageModel }) {
  const t = useTranslate();
  const columns: ListColumn<ApiKeyDetails>[] = [
    {
      head: t('apiKeys.column.name'),
      cell: (key) => (
        <>
          {key.name} <State apiKey={key} />
          {key.origins.length > 0 ? <span class="hint block">{key.origins.join(' ')}</span> : null}
        </>
      ),
    },
    {
      head: t('apiKeys.column.created'),
      sortBy: 'created',
      cell: ({ createdAt }) => <DateTime at={createdAt} dateOnly />,
    },
    { head: t('apiKeys.column.scopes'), cell: ({ scopes: own }) => <code>{own.join(', ')}</code> },
    {
      head: t('apiKeys.column.limit'),
      kind: 'numeric',
      cell: ({ requestsPerMinute }) => formatNumber(t, requestsPerMinute),
    },
    {
      head: t('apiKeys.column.lastUsed'),
      cell: ({ lastUsedAt }) => <OptionalTime at={lastUsedAt} otherwise={t('apiKeys.neverUsed')} />,
    },
    {
      head: t('apiKeys.column.expires'),
      cell: ({ expiresAt }) => <OptionalTime at={expiresAt} otherwise={t('apiKeys.neverExpires')} />,
    },
    ...(model.mayChange
      ? [
          {
            head: t('apiKeys.column.actions'),
            cell: (key: ApiKeyDetails) => <Actions apiKey={key} model={model} />,
          },
        ]
      : []),
  ];
  return <ListSection view={model.list} columns={columns} keyOf={({ id }) => id} />;
}

function State({ apiKey: { state, replacedBy } }: { apiKey: ApiKeyDetails }) {
  const t = useTranslate();
  if (state !== 'active') return <Badge tone="bad">{t(`apiKeys.state.${state}`)}</Badge>;
  return replacedBy === null ? null : <Badge tone="warn">{t('apiKeys.state.replaced')}</Badge>;
}

function OptionalTime({ at, otherwise }: { at: Date | null; otherwise: string }) {
  return at === null ? <>{otherwise}</> : <DateTime at={at} />;
}

function Actions({ apiKey, model }: { apiKey: ApiKeyDetails; model: ApiKeysPageModel }) {
  const t = useTranslate();
  if (apiKey.state !== 'active') return null;
  const action = (name: 'rotate' | 'revoke') => `/admin/api-keys/${apiKey.id}/${name}`;
  return (
    <>
      {apiKey.replacedBy === null ? (
        <Form action={action('rotate')} csrf={model.viewer.csrf} inline>
          <input type="hidden" name="idempotencyKey" value={`${model.idempotencyKey}-${apiKey.id}`} />
          <label>
            {t('apiKeys.overlapHours')}{' '}
            <select name="overlapHours">
              {overlaps.map((hours) => (
                <option key={hours} value={hours} selected={hours === usualOverlap}>
                  {t(`apiKeys.overlap.${hours}`)}
                </option>
              ))}
            </select>
          </label>
          <SubmitButton tone="plain">{t('apiKeys.rotate')}</SubmitButton>
        </Form>
      ) : null}
      <Form action={action('revoke')} csrf={model.viewer.csrf} inline>
        <SubmitButton tone="danger">{t('apiKeys.revoke')}</SubmitButton>
      </Form>
    </>
  );
}

function NewKey({ model: { viewer, idempotencyKey, fields } }: { model: ApiKeysPageModel }) {
  const t = useTranslate();
  const typed = (name: string) => textField(fields, name);
  return (
    <Section id="new" title={t('apiKeys.new')}>
      <Form action="/admin/api-keys" csrf={viewer.csrf}>
        <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
        <Field
          id="name"
          name="name"
          label={t('apiKeys.name')}
          hint={t('apiKeys.nameHint')}
          value={typed('name')}
          maxlength={100}
          required
        />
        <fieldset class="field-group">
          <legend>{t('apiKeys.scopes')}</legend>
          {scopes.map((scope) => (
            <label key={scope} class="check">
              <input
                type="checkbox"
                name={scopeField(scope)}
                value="yes"
                checked={typed(scopeField(scope)) === 'yes'}
              />
              <span>
                <code>{scope}</code> {t(`apiKeys.scope.${scope.replace(':', '_') as 'people_read'}`)}
              </span>
            </label>
          ))}
        </fieldset>
        <Field
          id="origins"
          name="origins"
          label={t('apiKeys.origins')}
          hint={t('apiKeys.originsHint')}
          value={typed('origins')}
          maxlength={2000}
        />
        <div class="field-pair">
          <Field
            id="expiresInDays"
            name="expiresInDays"
            type="number"
            min={1}
            max={3650}
            label={t('apiKeys.expiresInDays')}
            hint={t('apiKeys.expiresInDaysHint')}
            value={typed('expiresInDays')}
          />
          <Field
            id="requestsPerMinute"
            name="requestsPerMinute"
            type="number"
            min={1}
            max={1_000_000}
            label={t('apiKeys.requestsPerMinute')}
            hint={t('apiKeys.requestsPerMinuteHint')}
            value={typed('requestsPerMinute')}
          />
        </div>
        <SubmitButton>{t('apiKeys.create')}</SubmitButton>
      </Form>
    </Section>
  );
}
