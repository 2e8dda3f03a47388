import { Injectable } from '@nestjs/common';
import { AccountEnds } from '../auth/index.js';
import { Audit } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import type { Queryable } from '../platform/database/tx.js';
import { keyOfCursor, pageOf, type ListQuery, type Page } from '../platform/http/list.dto.js';
import { idPattern } from '../platform/ids.js';
import { AccountMerges } from './account-merges.js';
import { undoableUntil } from './merge-preview.js';
import { MergeRecords, type MergeRecord } from './merge-records.js';

/** One of the two accounts of a merge; `email` is null once erased. */
export interface MergedAccount {
  userId: string;
  email: string | null;
}

/**
 * A merge as staff see it. Times are ISO 8601; `reason` and `undoneReason` are null once the person is erased. `obstacle` says
 * why it can be undone no more (`merge.obstacle.…` in the catalogue).
 */
export interface MergeView {
  id: string;
  from: MergedAccount;
  into: MergedAccount;
  mergedAt: string;
  undoableUntil: string;
  by: string;
  reason: string | null;
  undoneAt: string | null;
  undoneReason: string | null;
  obstacle: string | null;
}

/** Shows merges. */
@Injectable()
export class MergeList {
  constructor(
    private readonly records: MergeRecords,
    private readonly merges: AccountMerges,
    private readonly auth: AccountEnds,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** Merges, newest first. */
  async page({ cursor, limit }: ListQuery): Promise<Page<MergeView>> {
    const beforeId = keyOfCursor(cursor, idPattern);
    const found = await this.records.newest(this.database, { beforeId, limit: limit + 1, userId: null });
    const shown = await Promise.all(found.slice(0, limit).map((record) => this.view(this.database, record)));
    const page = pageOf(
      found,
      limit,
      ({ id }) => id,
      ({ id }) => id,
    );
    return { items: shown, nextCursor: page.nextCursor };
  }

  /** What was merged into an account, or made it live on elsewhere; newest first. */
  async about(userId: string): Promise<MergeView[]> {
    const found = await this.records.newest(this.database, { beforeId: null, limit: 25, userId });
    return Promise.all(found.map((record) => this.view(this.database, record)));
  }

  /** One merge, as it is after it was written. */
  async view(db: Queryable, record: MergeRecord): Promise<MergeView> {
    const noteIds = [record.noteId, record.undoneNoteId].filter((id) => id !== null);
    const from = await this.account(db, record.fromUserId);
    const into = await this.account(db, record.intoUserId);
    const words = await this.audit.words(db, noteIds);
    const obstacle = await this.merges.obstacleTo(db, record);
    return {
      id: record.id,
      ...{ from, into, obstacle },
      mergedAt: record.mergedAt.toISOString(),
      undoableUntil: undoableUntil(record.mergedAt).toISOString(),
      by: record.actor.kind,
      reason: words.get(record.noteId) ?? null,
      undoneAt: record.undoneAt?.toISOString() ?? null,
      undoneReason: words.get(record.undoneNoteId ?? '') ?? null,
    };
  }

  private async account(db: Queryable, userId: string): Promise<MergedAccount> {
    return { userId, email: (await this.auth.account(db, userId))?.email ?? null };
  }
}
