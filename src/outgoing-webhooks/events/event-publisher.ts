import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { enqueueWrite, onCommit, type Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import type { EventType } from './event-types.js';

/** An event for other products. `id` is the same whenever the same thing is published. */
export interface PublicEvent {
  id: string;
  type: EventType;
  at: Date;
  data: Record<string, unknown>;
}

/** Stores events for other products, and their deliveries to the endpoints that want them. */
@Injectable()
export class EventPublisher {
  /** Called when a transaction of this process has committed that published events. */
  onPublished: () => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  /**
   * Stores events in the order given. Positions are given under a lock that is held until the
   * commit, so a reader who has seen one has seen all before it. Call it last in a transaction, and
   * in a short one. Idempotent: an event whose id is stored changes nothing.
   */
  async publish(tx: Tx, ...events: readonly PublicEvent[]): Promise<void> {
    enqueueWrite(tx, `SELECT pg_advisory_xact_lock(hashtextextended('webhooks.event', 0))`, []);
    const endpoints = await tx.query<{ id: string; eventTypes: string[] | null }[]>(
      `SELECT id, event_types AS "eventTypes" FROM webhooks.endpoint
       WHERE disabled_at IS NULL AND deleted_at IS NULL ORDER BY id`,
    );
    const deliveries = events.flatMap(({ id, type }) =>
      endpoints
        .filter(({ eventTypes }) => eventTypes === null || eventTypes.includes(type))
        .map((endpoint) => ({ id: newId(this.clock), eventId: id, endpointId: endpoint.id })),
    );
    await insertEvents(tx, events, deliveries, this.clock.now());
    onCommit(tx, () => this.onPublished());
  }
}

interface NewDelivery {
  id: string;
  eventId: string;
  endpointId: string;
}

async function insertEvents(
  tx: Tx,
  events: readonly PublicEvent[],
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<void> {
  await tx.query(
    `WITH added AS (
       INSERT INTO webhooks.event (id, position, type, at, data)
       SELECT id, (SELECT coalesce(max(position), 0) FROM webhooks.event) + ordinal, type, at, data::jsonb
       FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[]) WITH ORDINALITY AS e (id, type, at, data, ordinal)
       ORDER BY ordinal
       ON CONFLICT (id) DO NOTHING RETURNING id
     )
     INSERT INTO webhooks.delivery (id, event_id, endpoint_id, created_at, next_attempt_at)
     SELECT d.id, d.event_id, d.endpoint_id, $8, $8
     FROM unnest($5::uuid[], $6::text[], $7::uuid[]) AS d (id, event_id, endpoint_id)
     JOIN added ON added.id = d.event_id`,
    [
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ at }) => at),
      events.map(({ data }) => JSON.stringify(data)),
      deliveries.map(({ id }) => id),
      deliveries.map(({ eventId }) => eventId),
      deliveries.map(({ endpointId }) => endpointId),
      now,
    ],
  );
}
