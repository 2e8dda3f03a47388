import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import type { StoredAuditEntry } from '../../../platform/audit-log.js';

/** What was done, and by whom. */
export function AuditSection({ audit }: { audit: AuditRowModel[] }) {
  return (
    <Section id="audit" title="Audit">
      {audit.length === 0 ? (
        <EmptyState title="Nothing yet">Every change appears here as soon as it happens.</EmptyState>
      ) : (
        <DataTable caption="Newest first" columns={columns} rows={audit} keyOf={({ id }) => id} />
      )}
    </Section>
  );
}

const columns: Column<AuditRowModel>[] = [
  { head: 'When', cell: ({ at }) => <DateTime at={at} readerSettings={defaultReader} /> },
  { head: 'What', cell: ({ action }) => action },
  { head: 'By', cell: ({ actor }) => actor },
  { head: 'Note', cell: ({ note }) => note ?? '—' },
];

/** Lines of the audit as a page wants them. */
export function toAuditRows(entries: StoredAuditEntry[]): AuditRowModel[] {
  return entries.map(({ id, at, action, actorKind, actorId, details: { via }, note }) => ({
    id,
    at,
    action,
    actor: [actorKind, actorId, via === undefined ? null : `via ${String(via)}`]
      .filter((part) => part !== null)
      .join(' '),
    note,
  }));
}

/** An entry of the audit log. `actor` is a kind of actor, with an id where it is a person. */
export interface AuditRowModel {
  id: string;
  at: Date;
  action: string;
  actor: string;
  note: string | null;
}
