import { Injectable } from '@nestjs/common';
import { runInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';

const redactionBatchSize = 2_000;
const purgeBatchSize = 500;

/** An event and, where it names what was asked for, its payload. */
export interface InboxPayload {
  event_id: string;
  received_at: Date;
  payload: string | null;
}

/** The payloads of events: what may have to be taken out of them. Ids and digests always stay. */
@Injectable()
export class InboxPayloadsRepository {
  constructor(private readonly database: Database) {}

  /**
   * The next payloads behind an event, in the order in which the events were received, where they
   * match `pattern`. Events whose payload was forgotten are not read.
   */
  listMatching(tx: Tx, [receivedAt, eventId]: [Date, string], pattern: string): Promise<InboxPayload[]> {
    const next = `(received_at, event_id) > ($1, $2) ORDER BY received_at, event_id LIMIT ${redactionBatchSize}`;
    return tx.query(
      `SELECT event_id, received_at, CASE WHEN payload::text ~ $3 THEN payload::text END AS payload
       FROM ((SELECT * FROM billing.inbox_payload WHERE ${next})
         UNION ALL (SELECT received_at, event_id, payload FROM billing.inbox
           WHERE status IN ('accepted', 'parked', 'failed', 'dead') AND ${next})) next
       ORDER BY received_at, event_id LIMIT ${redactionBatchSize}`,
      [receivedAt, eventId, pattern],
    );
  }

  /** Writes what is left of a payload, wherever it is. */
  async replace(
    tx: Tx,
    { event_id: id, received_at: receivedAt }: InboxPayload,
    payload: unknown,
  ): Promise<void> {
    // what applies the event moves its payload, and holds this row
    await tx.query(`SELECT 1 FROM billing.inbox WHERE event_id = $1 FOR NO KEY UPDATE`, [id]);
    await tx.query(
      `WITH waiting AS (UPDATE billing.inbox SET payload = $3 WHERE event_id = $1 AND payload IS NOT NULL)
       UPDATE billing.inbox_payload SET payload = $3 WHERE (received_at, event_id) = ($2, $1)`,
      [id, receivedAt, JSON.stringify(payload)],
    );
  }

  /** What an event may call these users: our user id, and Stripe's ids of all that is theirs. */
  async findIdentifiers(userIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>(
      `WITH theirs AS (SELECT id FROM billing.invoice WHERE user_id = ANY($1)),
         payments AS (SELECT p.id FROM billing.invoice_payment p JOIN theirs ON p.invoice_id = theirs.id)
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

  /**
   * Ignores events that were received before `moment` and whose customer is still unknown; those
   * that wait for an external id are about a person of the host, so they stay. Answers how many.
   */
  ignoreUnknownUsers(moment: Date): Promise<number> {
    return runInBatches(
      this.database,
      `UPDATE billing.inbox SET status = 'ignored', detail = 'unknown_user_for_30_days', waiting_key = NULL, payload = NULL
       WHERE event_id = ANY (ARRAY (
         SELECT event_id FROM billing.inbox i
         WHERE status = 'parked' AND detail = 'unknown_user' AND received_at <= $1 AND waiting_key NOT LIKE 'person::%'
           AND NOT EXISTS (SELECT FROM billing.customer c WHERE c.id = i.waiting_key)
         ORDER BY received_at LIMIT ${purgeBatchSize} FOR NO KEY UPDATE SKIP LOCKED))`,
      [moment],
    );
  }
}
