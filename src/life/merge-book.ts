import { Injectable } from '@nestjs/common';
import { AccountEnds } from '../auth/index.js';
import { Audit } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { undoableUntil } from './merge-preview.js';
import { MergeRecords, type MergeDecision, type MergeRecord } from './merge-records.js';

/** Keeps merges, with who decided them and why, and knows how long they may be undone. */
@Injectable()
export class MergeBook {
  constructor(
    private readonly records: MergeRecords,
    private readonly audit: Audit,
    private readonly auth: AccountEnds,
    private readonly clock: Clock,
  ) {}

  /** Writes a merge down, and in the trail of both accounts. The reason goes when the person does. */
  async merged(
    tx: Tx,
    of: Pick<MergeRecord, 'fromUserId' | 'intoUserId' | 'moved'>,
    { reason, actor }: MergeDecision,
  ): Promise<MergeRecord> {
    const noteId = await this.audit.note(tx, reason, of.intoUserId);
    const record = await this.records.write(tx, { id: this.records.nextId(), ...of, actor, noteId });
    await this.tell(tx, 'life.accounts_merged', record, { actor, noteId });
    return record;
  }

  /** Notes that a merge was undone. */
  async parted(tx: Tx, record: MergeRecord, { reason, actor }: MergeDecision): Promise<void> {
    const noteId = await this.audit.note(tx, reason, record.intoUserId);
    await this.records.markUndone(tx, record.id, noteId);
    await this.tell(tx, 'life.merge_undone', record, { actor, noteId });
  }

  /** Whether a merge is too old to be undone. */
  isTooOld({ mergedAt }: MergeRecord): boolean {
    return undoableUntil(mergedAt) <= this.clock.now();
  }

  /** Whether the person is gone. */
  async isErased(db: Queryable, { fromUserId }: MergeRecord): Promise<boolean> {
    return (await this.auth.account(db, fromUserId)) === null;
  }

  private async tell(
    tx: Tx,
    action: string,
    { id, fromUserId, intoUserId }: MergeRecord,
    { actor, noteId }: { actor: MergeDecision['actor']; noteId: string },
  ): Promise<void> {
    const facts = { mergeId: id, fromUserId, intoUserId };
    for (const subjectId of [fromUserId, intoUserId])
      this.audit.record(tx, { action, actor, subjectId, facts, noteId });
  }
}
