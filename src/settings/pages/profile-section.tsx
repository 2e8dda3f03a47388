import { wordBook } from '../../platform/locale/words.js';
import { Field, Form, SelectField } from '../../platform/pages/form.js';
import { LongOptions } from '../../platform/pages/long-options.js';
import { Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { useWords } from '../../platform/pages/use-words.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsModel } from './settings-model.js';

const zoneNames = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
const zones = new LongOptions([...zoneNames].map((name) => [name, name.replaceAll('_', ' ')] as const));

/** How one is named and addressed. Posts `displayName`, `locale` and `timeZone` to /settings/profile. */
export function ProfileSection({ model }: { model: SettingsModel }) {
  const t = useWords();
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
          hint={t('profile.named', { name: user.shownAs })}
        />
        <div class="field-pair">
          <SelectField
            id="locale"
            name="locale"
            label={t('profile.language')}
            value={user.locale}
            options={withOwn(wordBook.locales, user.locale).map((own) => [own, localeName(own)] as const)}
          />
          <SelectField
            id="timeZone"
            name="timeZone"
            label={t('profile.timeZone')}
            value={user.timeZone}
            options={zones}
          />
        </div>
        <SettingsButton tone="main">{t('letterChoices.save')}</SettingsButton>
      </Form>
    </Section>
  );
}

/** The list with what is set already, in case it is none of ours. */
function withOwn(all: readonly string[], own: string): string[] {
  return [...new Set([...all, own])];
}

const languageNames = new Intl.DisplayNames('en', { type: 'language' });

/** A language in its own words; one that there are no words of is named by the machine's tables. */
function localeName(locale: string): string {
  if (wordBook.locales.includes(locale)) return wordBook.in(locale)('language.name');
  try {
    return languageNames.of(locale) ?? locale;
  } catch {
    return locale; // stored text that names no language
  }
}
