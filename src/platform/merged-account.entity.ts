import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** An account that was merged into another one. There are no chains. */
@Entity('merged_account', { schema: 'platform' })
export class MergedAccountEntity {
  @ForeignKey('UserEntity', { name: 'merged_account_is_from_a_user' })
  @PrimaryColumn('uuid', { name: 'from_id' })
  fromId: string;

  @ForeignKey('UserEntity', { name: 'merged_account_is_into_a_user' })
  @Column('uuid', { name: 'into_id' })
  intoId: string;
}
