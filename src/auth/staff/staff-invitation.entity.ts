import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';

/** The roles of staff. */
export type StaffRole = 'support' | 'admin';

/** An invitation to become staff, by the keyed hash of its token. It goes when it is accepted. */
@Entity('staff_invitation', { schema: 'auth' })
@Unique('staff_invitation_token_is_unique', ['tokenHash'])
export class StaffInvitationEntity {
  @PrimaryColumn('uuid') id: string;
  /** Null: the person who has the link becomes the first admin. */
  @Column('text', { nullable: true }) email: string | null;
  @Column('text') role: StaffRole;
  @Column('bytea', { name: 'token_hash' }) tokenHash: Buffer;

  @ForeignKey(() => UserEntity, { name: 'staff_invitation_is_by_a_user' })
  @Column('uuid', { name: 'invited_by', nullable: true })
  invitedBy: string | null;

  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
