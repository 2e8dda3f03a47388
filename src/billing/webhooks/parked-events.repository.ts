import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Outbox } from '../../platform/jobs/outbox.js';
import type { EventUnparked } from '../billing.events.js';
import type { InboxEventEntity } from './inbox-event.entity.js';

/** An event that waits, parked or failed. `payload` is the signed text of its first delivery. */
export interface ParkedEvent extends Pick<InboxEventEntity, 'detail' | 'waitingKey' | 'needsRefetch'> {
  payload: string;
}

/**
 * The queue that an event waits in: for its customer to become known, or for an answer of Stripe or
 * a fix.
 */
export type RetryQueue = 'customer' | 'answer';

/** Exactly the conditions of the indexes of both queues. */
const queueConditions: Record<RetryQueue, string> = {
  customer: `status = 'parked' AND detail = 'unknown_user'`,
  answer: `(status = 'failed' OR (status = 'parked' AND detail IS DISTINCT FROM 'unknown_user'))`,
};

/**
 * Events that wait: which of them are due, and their retries. A retry is recorded before it starts.
 */
@Injectable()
export class ParkedEventsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Ids of events of a queue whose next retry is due, at most `limit`: the one checked longest ago
   * first. Whatever number waits, it reads no more than ten times as many.
   */
  async findDue(queue: RetryQueue, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ event_id: string }>(
      `SELECT event_id FROM (
         SELECT event_id, last_tried_at, next_retry_at FROM billing.inbox WHERE ${queueConditions[queue]}
         ORDER BY next_retry_at NULLS FIRST LIMIT $2::integer * 10) soonest
       WHERE next_retry_at IS NULL OR next_retry_at <= $1
       ORDER BY last_tried_at NULLS FIRST, event_id LIMIT $2`,
      [this.clock.now(), limit],
    );
    return rows.map((row) => row.event_id);
  }

  /**
   * Records a retry of an event, and answers the event. Each retry makes the pause before the next
   * one longer. A retry that ends this process is recorded, too, so it keeps no other event
   * waiting. Null: it does not wait any more.
   */
  startRetry(eventId: string): Promise<ParkedEvent | null> {
    return this.database.transaction(async (tx) => {
      const [rows]: [ParkedEvent[]] = await tx.query(
        `UPDATE billing.inbox SET last_tried_at = $2, retries = retries + 1,
           next_retry_at = billing.next_retry_at($2, status, detail, retries + 1)
         WHERE event_id = $1 AND status IN ('parked', 'failed')
         RETURNING detail, waiting_key AS "waitingKey", needs_refetch AS "needsRefetch", payload::text AS payload`,
        [eventId, this.clock.now()],
      );
      return rows[0] ?? null;
    });
  }
}

/**
 * Has every event that is parked under `waitingKey`, whose lock is held, tried again: one job an
 * event, after the commit, the oldest first.
 */
export async function retryParkedEvents(tx: Tx, outbox: Outbox, waitingKey: string): Promise<void> {
  const rows: { event_id: string }[] = await tx.query(
    `SELECT event_id FROM billing.inbox WHERE status = 'parked' AND waiting_key = $1 ORDER BY created_at, event_id`,
    [waitingKey],
  );
  const events = rows.map((row): EventUnparked => ({
    name: 'billing.event_unparked',
    eventId: row.event_id,
  }));
  outbox.publish(tx, ...events);
}
