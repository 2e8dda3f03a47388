import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { enqueueInserts, insertBeforeCommit, type Insert, type Tx } from '../../platform/database/tx.js';
import {
  differingFields,
  isReportEventId,
  parseReportEvent,
  reportConflict,
  type Report,
} from '../reports/report.js';
import { EventAlerts } from './event-alerts.repository.js';
import type { InboxEventEntity } from './inbox-event.entity.js';
import type { SignedEvent } from './stripe-signatures.js';
import { type KnownEvent, type WebhookOutcome, needsRefetch } from './webhook-handler.js';

/**
 * After so many failures of our own an event is dead: kept, alerted, and no longer asked of Stripe.
 */
const maxFailures = 10;

/**
 * An event in the inbox. `payload` is the signed text of its first delivery; null once it was
 * forgotten by age.
 */
export interface ReceivedEvent extends Pick<InboxEventEntity, 'status' | 'needsRefetch'> {
  payload: string | null;
}

/**
 * Stores an event. The payload of a processed one goes to the partition of the month in which it
 * was received, that of any other stays with the event. A payload that was stored before is kept.
 */
const eventBefore = `SELECT payload FROM billing.inbox WHERE event_id = $1`;
const storedEvent = `INSERT INTO billing.inbox AS i (event_id, type, created_at, received_at, status, detail, waiting_key, digest, payload,
     needs_refetch, last_tried_at, next_retry_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $5 NOT IN ('applied', 'ignored') THEN $9::json END, $10,
     CASE WHEN $5 = 'parked' THEN $4::timestamptz END, billing.next_retry_at($4, $5, $6, 0))
   ON CONFLICT (event_id) DO UPDATE SET status = excluded.status, detail = excluded.detail, waiting_key = excluded.waiting_key,
     needs_refetch = i.needs_refetch OR excluded.needs_refetch, last_tried_at = COALESCE(excluded.last_tried_at, i.last_tried_at),
     retries = CASE WHEN (i.status, i.detail) = (excluded.status, excluded.detail) THEN i.retries ELSE 0 END,
     next_retry_at = CASE WHEN (i.status, i.detail) = (excluded.status, excluded.detail) THEN i.next_retry_at ELSE excluded.next_retry_at END,
     payload = CASE WHEN excluded.status NOT IN ('applied', 'ignored') THEN i.payload END
   RETURNING received_at, status`;
const storePayload = `INSERT INTO billing.inbox_payload (received_at, event_id, payload)
   SELECT received_at, $1, COALESCE(payload, $9::json) FROM stored_event LEFT JOIN event_before ON true
   WHERE status IN ('applied', 'ignored')
   ON CONFLICT (received_at, event_id) DO UPDATE SET payload = excluded.payload`;

/** A transaction stores one event. */
function storeOneEvent([row = [], ...others]: readonly unknown[][]): Insert {
  if (others.length > 0)
    throw new Error('A transaction stores the event that it was begun for, and no other');
  const withQueries = { event_before: eventBefore, stored_event: storedEvent };
  return { withQueries, sql: storePayload, parameters: row };
}

/** Stripe's events as received: the first delivery of an id is kept, later ones find it. */
@Injectable()
export class InboxRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly alerts: EventAlerts,
  ) {}

  /** Claims an event, after waiting for a process that has it. Null: it is new. */
  async claim(tx: Tx, eventId: string): Promise<KnownEvent | null> {
    const rows: KnownEvent[] = await tx.query(`SELECT status, detail, digest FROM billing.claim_event($1)`, [
      eventId,
    ]);
    return rows[0] ?? null;
  }

  /**
   * What to do with an event that was claimed. Null: apply it, the first time or again (parked,
   * failed), then {@link complete} it. Otherwise the outcome to answer without doing anything.
   */
  async findOutcome(tx: Tx, event: SignedEvent, known: KnownEvent | null): Promise<WebhookOutcome | null> {
    if (known === null) return null;
    if (isReportEventId(event.id)) await this.requireSameReport(tx, event, known.digest);
    else if (!known.digest.equals(event.digest)) {
      this.alerts.raise(tx, 'billing.event_content_changed', {});
      await this.alerts.assignTo(tx, event);
      if (known.status !== 'ignored' && known.status !== 'failed' && !needsRefetch(known.detail ?? ''))
        return { outcome: 'duplicate', detail: 'content_changed' };
      return this.replacePayload(tx, event);
    }
    if (known.status === 'dead' && !isReportEventId(event.id))
      return { outcome: 'dead', detail: 'failed_too_often' };
    return known.status === 'applied' || known.status === 'ignored'
      ? { outcome: 'duplicate', detail: known.status }
      : null;
  }

  /** Errors: `payment.conflict` where a report was made before, and says something else. */
  private async requireSameReport(tx: Tx, event: SignedEvent, digest: Buffer): Promise<void> {
    const rows: { payload: string | null }[] = await tx.query(
      `SELECT payload::text AS payload FROM billing.received_event WHERE event_id = $1`,
      [event.id],
    );
    const payload = rows[0]?.payload ?? null;
    const reported = event.object as Report;
    const fields =
      payload === null ? [] : differingFields(parseReportEvent(payload).object as Report, reported);
    if (fields.length > 0 || !digest.equals(event.digest)) throw reportConflict(reported, fields);
  }

  /**
   * Nothing was done for the first content, so the second counts: an endpoint may change its API
   * version. Until it is applied its payload is with the event.
   */
  private async replacePayload(tx: Tx, event: SignedEvent): Promise<null> {
    await tx.query(
      `UPDATE billing.inbox SET status = CASE WHEN status = 'ignored' THEN 'accepted' ELSE status END,
         type = $2, digest = $3, payload = $4, needs_refetch = false WHERE event_id = $1`,
      [event.id, event.type, event.digest, event.payload],
    );
    return null;
  }

  /**
   * Stores an accepted event and its status; one that was stored already keeps its first payload.
   * One that keeps waiting for the same reason keeps its pause, which grows with each retry.
   */
  async complete(tx: Tx, event: SignedEvent, { outcome, detail, waitingKey }: WebhookOutcome): Promise<void> {
    const row = [
      ...[event.id, event.type, event.createdAt, this.clock.now(), outcome, detail, waitingKey ?? null],
      ...[event.digest, event.payload, outcome === 'parked' && needsRefetch(detail)],
    ];
    // an alert refers to the row of its event
    if (this.alerts.hasUnassigned(tx)) enqueueInserts(tx, [storeOneEvent([row])]);
    else insertBeforeCommit(tx, storeOneEvent, row);
    await this.alerts.assignTo(tx, event);
  }

  /**
   * Counts a failure of our own, in a transaction of its own. Answers the outcome once the event is
   * dead, else null: Stripe should deliver it again.
   */
  async recordFailure(event: SignedEvent): Promise<WebhookOutcome | null> {
    const status = await this.database.transaction(async (tx) => {
      const rows: { status: string }[] = await tx.query(
        `INSERT INTO billing.inbox AS i (event_id, type, created_at, received_at, status, failures, digest, payload, last_tried_at, next_retry_at)
         VALUES ($1, $2, $3, $4, 'failed', 1, $5, $6, $4, billing.next_retry_at($4, 'failed', NULL, 0))
         ON CONFLICT (event_id) DO UPDATE SET failures = i.failures + 1, waiting_key = NULL, last_tried_at = $4,
           next_retry_at = billing.next_retry_at($4, 'failed', NULL, i.failures),
           status = CASE WHEN i.status IN ('applied', 'ignored') THEN i.status WHEN i.failures + 1 >= ${maxFailures} THEN 'dead' ELSE 'failed' END
         RETURNING status`,
        [event.id, event.type, event.createdAt, this.clock.now(), event.digest, event.payload],
      );
      const status = rows[0]?.status;
      if (status === 'dead') this.alerts.raise(tx, 'billing.event_dead', {});
      await this.alerts.assignTo(tx, event);
      return status;
    });
    return status === 'dead' ? { outcome: 'dead', detail: 'failed_too_often' } : null;
  }

  /** An event as it was received, with its status; null for an unknown id. */
  async find(eventId: string): Promise<ReceivedEvent | null> {
    const rows = await this.database.query<ReceivedEvent>(
      `SELECT status, needs_refetch AS "needsRefetch", payload::text AS payload FROM billing.received_event WHERE event_id = $1`,
      [eventId],
    );
    return rows[0] ?? null;
  }

  /**
   * Resets an event, whatever its status, so that {@link claim} lets it be applied again. Until
   * then its payload is with the event.
   */
  async reset(tx: Tx, eventId: string): Promise<void> {
    await tx.query(
      `WITH moved AS (
         DELETE FROM billing.inbox_payload p USING billing.inbox i
         WHERE i.event_id = $1 AND (p.received_at, p.event_id) = (i.received_at, i.event_id) RETURNING p.payload)
       UPDATE billing.inbox SET status = 'accepted', waiting_key = NULL, failures = 0, retries = 0,
         payload = COALESCE((SELECT payload FROM moved), payload) WHERE event_id = $1`,
      [eventId],
    );
  }
}
