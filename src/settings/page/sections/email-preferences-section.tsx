import { Form, SettingsButton } from '../../../platform/ui/form.js';
import { Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { SettingsPageModel } from '../settings-page-model.js';

/** Which emails a person wants. Posts a box for each kind to /settings/emails. */
export function EmailPreferencesSection({ model: { optionalEmails, viewer } }: { model: SettingsPageModel }) {
  const t = useTranslate();
  return (
    <Section id="emails" title={t('emailPreferences.title')}>
      <p class="hint">{t('emailPreferences.hint')}</p>
      <Form action="/settings/emails" csrf={viewer.csrf}>
        {optionalEmails.map(({ kind, isWanted }) => (
          <label key={kind} class="check">
            <input type="checkbox" name={kind} value="yes" checked={isWanted} />{' '}
            {t(`emailPreferences.${kind}`)}
          </label>
        ))}
        <SettingsButton>{t('emailPreferences.save')}</SettingsButton>
      </Form>
    </Section>
  );
}
