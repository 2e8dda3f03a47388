import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';

/** A device that a user signed in from, by the keyed hash of a random cookie. */
@Entity('known_device', { schema: 'auth' })
export class KnownDeviceEntity {
  @ForeignKey(() => UserEntity, { name: 'known_device_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('bytea', { name: 'device_hash' }) deviceHash: Buffer;
  @Column('timestamptz', { name: 'last_sign_in_at' }) lastSignInAt: Date;
}
