import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';

/** A passkey of a person: a public key of WebAuthn. */
@Entity('passkey', { schema: 'auth' })
@Unique('passkey_credential_is_unique', ['credentialId'])
export class PasskeyEntity {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey(() => UserEntity, { name: 'passkey_belongs_to_a_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('bytea', { name: 'credential_id' }) credentialId: Buffer;
  @Column('bytea', { name: 'public_key' }) publicKey: Buffer;

  @Column('bigint', {
    name: 'sign_count',
    comment: 'the counter of the newest use; a lower one comes from a copy of the key',
  })
  signCount: string;

  @Column('text', { array: true }) transports: string[];
  @Column('text') name: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt: Date | null;
}
