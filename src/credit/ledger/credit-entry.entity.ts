import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { CreditAccountEntity } from './credit-account.entity.js';
import type { EntryKind, Side } from './credit-entry.js';

/** One entry of the credit ledger. It is append-only. */
@Entity('entry', { schema: 'credit' })
@Unique('credit_entry_seq_is_unique', ['userId', 'seq'])
@Unique('credit_entry_once_per_side', ['conversionId', 'side', 'revision'])
export class CreditEntryEntity {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey(() => CreditAccountEntity, { name: 'credit_entry_belongs_to_an_account', onDelete: 'RESTRICT' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('bigint') seq: string;
  @Column('timestamptz') at: Date;
  @Column('text') kind: EntryKind;
  @Column('bigint', { name: 'duration_ms' }) durationMs: string;
  @Column('timestamptz', { name: 'until_after', nullable: true }) untilAfter: Date | null;

  @Column('timestamptz', {
    name: 'not_before',
    nullable: true,
    comment: 'where the days begin at the earliest; null: at once',
  })
  notBefore: Date | null;

  @Column('timestamptz', {
    name: 'paid_period_from',
    nullable: true,
    comment: 'the user was paid for from here to paid_period_until: days that ran in it are unused again',
  })
  paidPeriodFrom: Date | null;

  @Column('timestamptz', { name: 'paid_period_until', nullable: true }) paidPeriodUntil: Date | null;
  @Column('uuid', { name: 'conversion_id', nullable: true }) conversionId: string | null;
  @Column('uuid', { name: 'referral_id', nullable: true }) referralId: string | null;
  @Column('text', { nullable: true }) side: Side | null;

  @Column('smallint', {
    nullable: true,
    comment: '0: the reward; each later number is a reversal, restoration or transfer of it',
  })
  revision: number | null;

  @ForeignKey(() => CreditEntryEntity, { name: 'credit_entry_reverses_an_entry' })
  @Column('uuid', { name: 'reverses_entry_id', nullable: true })
  reversesEntryId: string | null;

  @ForeignKey(() => CreditEntryEntity, { name: 'credit_entry_has_an_origin_entry' })
  @Column('uuid', {
    name: 'origin_entry_id',
    nullable: true,
    comment: 'the grant whose days a transfer moves',
  })
  originEntryId: string | null;

  @Column('uuid', { name: 'note_id', nullable: true }) noteId: string | null;
}
