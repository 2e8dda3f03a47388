import type { CapturedMail } from '../../../notifications/index.js';
import { Banner, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { AdminNav, TimeZoneHint } from '../../pages/admin-components.js';
import type { InstallationReport } from '../installation-checks.js';
import { FindingsList } from './findings-list.js';

/** The page of the installation. `hasEndpoint`: Stripe has a webhook endpoint to set up. */
export interface InstallationPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  report: InstallationReport | null;
  hasEndpoint: boolean;
  capturedMail: CapturedMail;
  email: string;
  notice: 'checked' | 'emailed' | null;
  problem: string | null;
}

/**
 * What the checks found. Posts to /admin/installation/check and /admin/installation/test-email;
 * leads to /admin/installation/stripe-endpoint.
 */
export function installationPage(model: InstallationPageModel): string {
  return renderPage(<InstallationPage {...model} />, model.viewer);
}

function InstallationPage(model: InstallationPageModel) {
  const t = useTranslate();
  const { viewer, mayChange, report, notice, problem, email } = model;
  return (
    <Layout title={t('installation.title')} viewer={viewer} width="wide" current="/admin">
      <AdminNav current="installation" />
      <h1>{t('installation.title')}</h1>
      {notice ? <Banner tone="good">{t(`installation.done.${notice}`, { email })}</Banner> : null}
      <ErrorBanner text={problem} />
      <div class="stack">
        <Section id="findings" title={t('installation.findings')}>
          {report === null ? (
            <p>{t('installation.notYet')}</p>
          ) : (
            <>
              <p>
                {t('installation.checkedAt')} <DateTime at={report.checkedAt} />
              </p>
              <FindingsList findings={report.findings} />
            </>
          )}
          {mayChange ? (
            <Form action="/admin/installation/check" csrf={viewer.csrf}>
              <SubmitButton tone="plain">{t('installation.checkNow')}</SubmitButton>
            </Form>
          ) : null}
        </Section>
        {mayChange ? <TestEmailSection {...model} /> : null}
        {mayChange && model.hasEndpoint ? <EndpointSection /> : null}
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

function TestEmailSection({ viewer, email, capturedMail }: InstallationPageModel) {
  const t = useTranslate();
  return (
    <Section id="email" title={t('installation.email.title')}>
      <p>{t('installation.email.hint', { email })}</p>
      {capturedMail === 'at_dev_mail' ? (
        <p class="hint">
          {t('verify.captured')} <a href="/dev/mail">/dev/mail</a>
        </p>
      ) : null}
      <Form action="/admin/installation/test-email" csrf={viewer.csrf}>
        <SubmitButton tone="plain">{t('installation.email.send')}</SubmitButton>
      </Form>
    </Section>
  );
}

function EndpointSection() {
  const t = useTranslate();
  return (
    <Section id="stripe-endpoint" title={t('installation.endpoint.title')}>
      <p>{t('installation.endpoint.hint')}</p>
      <a class="btn" data-tone="plain" href="/admin/installation/stripe-endpoint">
        {t('installation.endpoint.show')}
      </a>
    </Section>
  );
}
