import type { RecordedLine } from '../platform/audit.js';
import type { AuditLineModel } from './pages/admin-model.js';

/** Lines of the audit as a page wants them. */
export function auditModels(lines: RecordedLine[]): AuditLineModel[] {
  return lines.map(({ id, at, action, actorKind, actorId, note }) => ({
    id,
    at,
    action,
    actor: actorId === null ? actorKind : `${actorKind} ${actorId}`,
    note,
  }));
}
