import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/**
 * What the entries of a user add up to. Every user has one from the start, so there is always a row
 * to lock.
 */
@Entity('account', { schema: 'credit' })
export class CreditAccountEntity {
  @ForeignKey('UserEntity', { name: 'credit_account_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @Column('timestamptz', { nullable: true }) until: Date | null;
  @Column('bigint', { name: 'last_seq', default: 0 }) lastSeq: string;
  @Column('timestamptz', { name: 'last_at', nullable: true }) lastAt: Date | null;
}
