import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { Database } from '../../platform/database/database.js';
import { idPattern, newId } from '../../platform/ids.js';
import {
  countList,
  daysSql,
  readList,
  type ListRows,
  type ListSql,
} from '../../platform/lists/keyset-list.js';
import type { ListDefinition, ListRequest } from '../../platform/lists/list-request.js';
import { MergeEntity } from './merge.entity.js';

/** Two accounts that are one person's. */
export interface AccountPair {
  fromUserId: string;
  intoUserId: string;
}

/** Why something about a merge is decided, and by whom. */
export interface MergeDecision {
  reason: string;
  actor: Actor;
}

/** A merge that was done. */
export interface Merge extends Omit<MergeEntity, 'actorKind' | 'actorId'> {
  actor: Actor;
}

const mergeColumns = `id, from_user_id AS "fromUserId", into_user_id AS "intoUserId", merged_at AS "mergedAt",
  actor_kind AS "actorKind", actor_id AS "actorId", note_id AS "noteId", moved_data AS "movedData", undone_at AS "undoneAt",
  undone_note_id AS "undoneNoteId"`;

/** What the list of merges can be asked. */
export const mergeList = {
  filters: [
    { name: 'state', kind: 'choice', values: ['standing', 'undone'] },
    { name: 'mergedFrom', kind: 'day' },
    { name: 'mergedUntil', kind: 'day' },
  ],
  sorts: [{ name: 'merged' }],
} as const satisfies ListDefinition;

const days = daysSql('merged_at');
const mergeListSql: ListSql = {
  columns: mergeColumns,
  rows: 'accounts.merge',
  counted: 'accounts.merge',
  filters: {
    state: { standing: 'undone_at IS NULL', undone: 'undone_at IS NOT NULL' },
    ...{ mergedFrom: days.from, mergedUntil: days.until },
  },
  sorts: { merged: { at: 'merged_at', id: 'id' } },
  idPattern,
};

const beforeCursor = `id < coalesce($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')`;

const newestMerges = `SELECT ${mergeColumns} FROM accounts.merge WHERE ${beforeCursor} ORDER BY id DESC LIMIT $2`;

/**
 * Each half by its own index: with OR, a person without a merge would cost a scan of all merges.
 */
const newestMergesOfUser = `SELECT * FROM (
    (SELECT ${mergeColumns} FROM accounts.merge WHERE from_user_id = $3 AND ${beforeCursor} ORDER BY id DESC LIMIT $2)
    UNION ALL
    (SELECT ${mergeColumns} FROM accounts.merge WHERE into_user_id = $3 AND ${beforeCursor} ORDER BY id DESC LIMIT $2)) AS own
  ORDER BY id DESC LIMIT $2`;

/** The history of merges. */
@Injectable()
export class MergesRepository {
  constructor(private readonly clock: Clock) {}

  /** Writes a merge down. Both accounts are locked. */
  async insert(
    tx: Tx,
    merge: Pick<Merge, 'fromUserId' | 'intoUserId' | 'actor' | 'noteId' | 'movedData'>,
  ): Promise<Merge> {
    const rows: MergeEntity[] = await tx.query(
      `INSERT INTO accounts.merge (id, from_user_id, into_user_id, merged_at, actor_kind, actor_id, note_id, moved_data)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${mergeColumns}`,
      [
        ...[newId(this.clock), merge.fromUserId, merge.intoUserId, this.clock.now()],
        ...[merge.actor.kind, merge.actor.id ?? null, merge.noteId, JSON.stringify(merge.movedData)],
      ],
    );
    return toMerge(rows[0] as MergeEntity);
  }

  /** Notes that a merge was undone. */
  async markUndone(tx: Tx, id: string, noteId: string): Promise<void> {
    await tx.update(MergeEntity, { id }, { undoneAt: this.clock.now(), undoneNoteId: noteId });
  }

  /** One merge, or null. */
  async findById(db: Queryable, id: string): Promise<Merge | null> {
    const rows = await db.query<MergeEntity>(`SELECT ${mergeColumns} FROM accounts.merge WHERE id = $1`, [
      id,
    ]);
    return rows[0] === undefined ? null : toMerge(rows[0]);
  }

  /** The merge of an account that was not undone, or null. */
  async findActive(db: Queryable, fromUserId: string): Promise<Merge | null> {
    const rows = await db.query<MergeEntity>(
      `SELECT ${mergeColumns} FROM accounts.merge WHERE from_user_id = $1 AND undone_at IS NULL`,
      [fromUserId],
    );
    return rows[0] === undefined ? null : toMerge(rows[0]);
  }

  /** One page of merges, as {@link mergeList} can be asked. Errors: `request.invalid`. */
  async listPage(database: Database, request: ListRequest, limit: number): Promise<ListRows<Merge>> {
    const reading = { request, limit, now: this.clock.now() };
    const page = await readList<MergeEntity>(database, mergeListSql, reading);
    return { ...page, rows: page.rows.map(toMerge) };
  }

  /** How many merges the filters leave, up to `max`. */
  count(database: Database, request: ListRequest, max: number): Promise<number> {
    return countList(database, mergeListSql, { request, now: this.clock.now() }, max);
  }

  /** Merges before `beforeId`, newest first; with `userId` only those of an account. */
  async findNewest(
    db: Queryable,
    { beforeId, limit, userId }: { beforeId: string | null; limit: number; userId: string | null },
  ): Promise<Merge[]> {
    const rows = await db.query<MergeEntity>(
      userId === null ? newestMerges : newestMergesOfUser,
      userId === null ? [beforeId, limit] : [beforeId, limit, userId],
    );
    return rows.map(toMerge);
  }
}

function toMerge({ actorKind, actorId, ...row }: MergeEntity): Merge {
  return { ...row, actor: actorId === null ? { kind: actorKind } : { kind: actorKind, id: actorId } };
}
