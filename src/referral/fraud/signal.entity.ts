import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/**
 * What people may share: a mailbox behind several spellings, a customer or a card at Stripe, a
 * network, a device.
 */
export type SignalKind = 'mailbox' | 'customer' | 'card' | 'network' | 'device';

/** A property of a user that two unrelated people would not share, as a keyed hash. */
@Entity('signal', { schema: 'referral' })
export class SignalEntity {
  @ForeignKey('UserEntity', { name: 'signal_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('text') kind: SignalKind;
  @PrimaryColumn('bytea') hash: Buffer;
  @Column('timestamptz', { name: 'seen_at' }) seenAt: Date;
}
