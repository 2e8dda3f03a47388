import { Field, Form, SubmitButton } from '../../platform/pages/form.js';
import { Section } from '../../platform/pages/parts.js';
import { useWords } from '../../platform/pages/use-words.js';
import type { AdminUserModel } from '../pages/admin-model.js';

/** What staff do at a person's request. Posts `email` to /admin/users/{id}/erase. */
export function LifeSection({ model: { user, viewer } }: { model: AdminUserModel }) {
  const t = useWords();
  return (
    <Section id="life" title={t('merge.account.title')}>
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
