import type { AuditAction } from '../platform/audit-actions.js';
import type { Actor, AuditLog } from '../platform/audit-log.js';
import type { Tx } from '../platform/database/tx.js';
import type { CreditEntry } from './ledger/credit-entry.js';

/** Audits an entry that a person, or an import, has written. */
export function auditCreditEntry(
  auditLog: AuditLog,
  tx: Tx,
  { action, entry, actor }: { action: AuditAction; entry: CreditEntry; actor: Actor },
): void {
  auditLog.record(tx, {
    action,
    actor,
    subjectId: entry.userId,
    details: {
      entryId: entry.id,
      durationMs: entry.durationMs,
      until: entry.untilAfter?.toISOString() ?? null,
    },
    ...(entry.noteId === null ? {} : { noteId: entry.noteId }),
  });
}
