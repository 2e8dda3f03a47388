import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';

/** A recovery code that was not used yet, by its keyed hash. */
@Entity('recovery_code', { schema: 'auth' })
export class RecoveryCodeEntity {
  @ForeignKey(() => UserEntity, { name: 'recovery_code_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('bytea', { name: 'code_hash' }) codeHash: Buffer;
}
