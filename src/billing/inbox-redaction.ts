import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { redacted } from './redacted.js';

const eventsAtOnce = 2_000;

interface Event {
  event_id: string;
  received_at: Date;
  payload: string | null;
}

/** Takes the person out of what Stripe told of somebody who was erased. */
@Injectable()
export class InboxRedaction {
  constructor(private readonly database: Database) {}

  /**
   * Redacts every event that names a customer, subscription, payment or reversal of these accounts; what it said about money
   * stays, so a payment that is refunded later still finds its way. Walks the inbox a few thousand events at a time.
   * Again: nothing is left to redact.
   */
  async redact(userIds: readonly string[]): Promise<void> {
    const names = await this.namesOf(userIds);
    if (names.length === 0) return;
    const pattern = names.map((name) => name.replaceAll(/[^\w]/g, '\\$&')).join('|');
    let after: [Date, string] = [new Date(0), ''];
    for (;;) {
      const batch = await this.database.transaction((tx) => this.redactAfter(tx, after, pattern));
      const last = batch.at(-1);
      if (last === undefined) return;
      after = [last.received_at, last.event_id];
    }
  }

  private async redactAfter(
    tx: Tx,
    [receivedAt, eventId]: [Date, string],
    pattern: string,
  ): Promise<Event[]> {
    const events: Event[] = await tx.query(
      `SELECT event_id, received_at, CASE WHEN payload::text ~ $3 THEN payload::text END AS payload FROM billing.inbox
       WHERE (received_at, event_id) > ($1, $2) ORDER BY received_at, event_id LIMIT ${eventsAtOnce}`,
      [receivedAt, eventId, pattern],
    );
    for (const { event_id: id, payload } of events)
      if (payload !== null)
        await tx.query(`UPDATE billing.inbox SET payload = $2 WHERE event_id = $1`, [
          id,
          JSON.stringify(redacted(JSON.parse(payload))),
        ]);
    return events;
  }

  /** What an event may call them: ours, and Stripe's ids of all that is theirs. */
  private async namesOf(userIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>(
      `WITH theirs AS (SELECT id FROM billing.invoice WHERE user_id = ANY($1)),
         payments AS (SELECT p.id FROM billing.payment p JOIN theirs ON p.invoice_id = theirs.id)
       SELECT id AS name FROM theirs
       UNION SELECT id FROM payments
       UNION SELECT id FROM billing.customer WHERE user_id = ANY($1)
       UNION SELECT id FROM billing.subscription WHERE user_id = ANY($1)
       UNION SELECT id FROM billing.checkout_session WHERE user_id = ANY($1)
       UNION SELECT r.id FROM billing.reversal r JOIN theirs ON r.invoice_id = theirs.id
       UNION SELECT unnest($1::uuid[])::text`,
      [userIds],
    );
    return rows.map(({ name }) => name);
  }
}
