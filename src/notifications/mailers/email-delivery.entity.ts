import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An email whose event may be handled more than once, and whom it went to. */
@Entity('email_delivery', { schema: 'notifications' })
export class EmailDeliveryEntity {
  @PrimaryColumn('text') id: string;
  @Column('timestamptz', { name: 'claimed_at' }) claimedAt: Date;

  @Column('timestamptz', {
    name: 'sent_at',
    nullable: true,
    comment: 'null while a process is sending it since claimed_at',
  })
  sentAt: Date | null;

  @Column('uuid', {
    name: 'user_id',
    nullable: true,
    comment: 'whom it was sent to; null for older ones, and once erased',
  })
  userId: string | null;

  @Column('text', { nullable: true, comment: 'which email it was; null for older ones' })
  template: string | null;
}
