import { Form, SubmitButton } from '../../platform/ui/form.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';

/** Who is signed in, whom the link would sign in, and a path of this site to go to. */
export interface SsoPageModel {
  viewer: Viewer;
  name: string;
  token: string;
  target: string;
}

/** The page that asks before an SSO link replaces the session of another person. */
export function ssoPage(model: SsoPageModel, locale: string): string {
  return renderPage(<SsoPage {...model} />, locale);
}

function SsoPage({ viewer, name, token, target }: SsoPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('sso.title')} viewer={viewer} width="narrow">
      <h1>{t('sso.title')}</h1>
      <p>{t('sso.question', { present: viewer.label, name })}</p>
      <div class="card actions">
        <Form action="/sso" csrf={viewer.csrf}>
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="next" value={target} />
          <input type="hidden" name="timeZone" value="" data-time-zone />
          <SubmitButton>{t('sso.continue', { name })}</SubmitButton>
        </Form>
        <a class="btn" data-tone="plain" href={target}>
          {t('sso.stay', { present: viewer.label })}
        </a>
      </div>
    </Layout>
  );
}
