import { Field, Form } from '../../platform/pages/form.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { useWords } from '../../platform/pages/use-words.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsModel } from './settings-model.js';

/** Changes one's code (posts `code` to /settings/code, empty for a fresh one), and adds a forgotten invitation (`claimed` to /settings/claim). */
export function CodeForms({ model }: { model: SettingsModel }) {
  const t = useWords();
  const { csrf } = model.viewer;
  return (
    <>
      <SectionProblem model={model} section="referral" />
      <details class="more">
        <summary>{t('codes.change')}</summary>
        <Form action="/settings/code" csrf={csrf}>
          <Field
            id="ownCode"
            name="code"
            label={t('codes.own')}
            maxLength={24}
            autocomplete="off"
            hint={t('codes.ownHint')}
          />
          <SettingsButton>{t('codes.changeIt')}</SettingsButton>
        </Form>
      </details>
      {model.mayClaim ? (
        <details class="more">
          <summary>{t('codes.claim')}</summary>
          <Form action="/settings/claim" csrf={csrf}>
            <Field
              id="claimed"
              name="claimed"
              label={t('login.code')}
              maxLength={100}
              autocomplete="off"
              required
              hint={t('codes.claimHint')}
            />
            <SettingsButton>{t('codes.claimIt')}</SettingsButton>
          </Form>
        </details>
      ) : null}
      <p class="hint">{t('codes.figures', model.linkFigures)}</p>
    </>
  );
}
