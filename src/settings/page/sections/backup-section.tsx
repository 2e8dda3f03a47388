import type { Translate } from '../../../platform/i18n/translations.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Form, SettingsButton } from '../../../platform/ui/form.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { Badge, EmptyState, Section } from '../../../platform/ui/components.js';
import { formatBytes } from '../../../platform/ui/format.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { SectionProblem } from './section-problem.js';
import type { BackupModel, SettingsPageModel } from '../settings-page-model.js';

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
    <Section id="backup" title={t('settings.titles.backup')}>
      <SectionProblem model={model} section="backup" />
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
    </Section>
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
