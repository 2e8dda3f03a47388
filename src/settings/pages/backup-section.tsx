import type { Words } from '../../platform/locale/words.js';
import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Form } from '../../platform/pages/form.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, EmptyState, Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { sizeText } from '../../platform/pages/words.js';
import { useWords } from '../../platform/pages/use-words.js';
import { SectionProblem } from './section-problem.js';
import type { BackupModel, SettingsModel } from './settings-model.js';

/** The cloud backup with its revisions. Posts `revision` to /settings/backup/restore. */
export function BackupSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const t = useWords();
  const { backup, viewer } = model;
  return (
    <Section id="backup" title={t('settings.titles.backup')}>
      <SectionProblem model={model} section="backup" />
      {backup === null ? (
        <EmptyState title={t('backup.none')}>{t('backup.noneHint')}</EmptyState>
      ) : (
        <>
          <p>{t('backup.kept')}</p>
          <DataTable
            caption={t('backup.caption')}
            columns={columnsFor(backup, viewer.csrf, reader, t)}
            rows={backup.revisions}
            keyOf={({ revision }) => revision}
          />
        </>
      )}
    </Section>
  );
}

type Revision = BackupModel['revisions'][number];

function columnsFor(backup: BackupModel, csrf: string, reader: Reader, t: Words): Column<Revision>[] {
  return [
    {
      head: t('backup.revision'),
      cell: ({ revision }) => (
        <>
          {revision} {revision === backup.revision ? <Badge tone="good">{t('backup.newest')}</Badge> : null}
        </>
      ),
    },
    { head: t('backup.saved'), cell: ({ updatedAt }) => <Moment at={updatedAt} reader={reader} /> },
    { head: t('backup.size'), kind: 'numeric', cell: ({ size }) => sizeText(size) },
    {
      head: t('backup.goBack'),
      cell: ({ revision }) => (
        <Form action="/settings/backup/restore" csrf={csrf} inline>
          <input type="hidden" name="revision" value={revision} />
          <SettingsButton label={t('backup.restoreOne', { revision })}>{t('backup.restore')}</SettingsButton>
        </Form>
      ),
    },
  ];
}
