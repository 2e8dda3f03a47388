import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { send } from '../platform/database/sent.js';
import type { Tx } from '../platform/database/tx.js';
import { Log } from '../platform/log.js';
import { unknownShape, type Outcome } from './outcome.js';
import type { SignedEvent } from './stripe-signature.js';

/** After so many failures of our own an event is dead: kept, alerted, and no longer asked of Stripe. */
const failuresUntilDead = 10;

interface InboxRow {
  status: 'accepted' | 'applied' | 'ignored' | 'parked' | 'failed' | 'dead';
  detail: string | null;
  digest: Buffer;
}

/** An event in the inbox. `payload` is the signed text of its first delivery; null once it was forgotten by age. */
export interface ReceivedEvent {
  status: InboxRow['status'];
  detail: string | null;
  waitingKey: string | null;
  payload: string | null;
}

/** Stripe's events as received: the first delivery of an id is kept, later ones find it. */
@Injectable()
export class WebhookInbox {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Takes the event, waiting for whoever has it. Null: go on and apply it, the first time or again (parked, failed),
   * then {@link settle} it. Otherwise what to answer without doing anything.
   */
  async accept(tx: Tx, event: SignedEvent): Promise<Outcome | null> {
    const rows: InboxRow[] = await tx.query(`SELECT status, detail, digest FROM billing.open_event($1)`, [
      event.id,
    ]);
    const row = rows[0];
    if (row === undefined) return null;
    if (!row.digest.equals(event.digest)) {
      this.log.alert('billing.event_changed', { eventId: event.id, type: event.type });
      if (row.status !== 'ignored' && row.status !== 'failed' && row.detail !== unknownShape)
        return { outcome: 'duplicate', detail: 'another_content' };
      return this.replaceContent(tx, event);
    }
    if (row.status === 'dead') return { outcome: 'dead', detail: 'failed_too_often' };
    return row.status === 'applied' || row.status === 'ignored'
      ? { outcome: 'duplicate', detail: row.status }
      : null;
  }

  /** Nothing was done for the first content, so the second counts: an endpoint may change its API version. */
  private async replaceContent(tx: Tx, event: SignedEvent): Promise<null> {
    await tx.query(`UPDATE billing.inbox SET type = $2, digest = $3, payload = $4 WHERE event_id = $1`, [
      event.id,
      event.type,
      event.digest,
      event.payload,
    ]);
    return null;
  }

  /** Keeps an accepted event, with what became of it; one that was kept already keeps its first content. */
  settle(tx: Tx, event: SignedEvent, { outcome, detail, waitingKey }: Outcome): void {
    send(
      tx,
      `INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, detail, waiting_key, digest, payload)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (event_id) DO UPDATE SET status = excluded.status, detail = excluded.detail, waiting_key = excluded.waiting_key`,
      [
        ...[event.id, event.type, event.createdAt, this.clock.now(), outcome, detail, waitingKey ?? null],
        ...[event.digest, event.payload],
      ],
    );
  }

  /**
   * Counts a failure of our own, in a transaction of its own.
   * Answers the outcome once the event is dead, else null: Stripe shall come again.
   */
  async countFailure(event: SignedEvent): Promise<Outcome | null> {
    const status = await this.database.transaction(async (tx) => {
      const rows: { status: string }[] = await tx.query(
        `INSERT INTO billing.inbox AS i (event_id, type, created_at, received_at, status, failures, digest, payload)
         VALUES ($1, $2, $3, $4, 'failed', 1, $5, $6)
         ON CONFLICT (event_id) DO UPDATE SET failures = i.failures + 1, waiting_key = NULL, looked_at = $4,
           status = CASE WHEN i.status IN ('applied', 'ignored') THEN i.status WHEN i.failures + 1 >= ${failuresUntilDead} THEN 'dead' ELSE 'failed' END
         RETURNING status`,
        [event.id, event.type, event.createdAt, this.clock.now(), event.digest, event.payload],
      );
      return rows[0]?.status;
    });
    if (status !== 'dead') return null;
    this.log.alert('billing.event_dead', { eventId: event.id, type: event.type });
    return { outcome: 'dead', detail: 'failed_too_often' };
  }

  /** An event as it was received, with what became of it; null for an unknown id. */
  async find(eventId: string): Promise<ReceivedEvent | null> {
    const rows = await this.database.query<ReceivedEvent>(
      `SELECT status, detail, waiting_key AS "waitingKey", payload::text AS payload FROM billing.inbox WHERE event_id = $1`,
      [eventId],
    );
    return rows[0] ?? null;
  }

  /** Makes an event new again, whatever became of it; {@link accept} then lets it be applied. */
  async reopen(tx: Tx, eventId: string): Promise<void> {
    await tx.query(
      `UPDATE billing.inbox SET status = 'accepted', waiting_key = NULL, failures = 0 WHERE event_id = $1`,
      [eventId],
    );
  }

  /** Ids of events that wait (parked, or failed for a reason of ours), those first that were looked at longest ago. */
  async waitingIds(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ event_id: string }>(
      `SELECT event_id FROM billing.inbox WHERE status IN ('parked', 'failed')
       ORDER BY looked_at NULLS FIRST, event_id LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.event_id);
  }
}
