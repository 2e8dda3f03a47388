import { Injectable } from '@nestjs/common';
import type { AuditAction } from './audit-actions.js';
import type { AuditDetail } from './audit-details.js';
import type { ActorKind } from './audit.entity.js';
import { Clock } from './clock.js';
import { insertBeforeCommit, type Queryable, type Tx } from './database/tx.js';
import { newId } from './ids.js';
import { NoteEntity } from './note.entity.js';

/**
 * Who did it. `id` is a user's for `user` and `admin`, a key's for `api_key`, else absent. `via` is
 * noted in the details of the entry.
 */
export interface Actor {
  kind: ActorKind;
  id?: string;
  /** The tools of the MCP server, where a language model may have decided. */
  via?: 'mcp';
}

/**
 * One entry of the audit log: ids and numbers in `details`; free text only in the note of `noteId`.
 */
export interface AuditEntry {
  action: AuditAction;
  actor: Actor;
  subjectId?: string;
  details?: Partial<Record<AuditDetail, unknown>>;
  noteId?: string;
}

/** An entry as it was recorded. */
export interface StoredAuditEntry {
  id: string;
  at: Date;
  action: string;
  actorKind: Actor['kind'];
  actorId: string | null;
  subjectId: string | null;
  details: Record<string, unknown>;
  note: string | null;
}

/**
 * Which entries to find: about whom, of what kind, with which details, older than which; at most
 * `limit`.
 */
export interface AuditQuery {
  subjectId?: string | undefined;
  action?: string | undefined;
  details?: Record<string, unknown>;
  beforeId?: string | null;
  limit: number;
}

/** The append-only trail of what was done, written in the transaction that did it. */
@Injectable()
export class AuditLog {
  constructor(private readonly clock: Clock) {}

  /**
   * Appends an entry; all entries of a transaction are written together, just before it commits.
   */
  record(tx: Tx, entry: AuditEntry): void {
    insertBeforeCommit(tx, insertEntries, { id: newId(this.clock), at: this.clock.now(), entry });
  }

  /** Keeps a person's own words where they can be erased later, and answers their id. */
  async addNote(tx: Tx, text: string, subjectId: string | null): Promise<string> {
    const id = newId(this.clock);
    await tx.insert(NoteEntity, { id, subjectId, text });
    return id;
  }

  /** The entries that match, newest first, with the notes that were not erased. */
  find(db: Queryable, query: AuditQuery): Promise<StoredAuditEntry[]> {
    return db.query<StoredAuditEntry>(
      `SELECT a.id, a.at, a.action, a.actor_kind AS "actorKind", a.actor_id AS "actorId",
         a.subject_id AS "subjectId", a.details, n.text AS note
       FROM platform.audit a LEFT JOIN platform.note n ON n.id = a.note_id
       WHERE ${indexedCondition(query)}
         AND ($1::uuid IS NULL OR a.subject_id = $1) AND ($2::text IS NULL OR a.action = $2)
         AND ($3::uuid IS NULL OR a.id < $3) AND a.details @> $4
       ORDER BY a.id DESC LIMIT $5`,
      [
        query.subjectId ?? null,
        query.action ?? null,
        query.beforeId ?? null,
        JSON.stringify(query.details ?? {}),
        query.limit,
      ],
    );
  }

  /**
   * Erases the notes that were written about a person. The entries stay: they hold ids and numbers
   * only.
   */
  async eraseNotes(tx: Tx, subjectId: string): Promise<void> {
    await tx.delete(NoteEntity, { subjectId });
  }

  /** The words of notes that are still there, by id. */
  async notes(db: Queryable, noteIds: string[]): Promise<Map<string, string>> {
    if (noteIds.length === 0) return new Map();
    const rows = await db.query<{ id: string; text: string }>(
      `SELECT id, text FROM platform.note WHERE id = ANY($1)`,
      [noteIds],
    );
    return new Map(rows.map((row) => [row.id, row.text]));
  }
}

/** The filter that leaves the fewest entries: a plan that is made once then begins at its index. */
function indexedCondition({ subjectId, action }: AuditQuery) {
  if (subjectId !== undefined) return 'a.subject_id = $1';
  return action === undefined ? 'true' : 'a.action = $2';
}

interface PendingEntry {
  id: string;
  at: Date;
  entry: AuditEntry;
}

function insertEntries(rows: readonly PendingEntry[]) {
  const lines = rows.map(({ entry }) => entry);
  return {
    sql: `INSERT INTO platform.audit (id, at, action, actor_kind, actor_id, subject_id, details, note_id)
     SELECT id, at, action, actor_kind, actor_id, subject_id, details::jsonb, note_id
     FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::uuid[])
       AS t(id, at, action, actor_kind, actor_id, subject_id, details, note_id)`,
    parameters: [
      rows.map(({ id }) => id),
      rows.map(({ at }) => at),
      lines.map(({ action }) => action),
      lines.map(({ actor }) => actor.kind),
      lines.map(({ actor }) => actor.id ?? null),
      lines.map(({ subjectId }) => subjectId ?? null),
      lines.map(({ details, actor: { via } }) => JSON.stringify({ ...details, ...(via && { via }) })),
      lines.map(({ noteId }) => noteId ?? null),
    ],
  };
}
