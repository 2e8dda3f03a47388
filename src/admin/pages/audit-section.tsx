import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { EmptyState, Section } from '../../platform/pages/parts.js';
import type { AuditLineModel } from './admin-model.js';

/** What was done, and by whom. */
export function AuditSection({ audit }: { audit: AuditLineModel[] }) {
  return (
    <Section id="audit" title="Audit">
      {audit.length === 0 ? (
        <EmptyState title="Nothing yet">Every change is written here in the moment it happens.</EmptyState>
      ) : (
        <DataTable caption="Newest first" columns={columns} rows={audit} keyOf={({ id }) => id} />
      )}
    </Section>
  );
}

const columns: Column<AuditLineModel>[] = [
  { head: 'When', cell: ({ at }) => <Moment at={at} reader={anybody} /> },
  { head: 'What', cell: ({ action }) => action },
  { head: 'By', cell: ({ actor }) => actor },
  { head: 'Note', cell: ({ note }) => note ?? '—' },
];
