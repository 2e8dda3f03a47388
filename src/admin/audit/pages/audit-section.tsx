import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { auditActions } from '../../../platform/audit-actions.js';
import type { StoredAuditEntry } from '../../../platform/audit-log.js';
import { AuditDetails } from './audit-details.js';

/** What was done, and by whom. */
export function AuditSection({ audit }: { audit: AuditRowModel[] }) {
  const t = useTranslate();
  return (
    <Section id="audit" title={t('console.audit.title')}>
      {audit.length === 0 ? (
        <EmptyState title={t('console.audit.empty')}>{t('console.audit.emptyHint')}</EmptyState>
      ) : (
        <DataTable
          caption={t('console.newestFirst')}
          columns={columns(t)}
          rows={audit}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  );
}

/** People are named by their ids. */
const noNames = new Map<string, never>();

const columns = (t: Translate): Column<AuditRowModel>[] => [
  { head: t('console.audit.when'), cell: ({ at }) => <DateTime at={at} /> },
  { head: t('console.audit.what'), cell: ({ action }) => actionText(t, action) },
  { head: t('console.audit.by'), cell: ({ actor }) => actor },
  { head: t('console.audit.details'), cell: (entry) => <AuditDetails entry={entry} names={noNames} /> },
  { head: t('console.audit.note'), cell: ({ note }) => note ?? '—' },
];

/** What was done, in words; entries of an earlier release may hold a name that has none. */
export function actionText(t: Translate, action: string): string {
  return (auditActions as readonly string[]).includes(action) ? t(`console.audit.action.${action}`) : action;
}

/** Lines of the audit as a page wants them. */
export function toAuditRows(t: Translate, entries: StoredAuditEntry[]): AuditRowModel[] {
  return entries.map(({ id, at, action, actorKind, actorId, details, note }) => {
    const { via } = details;
    const kind = t(`console.audit.actor.${actorKind}`);
    const actor = actorId === null ? kind : `${kind} ${actorId}`;
    return {
      ...{ id, at, action, details, note },
      actor: via === undefined ? actor : t('console.audit.via', { actor, via: String(via) }),
    };
  });
}

/** An entry of the audit log. `actor` is a kind of actor, with an id where it is a person. */
export interface AuditRowModel {
  id: string;
  at: Date;
  action: string;
  details: Record<string, unknown>;
  actor: string;
  note: string | null;
}
