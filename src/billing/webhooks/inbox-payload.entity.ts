import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The payload of a processed event, in a partition for each month. */
@Entity('inbox_payload', { schema: 'billing' })
export class InboxPayloadEntity {
  @PrimaryColumn('timestamptz', { name: 'received_at', comment: 'as in billing.inbox' }) receivedAt: Date;
  @PrimaryColumn('text', { name: 'event_id' }) eventId: string;
  @Column('json') payload: unknown;
}
