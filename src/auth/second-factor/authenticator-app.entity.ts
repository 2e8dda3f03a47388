import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';

/** The authenticator app of a person: a secret of TOTP, sealed. A first code of it was right. */
@Entity('authenticator_app', { schema: 'auth' })
export class AuthenticatorAppEntity {
  @ForeignKey(() => UserEntity, { name: 'authenticator_app_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', { name: 'sealed_secret' }) sealedSecret: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
