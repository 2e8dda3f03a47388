import { Injectable } from '@nestjs/common';
import type { AuditAction } from './audit-actions.js';
import type { ActorKind } from './audit.entity.js';
import { Clock } from './clock.js';
import { insertBeforeCommit, type Queryable, type Tx } from './database/tx.js';
import { firstIdFrom, newId } from './ids.js';
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
  details?: Record<string, unknown>;
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
 * Which entries to find: about whom, of what kind, by whom, with which details, from and before
 * which time, older than which; at most `limit`.
 */
export interface AuditQuery {
  subjectId?: string | undefined;
  action?: string | undefined;
  actorId?: string | undefined;
  details?: Record<string, unknown>;
  from?: Date | undefined;
  until?: Date | undefined;
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
    // only what is asked for stands in the statement: each combination has a plan of its own
    const filters: [condition: string, value: unknown][] = [
      ['a.subject_id =', query.subjectId],
      ['a.action =', query.action],
      ['a.actor_id =', query.actorId],
      ['a.details @>', query.details && JSON.stringify(query.details)],
      ['a.id >=', query.from && firstIdFrom(query.from)],
      ['a.id <', query.until && firstIdFrom(query.until)],
      ['a.id <', query.beforeId],
    ];
    const given = filters.filter(([, value]) => value !== undefined && value !== null);
    const conditions = given.map(([condition], index) => ` AND ${condition} $${index + 2}`);
    return db.query(
      `SELECT a.id, a.at, a.action, a.actor_kind AS "actorKind", a.actor_id AS "actorId",
         a.subject_id AS "subjectId", a.details, n.text AS note
       FROM platform.audit a LEFT JOIN platform.note n ON n.id = a.note_id
       WHERE true${conditions.join('')}
       ORDER BY a.id DESC LIMIT $1`,
      [query.limit, ...given.map(([, value]) => value)],
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
