import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Queryable } from '../../platform/database/tx.js';
import { decodeCursor, toPage, type PageQuery, type Page } from '../../platform/http/page.dto.js';
import type { InboxStatus } from './inbox-status.js';
import { explainWaiting } from './parked-reasons.js';
import type { ParkedReasonDto, StripeEventDetailsDto, StripeEventDto } from './stripe-event.dto.js';

/** How many events wait, or were given up, for one reason; `oldestAt` is when the first of them was received. */
export interface UnprocessedCount {
  status: 'parked' | 'failed' | 'dead';
  detail: string | null;
  waiting: ParkedReasonDto | null;
  events: number;
  oldestAt: Date;
}

/** Which events to list. */
export type InboxFilter = Pick<PageQuery, 'limit' | 'cursor'> & { status?: InboxStatus; type?: string };

interface InboxRow {
  id: string;
  type: string;
  status: InboxStatus;
  detail: string | null;
  waiting_key: string | null;
  failures: number;
  created_at: Date;
  received_at: Date;
  last_tried_at: Date | null;
  next_retry_at: Date | null;
}

const columns = `event_id AS id, type, status, detail, waiting_key, failures, created_at, received_at, last_tried_at,
  next_retry_at`;
const cursorKeyPattern = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [\x21-\x7e]{1,255}$/;

/** Reads the inbox for staff. */
@Injectable()
export class InboxQueries {
  constructor(private readonly database: Database) {}

  /** Events as they were received, newest first. Errors: `request.invalid` for a foreign cursor. */
  async list({ status, type, cursor, limit }: InboxFilter): Promise<Page<StripeEventDto>> {
    const [receivedAt, id] = decodeCursor(cursor, cursorKeyPattern, isValidCursorKey)?.split(' ') ?? [
      null,
      null,
    ];
    const rows = await this.database.query<InboxRow>(
      `SELECT ${columns} FROM billing.inbox
       WHERE ($1::timestamptz IS NULL OR (received_at, event_id) < ($1, $2))
         AND ($3::text IS NULL OR status = $3) AND ($4::text IS NULL OR type = $4)
       ORDER BY received_at DESC, event_id DESC LIMIT $5`,
      [receivedAt, id, status ?? null, type ?? null, limit + 1],
    );
    return toPage(rows, limit, (row) => `${row.received_at.toISOString()} ${row.id}`, toInboxEvent);
  }

  /** One event with the payload of its first delivery (null once it was forgotten by age); null for an unknown id. */
  async find(id: string): Promise<StripeEventDetailsDto | null> {
    const rows = await this.database.query<InboxRow & { payload: unknown }>(
      `SELECT ${columns}, payload FROM billing.inbox WHERE event_id = $1`,
      [id],
    );
    return rows[0] === undefined ? null : { ...toInboxEvent(rows[0]), payload: rows[0].payload };
  }
}

function toInboxEvent(inboxRow: InboxRow): StripeEventDto {
  const waiting = explainWaiting(inboxRow);
  return {
    id: inboxRow.id,
    type: inboxRow.type,
    status: inboxRow.status,
    detail: inboxRow.detail,
    waitingKey: inboxRow.waiting_key,
    failures: inboxRow.failures,
    createdAt: inboxRow.created_at,
    receivedAt: inboxRow.received_at,
    waiting,
    lastTriedAt: inboxRow.last_tried_at,
    nextRetryAt: waiting === null ? null : inboxRow.next_retry_at,
  };
}

/** The form of a moment is not enough: PostgreSQL refuses the 99th of a month. */
function isValidCursorKey(key: string): boolean {
  const [moment = ''] = key.split(' ');
  const read = new Date(moment);
  return !Number.isNaN(read.getTime()) && read.toISOString() === moment;
}

/** All that waits or was given up, by reason, whatever its age: the most frequent reason first. */
export async function countUnprocessed(db: Queryable): Promise<UnprocessedCount[]> {
  const rows = await db.query<Omit<UnprocessedCount, 'waiting'> & { failures: number }>(
    `SELECT status, CASE WHEN status = 'parked' THEN detail END AS detail, count(*)::int AS events,
       min(received_at) AS "oldestAt", max(failures) AS failures
     FROM billing.inbox WHERE status IN ('parked', 'failed', 'dead') GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
  );
  return rows.map(({ failures, ...count }) => ({
    ...count,
    waiting: explainWaiting({ ...count, failures }),
  }));
}
