import { Form } from '../../platform/pages/form.js';
import { Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { useWords } from '../../platform/pages/use-words.js';
import type { SettingsModel } from './settings-model.js';

/** Which letters somebody wants. Posts a box for each kind to /settings/letters. */
export function LettersSection({ model: { letters, viewer } }: { model: SettingsModel }) {
  const t = useWords();
  return (
    <Section id="letters" title={t('letterChoices.title')}>
      <p class="hint">{t('letterChoices.hint')}</p>
      <Form action="/settings/letters" csrf={viewer.csrf}>
        {letters.map(({ kind, isWanted }) => (
          <label key={kind} class="check">
            <input type="checkbox" name={kind} value="yes" checked={isWanted} /> {t(`letterChoices.${kind}`)}
          </label>
        ))}
        <SettingsButton>{t('letterChoices.save')}</SettingsButton>
      </Form>
    </Section>
  );
}
