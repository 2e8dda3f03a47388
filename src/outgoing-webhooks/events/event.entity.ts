import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { EventType } from './event-types.js';

/** Something that happened, for other products: ids, times and numbers, no name and no address. */
@Entity('event', { schema: 'webhooks' })
@Unique('event_position_is_unique', ['position'])
export class EventEntity {
  @PrimaryColumn('text', { comment: 'made from what happened, so that it is stored once' }) id: string;

  @Column('bigint', { comment: 'rises in the order of commits: it is given under a lock' })
  position: string;

  @Column('text') type: EventType;
  @Column('timestamptz') at: Date;
  @Column('jsonb') data: unknown;
}
