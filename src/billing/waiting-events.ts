import type { Tx } from '../platform/database/tx.js';
import type { Outbox } from '../platform/outbox.js';
import type { EventUnparked } from './billing.events.js';

/**
 * Has every event that is parked under `waitingKey`, whose lock is held, tried again: one job an event, after the
 * commit, the oldest first.
 */
export async function wakeWaiting(tx: Tx, outbox: Outbox, waitingKey: string): Promise<void> {
  const rows: { event_id: string }[] = await tx.query(
    `SELECT event_id FROM billing.inbox WHERE status = 'parked' AND waiting_key = $1 ORDER BY created_at, event_id`,
    [waitingKey],
  );
  const events = rows.map((row): EventUnparked => ({
    name: 'billing.event_unparked',
    eventId: row.event_id,
  }));
  await outbox.publish(tx, ...events);
}
