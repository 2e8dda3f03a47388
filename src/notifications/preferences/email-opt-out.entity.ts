import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Emails that a person may do without. */
export const optionalEmails = ['friend_joined', 'friend_converted', 'credit_expiring', 'milestone'] as const;
/** One of {@link optionalEmails}. */
export type OptionalEmail = (typeof optionalEmails)[number];

/** An optional email that a user does not want. */
@Entity('email_opt_out', { schema: 'notifications' })
export class EmailOptOutEntity {
  @ForeignKey('UserEntity', { name: 'email_opt_out_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('text') kind: OptionalEmail;
  @Column('timestamptz', { name: 'opted_out_at' }) optedOutAt: Date;
}
