import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/**
 * `pending`: not tried yet; `failed`: tried, and tried again; `dead`: not tried again unless it is
 * asked for.
 */
export const deliveryStatuses = ['pending', 'delivered', 'failed', 'dead'] as const;
/** One of {@link deliveryStatuses}. */
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** An event on its way to an endpoint. */
@Entity('delivery', { schema: 'webhooks' })
@Unique('delivery_once_per_endpoint', ['eventId', 'endpointId'])
export class DeliveryEntity {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('EventEntity', { name: 'delivery_is_of_an_event' })
  @Column('text', { name: 'event_id' })
  eventId: string;
  @ForeignKey('EndpointEntity', { name: 'delivery_is_to_an_endpoint' })
  @Column('uuid', { name: 'endpoint_id' })
  endpointId: string;
  @Column('text', { default: 'pending' }) status: DeliveryStatus;
  @Column('integer', { default: 0, comment: 'since it was created or asked for again' }) attempts: number;
  @Column('integer', { name: 'earlier_attempts', default: 0, comment: 'before it was asked for again' })
  earlierAttempts: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', {
    name: 'next_attempt_at',
    nullable: true,
    comment: 'while an attempt runs: when it counts as lost',
  })
  nextAttemptAt: Date | null;
  @Column('timestamptz', { name: 'last_attempt_at', nullable: true }) lastAttemptAt: Date | null;
  @Column('integer', { name: 'last_status', nullable: true }) lastStatus: number | null;
  @Column('text', { name: 'last_error', nullable: true }) lastError: string | null;
  @Column('timestamptz', { name: 'delivered_at', nullable: true }) deliveredAt: Date | null;
}
