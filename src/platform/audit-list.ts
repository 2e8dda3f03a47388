import { Injectable } from '@nestjs/common';
import type { StoredAuditEntry } from './audit-log.js';
import { Clock } from './clock.js';
import { Database } from './database/database.js';
import { firstIdFrom, idPattern } from './ids.js';
import { countList, readList, type ListRows, type ListSql } from './lists/keyset-list.js';
import type { ListRequest } from './lists/list-request.js';

/** Which entries to list; `from` and `until` are times between which they were recorded. */
export interface AuditFilter {
  subject?: string | undefined;
  action?: string | undefined;
  actor?: string | undefined;
  from?: Date | undefined;
  until?: Date | undefined;
}

const auditListSql: ListSql = {
  columns: `id, at, action, actor_kind AS "actorKind", actor_id AS "actorId", subject_id AS "subjectId", details, note`,
  rows: `(SELECT a.*, n.text AS note FROM platform.audit a LEFT JOIN platform.note n ON n.id = a.note_id) entry`,
  keys: 'platform.audit',
  counted: 'platform.audit',
  filters: {
    subject: 'subject_id = $value::uuid',
    action: 'action = $value',
    actor: 'actor_id = $value::uuid',
    // ids rise with the time
    from: 'id >= $value::uuid',
    until: 'id < $value::uuid',
  },
  sorts: { recorded: { at: null, id: 'id' } },
  idPattern,
};

/** Reads the audit log as a list, each filter by an index. */
@Injectable()
export class AuditList {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** One page of the entries that match. Errors: `request.invalid` for a foreign cursor. */
  async listPage(
    filter: AuditFilter,
    position: Pick<ListRequest, 'isAscending' | 'cursor'>,
    limit: number,
  ): Promise<ListRows<StoredAuditEntry>> {
    const reading = { request: toRequest(filter, position), limit, now: this.clock.now() };
    const page = await readList<StoredAuditEntry>(this.database, auditListSql, reading);
    return { ...page, rows: page.rows.map(toEntry) };
  }

  /** How many entries match, up to `max`. */
  count(filter: AuditFilter, max: number): Promise<number> {
    const request = toRequest(filter, { isAscending: false, cursor: null });
    return countList(this.database, auditListSql, { request, now: this.clock.now() }, max);
  }
}

function toRequest(
  { from, until, ...filter }: AuditFilter,
  { isAscending, cursor }: Pick<ListRequest, 'isAscending' | 'cursor'>,
): ListRequest {
  const all = { ...filter, from: from && firstIdFrom(from), until: until && firstIdFrom(until) };
  const filters = Object.entries(all).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return { filters: Object.fromEntries(filters), sort: 'recorded', isAscending, cursor };
}

function toEntry(row: StoredAuditEntry): StoredAuditEntry {
  const { id, at, action, actorKind, actorId, subjectId, details, note } = row;
  return { id, at, action, actorKind, actorId, subjectId, details, note };
}
