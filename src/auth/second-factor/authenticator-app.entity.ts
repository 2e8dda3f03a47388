import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';

/** The authenticator app of a person: a secret of TOTP, sealed. */
@Entity('authenticator_app', { schema: 'auth' })
export class AuthenticatorAppEntity {
  @ForeignKey(() => UserEntity, { name: 'authenticator_app_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', { name: 'sealed_secret' }) sealedSecret: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;

  @Column('timestamptz', {
    name: 'confirmed_at',
    nullable: true,
    comment: 'when a first code of the app was right; null: it does not count yet',
  })
  confirmedAt: Date | null;
}
