import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { MergedBilling } from '../../billing/index.js';
import type { ReferralMergeRecord } from '../../referral/index.js';

/**
 * What each module needs to undo a merge. `earlierMergedIds`: accounts that were merged into the
 * `from` account before.
 */
export interface MovedData {
  billing: MergedBilling;
  referral: ReferralMergeRecord;
  earlierMergedIds: string[];
}

/** A merge of two accounts of one person: by whom, and what is needed to undo it. */
@Entity('merge', { schema: 'accounts' })
export class MergeEntity {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey('UserEntity', { name: 'merge_is_from_a_user' })
  @Column('uuid', { name: 'from_user_id' })
  fromUserId: string;

  @ForeignKey('UserEntity', { name: 'merge_is_into_a_user' })
  @Column('uuid', { name: 'into_user_id' })
  intoUserId: string;

  @Column('timestamptz', { name: 'merged_at' }) mergedAt: Date;
  @Column('text', { name: 'actor_kind' }) actorKind: 'admin' | 'operator';
  @Column('uuid', { name: 'actor_id', nullable: true }) actorId: string | null;
  @Column('uuid', { name: 'note_id' }) noteId: string;

  @Column('jsonb', { name: 'moved_data', comment: 'by module: what each needs to undo the merge' })
  movedData: MovedData;

  @Column('timestamptz', { name: 'undone_at', nullable: true }) undoneAt: Date | null;
  @Column('uuid', { name: 'undone_note_id', nullable: true }) undoneNoteId: string | null;
}
