import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An email whose event may be handled more than once. Its id names an event, not a person. */
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
}
