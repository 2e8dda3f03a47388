import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A referral code, active or retired. */
@Entity('code', { schema: 'referral' })
export class ReferralCodeEntity {
  @PrimaryColumn('text') code: string;

  @ForeignKey('UserEntity', { name: 'code_belongs_to_a_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', { default: 'random' }) kind: 'random' | 'vanity';
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'retired_at', nullable: true }) retiredAt: Date | null;

  @Column('timestamptz', {
    name: 'works_until',
    nullable: true,
    comment: 'a retired code still works until then',
  })
  worksUntil: Date | null;

  @Column('timestamptz', { name: 'blocked_at', nullable: true }) blockedAt: Date | null;

  @Column('boolean', {
    name: 'is_ambiguous',
    default: false,
    comment: 'an older code differs only by its hyphens: this one is found by its exact spelling alone',
  })
  isAmbiguous: boolean;
}
