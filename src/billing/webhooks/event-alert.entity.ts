import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { InboxEventEntity } from './inbox-event.entity.js';

/** An alert about an event: one per event and reason. */
@Entity('event_alert', { schema: 'billing' })
export class EventAlertEntity {
  @ForeignKey(() => InboxEventEntity, { name: 'event_alert_is_about_an_event' })
  @PrimaryColumn('text', { name: 'event_id', primaryKeyConstraintName: 'event_alert_is_raised_once' })
  eventId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'event_alert_is_raised_once' }) name: string;
  @Column('timestamptz', { name: 'raised_at' }) raisedAt: Date;
}
