import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from '../../platform/security/principal.js';

/** A user, with or without a subscription; an erased one keeps only its id. */
@Entity('user', { schema: 'auth' })
@Unique('user_email_is_unique', ['email'])
@Unique('user_external_id_is_unique', ['externalId'])
export class UserEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', {
    name: 'external_id',
    nullable: true,
    comment: 'the id of this person in the product that uses the API',
  })
  externalId: string | null;

  @Column('text', { name: 'display_name', nullable: true }) displayName: string | null;
  @Column('text', { default: 'en' }) locale: string;
  @Column('text', { name: 'time_zone', default: 'UTC' }) timeZone: string;
  @Column('text', { default: 'user' }) role: Role;

  @Column('boolean', {
    name: 'admin_revoked',
    default: false,
    comment: 'an admin revoked the role, so ADMIN_EMAILS does not grant it again',
  })
  adminRevoked: boolean;

  @Column('boolean', {
    name: 'has_second_factor',
    default: false,
    comment: 'whether this person has a passkey or an authenticator app, kept by triggers of both tables',
  })
  hasSecondFactor: boolean;

  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'erased_at', nullable: true }) erasedAt: Date | null;
}
