import { CodeField, Form } from '../../platform/pages/form.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Banner, Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { useWords } from '../../platform/pages/use-words.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsModel } from './settings-model.js';

/** All that is stored about one, to take along. */
export function DataSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const t = useWords();
  return (
    <Section id="data" title={t('settings.titles.data')}>
      <p>
        {t('data.everything')} <Moment at={model.user.createdAt} reader={reader} dateOnly />
      </p>
      <p class="actions">
        <a class="btn" data-tone="plain" href="/api/v1/me/export" download="twofold-export.json">
          {t('data.export')}
        </a>
      </p>
    </Section>
  );
}

/**
 * The end of an account, in two steps: nothing to /settings/erase, which mails a code; then `challengeId` and `code`
 * to /settings/erase/confirm.
 */
export function EraseSection({ model }: { model: SettingsModel }) {
  const t = useWords();
  return (
    <Section id="erase" title={t('settings.titles.erase')}>
      <p>{t('erase.what')}</p>
      <SectionProblem model={model} section="erase" />
      <EraseForm model={model} />
    </Section>
  );
}

function EraseForm({ model: { stillCharged, erasure, viewer, user } }: { model: SettingsModel }) {
  const t = useWords();
  if (stillCharged)
    return (
      <Banner tone="warn">
        {t('erase.stillCharged')} <a href="#subscription">{t('erase.cancelFirst')}</a>
      </Banner>
    );
  if (erasure === null)
    return (
      <Form action="/settings/erase" csrf={viewer.csrf}>
        <p class="hint">{t('erase.first', { address: user.email })}</p>
        <SettingsButton tone="danger">{t('erase.send')}</SettingsButton>
      </Form>
    );
  return (
    <Form action="/settings/erase/confirm" csrf={viewer.csrf}>
      <Banner tone="warn">{t('erase.onItsWay', { address: user.email })}</Banner>
      <input type="hidden" name="challengeId" value={erasure.challengeId} />
      <CodeField id="eraseCode" label={t('verify.code')} />
      <p class="actions">
        <SettingsButton tone="danger">{t('erase.forGood')}</SettingsButton>
        <a href="/settings#erase">{t('erase.keep')}</a>
      </p>
    </Form>
  );
}
