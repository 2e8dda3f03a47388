import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';

/** A signed-in browser or device. Only a keyed hash of its token is stored. */
@Entity('session', { schema: 'auth' })
@Unique('session_token_hash_is_unique', ['tokenHash'])
export class SessionEntity {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey(() => UserEntity, { name: 'session_belongs_to_a_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('bytea', { name: 'token_hash' }) tokenHash: Buffer;
  @Column('text', { name: 'user_agent', default: '' }) userAgent: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'seen_at' }) seenAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;

  @Column('boolean', {
    name: 'proves_email',
    default: true,
    comment: 'opened by an emailed code; false: by a link of another product',
  })
  provesEmail: boolean;

  @Column('timestamptz', {
    name: 'second_factor_at',
    nullable: true,
    comment: 'when a second factor was last proven in this session; null: never',
  })
  secondFactorAt: Date | null;
}
