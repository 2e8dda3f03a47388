import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { TermsEntity } from '../terms/terms.entity.js';

/** The extra reward of a referrer's n-th granted conversion. */
@Entity('milestone', { schema: 'referral' })
@Unique('milestone_is_one_grant', ['entryId'])
export class MilestoneEntity {
  @PrimaryColumn('uuid', { name: 'referrer_id' }) referrerId: string;
  @PrimaryColumn('integer') ordinal: number;

  @ForeignKey(() => TermsEntity, { name: 'milestone_has_terms' })
  @Column('integer', { name: 'terms_version' })
  termsVersion: number;

  @Column('uuid', { name: 'entry_id' }) entryId: string;

  @Column('uuid', {
    name: 'last_entry_id',
    comment: 'the credit entry that last granted, reversed or restored its days',
  })
  lastEntryId: string;

  @Column('boolean', { name: 'is_granted' }) isGranted: boolean;
  @Column('bigint', { name: 'reserved_ms' }) reservedMs: string;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
}
