import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';

/**
 * A mailbox that an account had before, as a keyed hash; erasure remembers it like the last one.
 */
@Entity('former_mailbox', { schema: 'auth' })
export class FormerMailboxEntity {
  @ForeignKey(() => UserEntity, { name: 'former_mailbox_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('bytea', { name: 'email_hash' }) emailHash: Buffer;
}
