import { Field, Form, SelectField } from '../../platform/pages/form.js';
import { Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsModel } from './settings-model.js';

const locales = [
  'en',
  'en-GB',
  'de',
  'es',
  'fr',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt-BR',
  'sv',
  'tr',
  'uk',
  'zh',
];

/** How one is named and addressed. Posts `displayName`, `locale` and `timeZone` to /settings/profile. */
export function ProfileSection({ model }: { model: SettingsModel }) {
  const { user } = model;
  return (
    <Section id="profile" title="Profile">
      <SectionProblem model={model} section="profile" />
      <Form action="/settings/profile" csrf={model.viewer.csrf}>
        <Field
          id="displayName"
          name="displayName"
          label="Display name"
          value={user.displayName ?? ''}
          autocomplete="nickname"
          maxLength={80}
          hint={`Invitations name you “${user.shownAs}”. Leave it empty to be named by your masked address.`}
        />
        <div class="field-pair">
          <SelectField
            id="locale"
            name="locale"
            label="Dates and numbers as in"
            value={user.locale}
            options={withOwn(locales, user.locale).map((own) => [own, localeName(own)] as const)}
          />
          <SelectField
            id="timeZone"
            name="timeZone"
            label="Time zone"
            value={user.timeZone}
            options={withOwn(['UTC', ...Intl.supportedValuesOf('timeZone')], user.timeZone).map(
              (own) => [own, own.replaceAll('_', ' ')] as const,
            )}
          />
        </div>
        <SettingsButton tone="main">Save</SettingsButton>
      </Form>
    </Section>
  );
}

/** The list with what is set already, in case it is none of ours. */
function withOwn(all: readonly string[], own: string): string[] {
  return [...new Set([...all, own])];
}

function localeName(locale: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale; // stored text that names no language
  }
}
