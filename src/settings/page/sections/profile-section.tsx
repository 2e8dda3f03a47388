import { translations } from '../../../platform/i18n/translations.js';
import { Field, Form, SelectField, SettingsButton, PrerenderedOptions } from '../../../platform/ui/form.js';
import { Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsPageModel } from '../settings-page-model.js';

const zoneNames = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
const zoneOptions = new PrerenderedOptions(
  [...zoneNames].map((name) => [name, name.replaceAll('_', ' ')] as const),
);

/** How one is named and addressed. Posts `displayName`, `locale` and `timeZone` to /settings/profile. */
export function ProfileSection({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  const { user } = model;
  return (
    <Section id="profile" title={t('settings.titles.profile')}>
      <SectionProblem model={model} section="profile" />
      <Form action="/settings/profile" csrf={model.viewer.csrf}>
        <Field
          id="displayName"
          name="displayName"
          label={t('profile.displayName')}
          value={user.displayName ?? ''}
          autocomplete="nickname"
          maxLength={80}
          hint={t('profile.displayNameHint', { name: user.publicName })}
        />
        <div class="field-pair">
          <SelectField
            id="locale"
            name="locale"
            label={t('profile.language')}
            value={user.locale}
            options={includeCurrent(translations.locales, user.locale).map(
              (own) => [own, localeName(own)] as const,
            )}
          />
          <SelectField
            id="timeZone"
            name="timeZone"
            label={t('profile.timeZone')}
            value={user.timeZone}
            options={zoneOptions}
          />
        </div>
        <SettingsButton tone="main">{t('emailPreferences.save')}</SettingsButton>
      </Form>
    </Section>
  );
}

/** The list with what is set already, in case it is not listed. */
function includeCurrent(all: readonly string[], current: string): string[] {
  return [...new Set([...all, current])];
}

const languageNames = new Intl.DisplayNames('en', { type: 'language' });

/** A language in its own words; one that there are no words of is named by the machine's tables. */
function localeName(locale: string): string {
  if (translations.locales.includes(locale)) return translations.forLocale(locale)('language.name');
  try {
    return languageNames.of(locale) ?? locale;
  } catch {
    return locale; // stored text that names no language
  }
}
