import { Injectable } from '@nestjs/common';
import { AccountClosure } from '../../auth/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable } from '../../platform/database/tx.js';
import { decodeCursor, toPage, type PageQuery, type Page } from '../../platform/http/page.dto.js';
import { idPattern } from '../../platform/ids.js';
import type { ListRows } from '../../platform/lists/keyset-list.js';
import type { ListRequest } from '../../platform/lists/list-request.js';
import { AccountMergeService } from './account-merge.service.js';
import { undoableUntil } from './merge-plan.js';
import type { MergeDto, MergePartyDto } from './merge.dto.js';
import { MergesRepository, type Merge } from './merges.repository.js';

/** A merge as it was written down. The reasons are null once the person is erased. */
export type MergeRecord = Pick<Merge, 'id' | 'fromUserId' | 'intoUserId' | 'mergedAt' | 'undoneAt'> &
  Pick<MergeDto, 'by' | 'reason' | 'undoneReason'>;

/** Shows merges. */
@Injectable()
export class MergeList {
  constructor(
    private readonly repository: MergesRepository,
    private readonly merges: AccountMergeService,
    private readonly auth: AccountClosure,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /** Merges, newest first. */
  async list({ cursor, limit }: PageQuery): Promise<Page<MergeDto>> {
    const beforeId = decodeCursor(cursor, idPattern);
    const found = await this.repository.findNewest(this.database, {
      beforeId,
      limit: limit + 1,
      userId: null,
    });
    const shown = await Promise.all(found.slice(0, limit).map((record) => this.toDto(this.database, record)));
    const page = toPage(
      found,
      limit,
      ({ id }) => id,
      ({ id }) => id,
    );
    return { items: shown, nextCursor: page.nextCursor };
  }

  /** One page of merges, as `mergeList` can be asked. Errors: `request.invalid`. */
  async listPage(request: ListRequest, limit: number): Promise<ListRows<MergeDto>> {
    const page = await this.repository.listPage(this.database, request, limit);
    return { ...page, rows: await Promise.all(page.rows.map((row) => this.toDto(this.database, row))) };
  }

  /** The same for a file: any number of rows, without what undoing each would need. */
  async listRecords(request: ListRequest, limit: number): Promise<ListRows<MergeRecord>> {
    const page = await this.repository.listPage(this.database, request, limit);
    const noteIds = page.rows.flatMap(({ noteId, undoneNoteId }) => [noteId, undoneNoteId ?? []].flat());
    const notes = await this.auditLog.notes(this.database, noteIds);
    const rows = page.rows.map(({ noteId, undoneNoteId, actor, movedData: _, ...row }) => ({
      ...{ ...row, by: actor.kind, reason: notes.get(noteId) ?? null },
      undoneReason: notes.get(undoneNoteId ?? '') ?? null,
    }));
    return { ...page, rows };
  }

  /** How many merges the filters leave, up to `max`. */
  count(request: ListRequest, max: number): Promise<number> {
    return this.repository.count(this.database, request, max);
  }

  /** What was merged into an account, or made it live on elsewhere; newest first. */
  async findByUser(userId: string): Promise<MergeDto[]> {
    const found = await this.repository.findNewest(this.database, { beforeId: null, limit: 25, userId });
    return Promise.all(found.map((record) => this.toDto(this.database, record)));
  }

  /** One merge, as it is after it was written. */
  async toDto(db: Queryable, record: Merge): Promise<MergeDto> {
    const noteIds = [record.noteId, record.undoneNoteId].filter((id) => id !== null);
    const from = await this.toParty(db, record.fromUserId);
    const into = await this.toParty(db, record.intoUserId);
    const notes = await this.auditLog.notes(db, noteIds);
    const undoBlocker = await this.merges.undoBlocker(db, record);
    return {
      id: record.id,
      ...{ from, into, undoBlocker },
      mergedAt: record.mergedAt,
      undoableUntil: undoableUntil(record.mergedAt),
      by: record.actor.kind,
      reason: notes.get(record.noteId) ?? null,
      undoneAt: record.undoneAt,
      undoneReason: notes.get(record.undoneNoteId ?? '') ?? null,
    };
  }

  private async toParty(db: Queryable, userId: string): Promise<MergePartyDto> {
    return { userId, email: (await this.auth.findAccount(db, userId))?.email ?? null };
  }
}
