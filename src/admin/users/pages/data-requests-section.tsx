import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { UserPageModel } from './user-page-model.js';

/** What staff do at a person's request. Posts `email` to /admin/users/{id}/erase. */
export function DataRequestsSection({ model: { user, viewer } }: { model: UserPageModel }) {
  const t = useTranslate();
  return (
    <Section id="life" title={t('merge.account.dataRequests')}>
      <p>
        <a href={`/admin/merges?${new URLSearchParams({ from: user.id, into: '' }).toString()}`}>
          {t('merge.account.mergeInto')}
        </a>
      </p>
      <p>
        <a href={`/admin/users/${user.id}/export`}>{t('merge.account.export')}</a>
        <span class="hint block">{t('merge.account.exportHint')}</span>
      </p>
      <h3>{t('merge.account.erase')}</h3>
      <p class="hint">{t('merge.account.eraseHint')}</p>
      <Form action={`/admin/users/${user.id}/erase`} csrf={viewer.csrf}>
        <Field
          id="erase-email"
          name="email"
          type="email"
          autocomplete="off"
          label={t('merge.account.address')}
          maxLength={254}
          required
        />
        <SubmitButton tone="danger">{t('merge.account.eraseNow')}</SubmitButton>
      </Form>
    </Section>
  );
}
