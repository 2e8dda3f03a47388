import { Injectable } from '@nestjs/common';
import type { MovedBilling } from '../billing/index.js';
import type { Actor } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import type { MovedReferrals } from '../referral/index.js';

/** What each module needs to put a merge back. `followers`: accounts that had been merged into the one that went. */
export interface Moved {
  billing: MovedBilling;
  referral: MovedReferrals;
  followers: string[];
}

/** Two accounts that are one person's. */
export interface MergeOf {
  fromUserId: string;
  intoUserId: string;
}

/** Why something about a merge is decided, and by whom. */
export interface MergeDecision {
  reason: string;
  actor: Actor;
}

/** A merge that was done. */
export interface MergeRecord {
  id: string;
  fromUserId: string;
  intoUserId: string;
  mergedAt: Date;
  actor: Actor;
  noteId: string;
  moved: Moved;
  undoneAt: Date | null;
  undoneNoteId: string | null;
}

type Row = Omit<MergeRecord, 'actor'> & { actorKind: Actor['kind']; actorId: string | null };

const columns = `id, from_user_id AS "fromUserId", into_user_id AS "intoUserId", merged_at AS "mergedAt",
  actor_kind AS "actorKind", actor_id AS "actorId", note_id AS "noteId", moved, undone_at AS "undoneAt",
  undone_note_id AS "undoneNoteId"`;

const isBefore = `id < coalesce($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')`;

const newestOfAll = `SELECT ${columns} FROM life.merge WHERE ${isBefore} ORDER BY id DESC LIMIT $2`;

/** Each half by its own index: with OR, somebody without a merge would cost a look at all merges. */
const newestOf = `SELECT * FROM (
    (SELECT ${columns} FROM life.merge WHERE from_user_id = $3 AND ${isBefore} ORDER BY id DESC LIMIT $2)
    UNION ALL
    (SELECT ${columns} FROM life.merge WHERE into_user_id = $3 AND ${isBefore} ORDER BY id DESC LIMIT $2)) AS own
  ORDER BY id DESC LIMIT $2`;

/** The book of merges. */
@Injectable()
export class MergeRecords {
  constructor(private readonly clock: Clock) {}

  /** An id for a merge that is about to be done. */
  nextId(): string {
    return newId(this.clock);
  }

  /** Writes a merge down. Both accounts are locked. */
  async write(
    tx: Tx,
    of: Pick<MergeRecord, 'id' | 'fromUserId' | 'intoUserId' | 'actor' | 'noteId' | 'moved'>,
  ): Promise<MergeRecord> {
    const rows: Row[] = await tx.query(
      `INSERT INTO life.merge (id, from_user_id, into_user_id, merged_at, actor_kind, actor_id, note_id, moved)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${columns}`,
      [
        ...[of.id, of.fromUserId, of.intoUserId, this.clock.now()],
        ...[of.actor.kind, of.actor.id ?? null, of.noteId, JSON.stringify(of.moved)],
      ],
    );
    return recordOf(rows[0] as Row);
  }

  /** Notes that a merge was undone. */
  async markUndone(tx: Tx, id: string, noteId: string): Promise<void> {
    await tx.query(`UPDATE life.merge SET undone_at = $2, undone_note_id = $3 WHERE id = $1`, [
      id,
      this.clock.now(),
      noteId,
    ]);
  }

  /** One merge, or null. */
  async one(db: Queryable, id: string): Promise<MergeRecord | null> {
    const rows = await db.query<Row>(`SELECT ${columns} FROM life.merge WHERE id = $1`, [id]);
    return rows[0] === undefined ? null : recordOf(rows[0]);
  }

  /** The merge that stands of an account, or null. */
  async standingOf(db: Queryable, fromUserId: string): Promise<MergeRecord | null> {
    const rows = await db.query<Row>(
      `SELECT ${columns} FROM life.merge WHERE from_user_id = $1 AND undone_at IS NULL`,
      [fromUserId],
    );
    return rows[0] === undefined ? null : recordOf(rows[0]);
  }

  /** Merges before `beforeId`, newest first; with `userId` only those of an account. */
  async newest(
    db: Queryable,
    { beforeId, limit, userId }: { beforeId: string | null; limit: number; userId: string | null },
  ): Promise<MergeRecord[]> {
    const rows = await db.query<Row>(
      userId === null ? newestOfAll : newestOf,
      userId === null ? [beforeId, limit] : [beforeId, limit, userId],
    );
    return rows.map(recordOf);
  }
}

function recordOf({ actorKind, actorId, ...row }: Row): MergeRecord {
  return { ...row, actor: actorId === null ? { kind: actorKind } : { kind: actorKind, id: actorId } };
}
