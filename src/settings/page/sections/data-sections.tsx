import type { Translate } from '../../../platform/i18n/translations.js';
import { Badge, Banner, EmptyState, ErrorBanner, FoldedSection } from '../../../platform/ui/components.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { Form, SettingsButton, CodeField } from '../../../platform/ui/form.js';
import { formatBytes } from '../../../platform/ui/format.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { problemOf, type BackupModel, type SettingsPageModel } from '../settings-page-model.js';

/** The cloud backup with its revisions. Posts `revision` to /settings/backup/restore. */
export function BackupSection({
  model,
  readerSettings,
}: {
  model: SettingsPageModel;
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  const { backup, viewer } = model;
  return (
    <FoldedSection
      id="backup"
      title={t('settings.titles.backup')}
      open={problemOf(model, 'backup') !== null || model.notice === 'backup_restored'}
    >
      <ErrorBanner text={problemOf(model, 'backup')} />
      {backup === null ? (
        <EmptyState title={t('backup.none')}>{t('backup.noneHint')}</EmptyState>
      ) : (
        <>
          <p>{t('backup.intro')}</p>
          <DataTable
            caption={t('backup.caption')}
            columns={columnsFor(backup, viewer.csrf, readerSettings, t)}
            rows={backup.revisions}
            keyOf={({ revision }) => revision}
          />
        </>
      )}
    </FoldedSection>
  );
}

type BackupRevisionModel = BackupModel['revisions'][number];

function columnsFor(
  backup: BackupModel,
  csrf: string,
  readerSettings: ReaderSettings,
  t: Translate,
): Column<BackupRevisionModel>[] {
  return [
    {
      head: t('backup.revision'),
      cell: ({ revision }) => (
        <>
          {revision} {revision === backup.revision ? <Badge tone="good">{t('backup.newest')}</Badge> : null}
        </>
      ),
    },
    {
      head: t('backup.saved'),
      cell: ({ updatedAt }) => <DateTime at={updatedAt} readerSettings={readerSettings} />,
    },
    { head: t('backup.size'), kind: 'numeric', cell: ({ size }) => formatBytes(size) },
    {
      head: t('backup.restoreColumn'),
      cell: ({ revision }) => (
        <Form action="/settings/backup/restore" csrf={csrf} inline>
          <input type="hidden" name="revision" value={revision} />
          <SettingsButton label={t('backup.restoreRevision', { revision })}>
            {t('backup.restore')}
          </SettingsButton>
        </Form>
      ),
    },
  ];
}

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
    <FoldedSection id="data" title={t('settings.titles.data')} open={false}>
      <p>
        {t('data.intro')} <DateTime at={model.user.createdAt} readerSettings={readerSettings} dateOnly />
      </p>
      <p class="actions">
        <a class="btn" data-tone="plain" href="/api/v1/me/export" download="twofold-export.json">
          {t('data.export')}
        </a>
      </p>
    </FoldedSection>
  );
}

/**
 * The end of an account, in two steps: `formId` to /settings/erase, which mails a code; then
 * `challengeId` and `code` to /settings/erase/confirm.
 */
export function EraseSection({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  return (
    <FoldedSection
      id="erase"
      title={t('settings.titles.erase')}
      open={problemOf(model, 'erase') !== null || model.erasure !== null}
    >
      <p>{t('erase.explanation')}</p>
      <ErrorBanner text={problemOf(model, 'erase')} />
      <EraseForm model={model} />
    </FoldedSection>
  );
}

function EraseForm({
  model: { stillCharged, erasure, formIds, viewer, user },
}: {
  model: SettingsPageModel;
}) {
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
        <input type="hidden" name="formId" value={formIds.ownEmail} />
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
