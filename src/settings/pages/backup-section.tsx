import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Form } from '../../platform/pages/form.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, EmptyState, Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { sizeText } from '../../platform/pages/words.js';
import { SectionProblem } from './section-problem.js';
import type { BackupModel, SettingsModel } from './settings-model.js';

/** The cloud backup with its revisions. Posts `revision` to /settings/backup/restore. */
export function BackupSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const { backup, viewer } = model;
  return (
    <Section id="backup" title="Cloud backup">
      <SectionProblem model={model} section="backup" />
      {backup === null ? (
        <EmptyState title="No backup yet">
          Your client saves one here by itself, and the last five are kept for you to go back to.
        </EmptyState>
      ) : (
        <>
          <p>
            The last five revisions are kept. Restoring one makes it the newest, and nothing is lost by it:
            the present one stays in the list.
          </p>
          <DataTable
            caption="Revisions, newest first"
            columns={columnsFor(backup, viewer.csrf, reader)}
            rows={backup.revisions}
            keyOf={({ revision }) => revision}
          />
        </>
      )}
    </Section>
  );
}

type Revision = BackupModel['revisions'][number];

function columnsFor(backup: BackupModel, csrf: string, reader: Reader): Column<Revision>[] {
  return [
    {
      head: 'Revision',
      cell: ({ revision }) => (
        <>
          {revision} {revision === backup.revision ? <Badge tone="good">Newest</Badge> : null}
        </>
      ),
    },
    { head: 'Saved', cell: ({ updatedAt }) => <Moment at={updatedAt} reader={reader} /> },
    { head: 'Size', kind: 'numeric', cell: ({ size }) => sizeText(size) },
    {
      head: 'Go back',
      cell: ({ revision }) => (
        <Form action="/settings/backup/restore" csrf={csrf} inline>
          <input type="hidden" name="revision" value={revision} />
          <SettingsButton label={`Restore revision ${revision}`}>Restore</SettingsButton>
        </Form>
      ),
    },
  ];
}
