import { getBrand } from '../../platform/brand.js';
import { Banner } from '../../platform/ui/components.js';
import { Form, SubmitButton } from '../../platform/ui/form.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import type { StaffRole } from './staff-invitation.entity.js';

/**
 * An invitation as its link shows it. `maskedEmail` is null for the first admin's, which is for any
 * address; `isTheirs`: the viewer is signed in with its address.
 */
export interface StaffInvitationPageModel {
  viewer: Viewer | null;
  role: StaffRole;
  maskedEmail: string | null;
  isTheirs: boolean;
  token: string;
  path: string;
}

/** The page of an invitation. It posts `token` to /staff-invitation. */
export function staffInvitationPage(model: StaffInvitationPageModel, locale?: string): string {
  return renderPage(<StaffInvitationPage {...model} />, locale);
}

function StaffInvitationPage(model: StaffInvitationPageModel) {
  const { viewer, role, maskedEmail, isTheirs, token, path } = model;
  const t = useTranslate();
  return (
    <Layout title={t('staff.accept.title')} viewer={viewer} width="narrow">
      <h1>{t('staff.accept.title')}</h1>
      <p>
        {t(maskedEmail === null ? 'staff.accept.first' : `staff.accept.${role}`, {
          product: getBrand().productName,
        })}
      </p>
      {viewer !== null && !isTheirs ? (
        <Banner tone="warn">{t('staff.accept.another', { address: maskedEmail ?? '' })}</Banner>
      ) : null}
      <div class="card">
        {isTheirs && viewer !== null ? (
          <Form action={path} csrf={viewer.csrf}>
            <input type="hidden" name="token" value={token} />
            <p>{t('staff.accept.as', { name: viewer.label })}</p>
            <SubmitButton>{t('staff.accept.button')}</SubmitButton>
          </Form>
        ) : (
          <>
            <p>
              {maskedEmail === null
                ? t('staff.accept.signInAny')
                : t('staff.accept.signIn', { address: maskedEmail })}
            </p>
            <a class="btn" data-tone="main" href={`/login?again=1&next=${encodeURIComponent(path)}`}>
              {t('login.title')}
            </a>
          </>
        )}
      </div>
    </Layout>
  );
}
