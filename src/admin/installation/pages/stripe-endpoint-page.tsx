import type { EndpointSetup } from '../../../billing/index.js';
import { Banner, CopyButton } from '../../../platform/ui/components.js';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { AdminNav } from '../../pages/admin-components.js';

/** What would be done about the webhook endpoint at Stripe (`isPlan`), or was done. */
export interface StripeEndpointPageModel {
  viewer: StaffViewer;
  setup: EndpointSetup;
  isPlan: boolean;
}

/** The page; it posts `planned`, what it showed, to /admin/installation/stripe-endpoint. */
export function stripeEndpointPage(model: StripeEndpointPageModel): string {
  return renderPage(<StripeEndpointPage {...model} />, model.viewer);
}

function StripeEndpointPage({ viewer, setup, isPlan }: StripeEndpointPageModel) {
  const t = useTranslate();
  const { outcome, url, id, apiVersion, addedTypes, secret } = setup;
  const key = `installation.endpoint.${isPlan ? 'plan' : 'done'}.${outcome}`;
  return (
    <Layout
      title={t('installation.endpoint.title')}
      viewer={viewer}
      width="wide"
      current="/admin"
      address={secret === null ? undefined : null}
    >
      <AdminNav current="installation" />
      <h1>{t('installation.endpoint.title')}</h1>
      <Banner tone={toneOf(outcome, isPlan)}>
        {t(key, { id: id ?? '', types: addedTypes.length, version: apiVersion ?? '' })}
      </Banner>
      <div class="card">
        <p>
          <code>{url}</code>
        </p>
        {addedTypes.length === 0 ? null : (
          <>
            <p>{t('installation.endpoint.types')}</p>
            <p>
              <code>{addedTypes.join(', ')}</code>
            </p>
          </>
        )}
        {secret === null ? null : <Secret secret={secret} />}
        {isPlan && outcome !== 'unchanged' ? (
          <Form action="/admin/installation/stripe-endpoint" csrf={viewer.csrf}>
            <input type="hidden" name="planned" value={outcome} />
            <SubmitButton>{t(`installation.endpoint.button.${outcome}`)}</SubmitButton>
          </Form>
        ) : null}
        <p>
          <a href="/admin/installation">{t('installation.endpoint.back')}</a>
        </p>
      </div>
    </Layout>
  );
}

function Secret({ secret }: { secret: string }) {
  const t = useTranslate();
  const line = `STRIPE_WEBHOOK_SECRET=${secret}`;
  return (
    <Banner tone="warn">
      <p>{t('installation.endpoint.secret')}</p>
      <p>
        <code>{line}</code>
      </p>
      <CopyButton text={line} label={t('installation.endpoint.copy')} />
    </Banner>
  );
}

function toneOf(outcome: EndpointSetup['outcome'], isPlan: boolean) {
  if (outcome === 'unchanged' || !isPlan) return 'good';
  return outcome === 'disabled' || outcome === 'other_version' ? 'warn' : 'note';
}
