import { CodeField, Form, SettingsButton } from '../../../platform/ui/form.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { Banner, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsPageModel } from '../settings-page-model.js';

/** All that is stored about one, to take along. */
export function DataSection({
  model,
  readerSettings,
}: {
  model: SettingsPageModel;
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  return (
    <Section id="data" title={t('settings.titles.data')}>
      <p>
        {t('data.intro')} <DateTime at={model.user.createdAt} readerSettings={readerSettings} dateOnly />
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
export function EraseSection({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  return (
    <Section id="erase" title={t('settings.titles.erase')}>
      <p>{t('erase.explanation')}</p>
      <SectionProblem model={model} section="erase" />
      <EraseForm model={model} />
    </Section>
  );
}

function EraseForm({ model: { stillCharged, erasure, viewer, user } }: { model: SettingsPageModel }) {
  const t = useTranslate();
  if (stillCharged)
    return (
      <Banner tone="warn">
        {t('erase.stillCharged')} <a href="#subscription">{t('erase.cancelFirst')}</a>
      </Banner>
    );
  if (erasure === null)
    return (
      <Form action="/settings/erase" csrf={viewer.csrf}>
        <p class="hint">{t('erase.codeNeeded', { address: user.email })}</p>
        <SettingsButton tone="danger">{t('erase.sendCode')}</SettingsButton>
      </Form>
    );
  return (
    <Form action="/settings/erase/confirm" csrf={viewer.csrf}>
      <Banner tone="warn">{t('erase.codeSent', { address: user.email })}</Banner>
      <input type="hidden" name="challengeId" value={erasure.challengeId} />
      <CodeField id="eraseCode" label={t('verify.code')} />
      <p class="actions">
        <SettingsButton tone="danger">{t('erase.confirm')}</SettingsButton>
        <a href="/settings#erase">{t('erase.cancel')}</a>
      </p>
    </Form>
  );
}
