import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A code that a person shared while another tool was in use; it works for good. */
@Entity('code_alias', { schema: 'referral' })
export class CodeAliasEntity {
  @PrimaryColumn('text') alias: string;

  @ForeignKey('UserEntity', { name: 'code_alias_belongs_to_a_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
