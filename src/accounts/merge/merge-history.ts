import { Injectable } from '@nestjs/common';
import { AccountClosure } from '../../auth/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { undoableUntil } from './merge-plan.js';
import { MergesRepository, type MergeDecision, type Merge } from './merges.repository.js';

/** Keeps merges, with who decided them and why, and knows how long they may be undone. */
@Injectable()
export class MergeHistory {
  constructor(
    private readonly repository: MergesRepository,
    private readonly auditLog: AuditLog,
    private readonly auth: AccountClosure,
    private readonly clock: Clock,
  ) {}

  /** Writes a merge down, and in the trail of both accounts. The reason goes when the person does. */
  async recordMerge(
    tx: Tx,
    merge: Pick<Merge, 'fromUserId' | 'intoUserId' | 'movedData'>,
    { reason, actor }: MergeDecision,
  ): Promise<Merge> {
    const noteId = await this.auditLog.addNote(tx, reason, merge.intoUserId);
    const record = await this.repository.insert(tx, {
      id: this.repository.nextId(),
      ...merge,
      actor,
      noteId,
    });
    await this.auditBothAccounts(tx, 'accounts.merged', record, { actor, noteId });
    return record;
  }

  /** Notes that a merge was undone. */
  async recordUndo(tx: Tx, record: Merge, { reason, actor }: MergeDecision): Promise<void> {
    const noteId = await this.auditLog.addNote(tx, reason, record.intoUserId);
    await this.repository.markUndone(tx, record.id, noteId);
    await this.auditBothAccounts(tx, 'accounts.merge_undone', record, { actor, noteId });
  }

  /** Whether a merge is too old to be undone. */
  isPastUndoWindow({ mergedAt }: Merge): boolean {
    return undoableUntil(mergedAt) <= this.clock.now();
  }

  /** Whether the person is gone. */
  async isErased(db: Queryable, { fromUserId }: Merge): Promise<boolean> {
    return (await this.auth.findAccount(db, fromUserId)) === null;
  }

  private async auditBothAccounts(
    tx: Tx,
    action: string,
    { id, fromUserId, intoUserId }: Merge,
    { actor, noteId }: { actor: MergeDecision['actor']; noteId: string },
  ): Promise<void> {
    const details = { mergeId: id, fromUserId, intoUserId };
    for (const subjectId of [fromUserId, intoUserId])
      this.auditLog.record(tx, { action, actor, subjectId, details, noteId });
  }
}
